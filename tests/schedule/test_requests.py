"""Sign-up on request: asked for, decided, taken back; on both databases."""

from datetime import date

import pytest
from sqlalchemy import select

from brigades.db import session
from brigades.outbox.models import Letter
from brigades.schedule import requests, service
from brigades.schedule.models import SignUp
from brigades.schedule.rules import Code
from brigades.schedule.service import Refused
from brigades.schedule.states import State
from tests.builders import (
    HOUR,
    NOON,
    a_kind,
    a_need,
    a_participation,
    a_person,
    a_section,
    a_shift,
)

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def section():
    return a_section()


def a_request(section, *, most=1, person=None, **given):
    shift = a_shift(section, signup=SignUp.REQUEST, needs=[a_need(most=most)], **given)
    place = service.join(shift.id, person or a_person(section), now=NOON)
    session.commit()
    return shift, place


def refused(call, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    session.rollback()
    return [reason.code for reason in caught.value.reasons]


def letters():
    return session.scalars(select(Letter.name).order_by(Letter.id)).all()


def test_joining_asks_and_holds_no_place(section):
    _shift, place = a_request(section)
    assert (place.state, place.holds) == (State.REQUESTED, False)
    assert letters() == ["place-requested"]


def test_asking_is_judged_as_ever(section):
    kind = a_kind("First aid")
    shift = a_shift(section, signup=SignUp.REQUEST, needs=[a_need(kind_id=kind.id)])
    codes = refused(service.join, shift.id, a_person(section), now=NOON)
    assert codes == [Code.QUALIFICATION_MISSING]


def test_a_request_is_granted_once(section):
    _shift, place = a_request(section)
    boss = a_person(section)
    requests.grant(place, by=boss.id, now=NOON + HOUR)
    session.commit()
    assert place.state is State.CONFIRMED
    assert letters() == ["place-requested", "place-confirmed"]
    assert refused(requests.grant, place, by=boss.id, now=NOON) == [Code.NO_PLACE]
    assert refused(requests.decline, place, by=boss.id, now=NOON, why="") == [Code.NO_PLACE]


def test_a_granted_request_at_a_full_need_waits_since_it_was_asked(section):
    shift, place = a_request(section)
    a_participation(shift, a_person(section), need_id=place.need_id)
    queued = {"queued_at": NOON + HOUR, "need_id": place.need_id}
    later = a_participation(shift, a_person(section), State.WAITLISTED, **queued)
    requests.grant(place, by=a_person(section).id, now=NOON + 2 * HOUR)
    assert (place.state, place.queued_at) == (State.WAITLISTED, NOON)
    assert later.state is State.WAITLISTED
    assert letters()[-1] == "place-waitlisted"


def test_without_a_waiting_list_a_full_need_refuses(section):
    shift, place = a_request(section, waitlist=False)
    a_participation(shift, a_person(section), need_id=place.need_id)
    assert refused(requests.grant, place, by=a_person(section).id, now=NOON) == [Code.FULL]
    assert place.state is State.REQUESTED


def test_granting_judges_again_and_a_warning_takes_a_reason(section):
    person = a_person(section)
    shift, place = a_request(section, person=person)
    boss = a_person(section)
    person.available_from = shift.starts_at.date().replace(day=30)
    session.commit()
    assert refused(requests.grant, place, by=boss.id, now=NOON) == [Code.UNAVAILABLE]
    requests.grant(place, by=boss.id, now=NOON, override="said on the phone")
    session.commit()
    assert (place.state, place.override) == (State.CONFIRMED, "said on the phone")


def test_a_block_cannot_be_overruled(section):
    person = a_person(section)
    shift, place = a_request(section, person=person)
    a_participation(a_shift(section, starts_at=shift.starts_at), person)
    boss = a_person(section)
    codes = refused(requests.grant, place, by=boss.id, now=NOON, override="please")
    assert codes == [Code.OVERLAP]


def test_a_request_is_decided_after_sign_up_has_closed_too(section):
    shift, place = a_request(section)
    shift.signup_until = date(2026, 6, 9)
    session.commit()
    requests.grant(place, by=a_person(section).id, now=NOON + HOUR)
    assert place.state is State.CONFIRMED


def test_declining_tells_why(section):
    _shift, place = a_request(section)
    requests.decline(place, by=a_person(section).id, now=NOON, why="We have enough cooks.")
    session.commit()
    assert place.state is State.DECLINED
    letter = session.scalars(select(Letter).where(Letter.name == "request-declined")).one()
    assert letter.about["why"] == "We have enough cooks."


def test_whoever_asked_can_take_it_back(section):
    shift, place = a_request(section)
    service.leave(place, now=shift.starts_at - HOUR)
    assert place.state is State.WITHDRAWN
