"""A place that stayed free goes to whoever waits once nothing stands against them any more."""

import pytest
from sqlalchemy import select

from brigades.db import session
from brigades.outbox.models import Letter
from brigades.people.models import Standing
from brigades.schedule import service
from brigades.schedule.catching_up import catch_up
from brigades.schedule.models import Participation
from brigades.schedule.states import State
from tests import builders as b
from tests.support.statements import counted

pytestmark = pytest.mark.usefixtures("app")


def test_who_could_not_come_when_the_place_was_freed_is_offered_it_once_they_can():
    section = b.a_section()
    shift = b.a_shift(section, needs=[b.a_need(most=1)])
    other = b.a_shift(section, starts_at=shift.starts_at + b.HOUR)
    holder, waits, later = (b.a_person(section) for _ in range(3))
    place = b.a_participation(shift, holder)
    for person in (waits, later):
        service.join(shift.id, person, now=b.NOON)
    in_the_way = b.a_participation(other, waits)
    also = b.a_participation(other, later)
    service.leave(place, now=b.NOON)
    session.commit()

    def states() -> list[State]:
        session.commit()
        query = select(Participation.state).where(
            Participation.slot_id == shift.id, Participation.person_id != holder.id
        )
        return list(session.scalars(query.order_by(Participation.id)))

    assert catch_up(b.NOON) == 0 and states() == [State.WAITLISTED, State.WAITLISTED]
    for one in (in_the_way.id, also.id):
        service.leave(session.get_one(Participation, one), now=b.NOON)
    session.commit()
    assert catch_up(b.NOON) == 1
    assert states() == [State.OFFERED, State.WAITLISTED]
    assert catch_up(b.NOON) == 0
    names = session.scalars(select(Letter.name).where(Letter.person_id == waits.id)).all()
    assert names.count("place-free") == 1


def test_however_many_wait_in_vain_the_longest_waiting_who_could_come_is_found():
    """Neither many before them, in this slot and others, nor where a batch ends, is in the way."""
    section = b.a_section()
    sooner = b.a_shift(section, needs=[b.a_need(most=1, skill="medical")])
    late = b.a_shift(
        section,
        starts_at=sooner.starts_at + b.DAY,
        needs=[b.a_need(most=1)],
        fills_at_once=True,
    )
    for shift in (sooner, late):
        for _ in range(3):
            person = b.a_person(section, standing=Standing.ON_LEAVE)
            b.a_participation(shift, person, State.WAITLISTED)
    # The later row waits longer: what counts is since when, not the order of the batches.
    second, first = (
        b.a_participation(late, b.a_person(section), State.WAITLISTED, queued_at=b.NOON - ago)
        for ago in (b.HOUR, b.DAY)
    )
    session.commit()
    assert catch_up(b.NOON, most=2) == 1
    session.expire_all()
    assert session.get_one(Participation, first.id).state is State.CONFIRMED
    assert session.get_one(Participation, second.id).state is State.WAITLISTED


def test_a_pass_that_is_asked_to_stop_begins_no_further_batch():
    section = b.a_section()
    shifts = [b.a_shift(section, needs=[b.a_need(most=1)]) for _ in range(2)]
    for shift in shifts:
        b.a_participation(shift, b.a_person(section), State.WAITLISTED)
    asked = iter([False, True])
    assert catch_up(b.NOON, lambda: next(asked), most=1) == 1
    assert catch_up(b.NOON) == 1


@pytest.mark.parametrize("days_ago", [1, 20])
def test_who_waits_where_sign_up_has_closed_is_in_nobodys_way(days_ago):
    section = b.a_section()
    last_day = (b.NOON - days_ago * b.DAY).date()
    for _ in range(3):
        closed = b.a_shift(section, starts_at=b.NOON + b.DAY, signup_until=last_day)
        b.a_participation(closed, b.a_person(section), State.WAITLISTED)
    shift = b.a_shift(section, needs=[b.a_need(most=1)])
    waits = b.a_participation(shift, b.a_person(section), State.WAITLISTED)
    assert catch_up(b.NOON, most=2) == 1
    assert session.get_one(Participation, waits.id).state is State.OFFERED


def test_looking_costs_the_same_for_one_and_for_thirty():
    section = b.a_section()

    def wait_in_vain(times: int) -> None:
        for _ in range(times):
            shift = b.a_shift(section, needs=[b.a_need(most=1, skill="medical")])
            b.a_participation(shift, b.a_person(section), State.WAITLISTED)

    def cost() -> int:
        session.commit()
        with counted() as seen:
            assert catch_up(b.NOON) == 0
        return len(seen)

    wait_in_vain(1)
    few = cost()
    wait_in_vain(29)
    assert cost() == few <= 4


def test_nothing_is_offered_after_the_start_or_while_it_is_a_draft():
    section = b.a_section()
    shift = b.a_shift(section, needs=[b.a_need(most=1)])
    b.a_participation(shift, b.a_person(section), State.WAITLISTED)
    assert catch_up(shift.starts_at) == 0
