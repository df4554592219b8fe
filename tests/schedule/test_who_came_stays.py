"""Whoever was there is not taken off: first it must be taken back that they came."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from brigades.access import Role
from brigades.db import session
from brigades.schedule import attendance
from brigades.schedule import service as schedule
from brigades.schedule.models import Participation, Slot
from brigades.schedule.rules import Code
from brigades.schedule.states import State
from tests import builders as b
from tests.builders import HOUR, NOON


@pytest.fixture(params=["shift", "session"])
def there(request: pytest.FixtureRequest, app: Flask) -> tuple[Slot, Participation, Any]:
    """Something that goes on, somebody who came, and the browser of its coordinator."""
    section = b.a_section()
    starts = NOON - HOUR
    if request.param == "shift":
        slot: Slot = b.a_shift(section, starts_at=starts)
    else:
        slot = b.a_session(b.a_course(section), section, starts_at=starts)
    boss = b.a_person(section)
    b.an_appointment(boss, section, Role.ORGANIZER)
    place = b.a_participation(slot, b.a_person(section))
    attendance.check_in(place, by=boss.id, now=NOON)
    with time_machine.travel(NOON, tick=False):
        browser = b.signed_in(app, boss)
    return slot, place, browser


def test_the_service_refuses_until_the_attendance_is_taken_back(there: Any) -> None:
    _slot, place, _browser = there
    with pytest.raises(schedule.Refused) as refused:
        schedule.remove(place, by=place.person_id, now=NOON, why="by mistake")
    assert [reason.code for reason in refused.value.reasons] == [Code.CAME]
    assert place.state is State.ATTENDED
    attendance.undo(place, by=place.person_id, now=NOON)
    schedule.remove(place, by=place.person_id, now=NOON, why="by mistake")
    assert place.state is State.CANCELLED


def test_the_page_says_why_and_what_would_help(there: Any) -> None:
    slot, place, browser = there
    where = "trainings" if slot.type == "session" else "shifts"
    address = f"/{where}/{slot.id}/places/{place.id}/remove"
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
        for asked in ("get", "post"):
            answer = browser.open(address, method=asked.upper(), data={"reason": "by mistake"})
            assert answer.status_code == 303
            page = browser.get(answer.location.partition("#")[0]).text
            assert "It is written down that they came." in page
            assert "Take that back in the attendance first" in page
            assert f"{place.id}/remove" not in page
    session.expire_all()
    assert session.get_one(Participation, place.id).state is State.ATTENDED
