"""Browsers and scripts write date-times in more than one way."""

from datetime import datetime

import pytest
from sqlalchemy import select

from brigades.db import session
from brigades.shifts.models import Shift
from tests.shifts.cast import Cast, typed


@pytest.mark.parametrize(  # FORM-01
    "written", ["2026-10-24T22:00", "2026-10-24T22:00:00", "2026-10-24 22:00"]
)
def test_a_time_is_taken_with_and_without_seconds_and_shown_as_browsers_want(
    cast: Cast, written: str
) -> None:
    client = cast.as_(cast.coordinator)
    sent = typed(cast.section, starts=written, ends="2026-10-25T06:00")
    assert client.post("/shifts/new", data=sent).status_code == 303
    shift = session.scalars(select(Shift)).one()
    assert shift.starts_local == datetime(2026, 10, 24, 22)
    assert 'value="2026-10-24T22:00"' in client.get(f"/shifts/{shift.id}/edit").text
