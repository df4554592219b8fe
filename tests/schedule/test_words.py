"""Refusals in words."""

from datetime import UTC, datetime

import pytest

from brigades.schedule.rules import Code, Commitment, Refusal
from brigades.schedule.words import say

OTHER = Commitment(
    slot_id=2,
    title="Night watch",
    starts_at=datetime(2026, 5, 1, 8, tzinfo=UTC),
    ends_at=datetime(2026, 5, 1, 12, tzinfo=UTC),
    zone="Europe/Berlin",
)


@pytest.mark.parametrize(("minutes", "words"), [(659, "10.9"), (540, "9"), (0.5, "0")])
def test_rest_that_is_a_minute_short_never_reads_as_enough(app, minutes, words):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        said = say(Refusal(Code.REST, other=OTHER, hours=minutes / 60))
    assert said.what.startswith(f"Only {words} h of rest beside Night watch, ")
