"""A hall on the day itself: a shift of eight hours, its lead, and people with places."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
import time_machine
from flask import Flask

from brigades.db import session
from brigades.schedule.models import Participation
from brigades.shifts.models import Shift
from tests import builders as b
from tests.builders import NOON
from tests.shifts.cast import Cast, a_cast


@pytest.fixture(autouse=True)
def clock(request: pytest.FixtureRequest) -> Iterator[Callable[[datetime], None]]:
    """It is noon of the tests until told otherwise."""
    with time_machine.travel(NOON, tick=False) as travelling:
        yield travelling.move_to


@pytest.fixture
def cast(app: Flask) -> Cast:
    """A section with its coordinator and a volunteer, and another section with both."""
    return a_cast(app)


@dataclass
class Hall:
    """A shift from noon to eight in the evening (UTC), its lead and three people with places."""

    cast: Cast
    shift: Shift
    lead: Any  # the browser of who leads it, appointed to nothing
    places: list[Participation]

    @property
    def address(self) -> str:
        """The attendance list of the shift."""
        return f"/shifts/{self.shift.id}/attendance"

    def tap(self, place: Participation, said: str, client: Any = None, **more: Any) -> Any:
        """The lead's tap on one button, or somebody else's."""
        headers = more.pop("headers", {})
        sender = client or self.lead
        return sender.post(
            f"{self.address}/{place.id}", data={"said": said, **more}, headers=headers
        )

    def now(self, place: Participation) -> tuple[str, datetime | None, datetime | None]:
        """State and times of a place as they are kept."""
        session.expire_all()
        kept = session.get_one(Participation, place.id)
        return kept.state.value, kept.came_at, kept.left_at


@pytest.fixture
def hall(cast: Cast) -> Hall:
    """Everybody expected, nobody there yet."""
    lead = b.a_person(b.a_section(), given_name="Lena", family_name="Lead")
    shift = b.a_shift(cast.section, title="Wall day", starts_at=NOON, lead_id=lead.id)
    with time_machine.travel(NOON - b.DAY, tick=False):
        browser = cast.as_(lead)
    people = [cast.volunteer, *(b.a_person(cast.section) for _ in range(2))]
    places = [b.a_participation(shift, person) for person in people]
    return Hall(cast, shift, browser, places)
