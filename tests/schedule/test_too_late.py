"""After the deadline, after the start, after people came: what can still be done, and what not."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from brigades import tokens
from brigades.clock import DAY, HOUR
from brigades.db import session
from brigades.outbox.models import Letter
from brigades.schedule.models import Participation
from brigades.schedule.states import State
from brigades.schedule.waitlist import lapse_offers
from tests import builders as b
from tests.builders import NOON
from tests.shifts.cast import Cast, a_cast


@pytest.fixture(autouse=True)
def at() -> Iterator[Callable[[datetime], None]]:
    """It is noon of the tests until told otherwise."""
    with time_machine.travel(NOON, tick=False) as travelling:
        yield travelling.move_to


@pytest.fixture
def cast(app: Flask) -> Cast:
    return a_cast(app)


def state_of(place: Participation) -> State:
    return session.get_one(Participation, place.id, populate_existing=True).state


def an_offer(cast: Cast, **slot: Any) -> Participation:
    shift = b.a_shift(cast.section, needs=[b.a_need(most=1)], **slot)
    return b.a_participation(
        shift, cast.volunteer, State.OFFERED, asked_at=NOON, answer_by=NOON + DAY
    )


def test_an_offer_is_not_accepted_after_its_deadline_though_no_pass_came_by(cast, at):
    place = an_offer(cast)
    link = f"/answer/{tokens.sign('answer', place.id)}"
    browser, stranger = cast.as_(cast.volunteer), cast.app.test_client()
    assert 'name="accept"' in browser.get(f"/shifts/{place.slot_id}").text
    at(NOON + DAY)
    page = browser.get(f"/shifts/{place.slot_id}").text
    assert "The time to answer is over" in page and 'name="accept"' not in page
    assert "The time to answer is over" in stranger.get(link).text
    assert stranger.post(link, data={"accept": "yes"}).status_code == 409
    late = browser.post(f"/shifts/{place.slot_id}/answer", data={"accept": "yes"})
    assert late.status_code == 303
    assert "no open question" in browser.get(late.headers["Location"]).text
    assert state_of(place) is State.OFFERED
    assert lapse_offers(NOON + DAY) == 1


def test_an_offer_is_accepted_until_the_last_second_and_declined_even_after(cast, at):
    place, other = an_offer(cast), an_offer(cast, starts_at=NOON + 20 * DAY)
    browser = cast.as_(cast.volunteer)
    at(NOON + DAY - HOUR / 3600)
    browser.post(f"/shifts/{place.slot_id}/answer", data={"accept": "yes"})
    assert state_of(place) is State.CONFIRMED
    at(NOON + DAY + HOUR)
    browser.post(f"/shifts/{other.slot_id}/answer", data={"accept": "no"})
    assert state_of(other) is State.DECLINED


def test_who_is_promoted_after_the_start_has_the_place_at_once(cast, at):  # WAIT-03
    shift = b.a_shift(cast.section, needs=[b.a_need(most=1)])
    waits = b.a_participation(shift, cast.volunteer, State.WAITLISTED)
    desk = cast.as_(cast.coordinator)
    at(shift.starts_at + HOUR / 4)
    done = desk.post(f"/shifts/{shift.id}/places/{waits.id}/promote")
    assert "has the place" in desk.get(done.headers["Location"]).text
    assert state_of(waits) is State.CONFIRMED
    assert lapse_offers(shift.starts_at + HOUR) == 0
    assert list(session.scalars(select(Letter.name))) == ["place-confirmed"]


def test_who_is_assigned_after_the_start_has_the_place_at_once(cast, at):
    shift = b.a_shift(cast.section)
    data = {"person": cast.volunteer.id, "need": shift.needs[0].id}
    at(shift.starts_at + HOUR / 4)
    assert (
        cast.as_(cast.coordinator).post(f"/shifts/{shift.id}/assign", data=data).status_code < 400
    )
    assert session.scalars(select(Participation.state)).one() is State.CONFIRMED


def test_what_was_said_of_who_came_stands_when_the_rest_is_called_off(cast, at):
    shift = b.a_shift(cast.section, starts_at=NOON - 2 * HOUR)
    came = b.a_participation(
        shift, cast.volunteer, State.ATTENDED, came_at=NOON - 2 * HOUR, left_at=NOON
    )
    absent = b.a_participation(shift, b.a_person(cast.section), State.ABSENT)
    expected = b.a_participation(shift, b.a_person(cast.section))
    desk = cast.as_(cast.coordinator)
    assert desk.post(f"/shifts/{shift.id}/cancel", data={"reason": "storm"}).status_code == 303
    assert [state_of(place) for place in (came, absent, expected)] == [
        State.ATTENDED,
        State.ABSENT,
        State.CANCELLED,
    ]
    other = b.a_shift(cast.section, starts_at=NOON + HOUR, hours=4)
    joined = cast.as_(cast.volunteer).post(f"/shifts/{other.id}/join")
    assert joined.status_code == 303, "the rest of the day is theirs again"
    at(NOON + 2 * DAY)
    assert "2.0" in cast.as_(cast.volunteer).get("/me/hours").text
