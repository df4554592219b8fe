"""Taking, offering and giving up places, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from brigades import db
from brigades.audit.models import Entry
from brigades.db import session
from brigades.outbox.models import Letter
from brigades.people import service as people
from brigades.people.models import Person, Standing
from brigades.schedule import service, slots
from brigades.schedule.models import Participation, Status
from brigades.schedule.rules import Code
from brigades.schedule.service import Refused
from brigades.schedule.states import HOLDING, State
from tests.builders import (
    DAY,
    HOUR,
    NOON,
    a_kind,
    a_need,
    a_participation,
    a_person,
    a_qualification,
    a_section,
    a_shift,
)

pytestmark = pytest.mark.usefixtures("app")


def states(slot_id: int) -> list[State]:
    query = select(Participation.state).where(Participation.slot_id == slot_id)
    return list(session.scalars(query.order_by(Participation.id)))


def letters(name: str) -> int:
    return session.scalar(select(func.count()).where(Letter.name == name)) or 0


def refused(call, *args, **kwargs) -> list[Code]:  # type: ignore[no-untyped-def]
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    session.rollback()
    return [reason.code for reason in caught.value.reasons]


def test_a_free_place_confirms_and_a_full_need_waits():
    section = a_section()
    shift = a_shift(section, needs=[a_need(most=1)])
    first, second = a_person(section), a_person(section)
    assert service.join(shift.id, first, now=NOON).state is State.CONFIRMED
    assert service.join(shift.id, second, now=NOON).state is State.WAITLISTED
    assert letters("place-confirmed") == letters("place-waitlisted") == 1


def test_zero_places_admit_nobody_and_blank_is_unlimited():  # CAP-03
    section = a_section()
    none, unlimited = a_shift(section, needs=[a_need(most=0)]), a_shift(section)
    a, b = a_person(section), a_person(section)
    assert service.join(none.id, a, now=NOON).state is State.WAITLISTED
    assert service.join(none.id, b, now=NOON).state is State.WAITLISTED
    session.commit()
    later = a_shift(section, starts_at=unlimited.starts_at + 3 * DAY)
    assert service.join(later.id, a, now=NOON).state is State.CONFIRMED
    assert service.join(later.id, b, now=NOON).state is State.CONFIRMED


def test_joining_without_a_need_takes_the_first_fitting_one_with_a_place():
    section = a_section()
    needs = [
        a_need(skill="medical", trade="nursing"),
        a_need(skill="construction", most=0, position=1),
        a_need(skill="construction", trade="carpentry", position=2),
    ]
    shift = a_shift(section, needs=needs)
    place = service.join(shift.id, a_person(section, "carpentry"), now=NOON)
    assert (place.need_id, place.state) == (needs[2].id, State.CONFIRMED)


def test_joining_twice_is_refused_and_leaves_one_place():
    section = a_section()
    shift, person = a_shift(section), a_person(section)
    service.join(shift.id, person, now=NOON)
    session.commit()
    assert refused(service.join, shift.id, person, now=NOON) == [Code.ALREADY_IN]
    assert states(shift.id) == [State.CONFIRMED]


def test_who_left_may_come_back():
    section = a_section()
    shift, person = a_shift(section), a_person(section)
    place = service.join(shift.id, person, now=NOON)
    service.leave(place, now=NOON)
    again = service.join(shift.id, person, now=NOON + HOUR)
    assert (again.state, again.round) == (State.CONFIRMED, 2)


def test_one_withdrawal_offers_one_place_to_the_longest_waiting():  # WAIT-01
    section = a_section()
    shift = a_shift(section, needs=[a_need(most=3)])
    held = [a_participation(shift, a_person(section)) for _ in range(3)]
    for minutes in range(3):
        waiting = a_person(section)
        a_participation(shift, waiting, State.WAITLISTED, queued_at=NOON + minutes * HOUR)
    service.leave(held[1], now=NOON + 5 * HOUR)
    session.commit()
    assert states(shift.id)[3:] == [State.OFFERED, State.WAITLISTED, State.WAITLISTED]
    assert letters("place-free") == 1


def test_nothing_is_offered_once_the_slot_has_started():  # WAIT-03
    section = a_section()
    shift = a_shift(section, needs=[a_need(most=1)])
    place = a_participation(shift, a_person(section))
    a_participation(shift, a_person(section), State.WAITLISTED)
    late = shift.starts_at + HOUR / 4
    service.remove(place, by=place.person_id, now=late, why="went home")
    session.commit()
    assert states(shift.id) == [State.CANCELLED, State.WAITLISTED]
    assert letters("place-free") == 0


def test_nothing_is_offered_after_the_last_day_to_sign_up():  # WAIT-03
    section = a_section()
    shift = a_shift(section, needs=[a_need(most=1)], signup_until=date(2026, 6, 9))
    place = a_participation(shift, a_person(section))
    a_participation(shift, a_person(section), State.WAITLISTED)
    service.leave(place, now=NOON)
    assert State.OFFERED not in states(shift.id)


def test_whoever_leaves_the_organisation_frees_the_place_for_the_next():  # WAIT-05
    section = a_section()
    shift = a_shift(section, needs=[a_need(most=1)])
    leaver, waiting = a_person(section), a_person(section)
    a_participation(shift, leaver)
    a_participation(shift, waiting, State.WAITLISTED)
    people.set_standing(leaver, Standing.LEFT, by=None, now=NOON, why="moved away")
    session.commit()
    assert states(shift.id) == [State.CANCELLED, State.OFFERED]
    assert letters("place-free") == 1


def test_who_cannot_come_any_more_is_passed_over_not_dropped():
    section = a_section()
    kind = a_kind()
    shift = a_shift(section, needs=[a_need(most=1, kind_id=kind.id)])
    fit, unfit = a_person(section), a_person(section)
    a_qualification(fit, kind)
    place = a_participation(shift, a_person(section))
    a_participation(shift, unfit, State.WAITLISTED)
    a_participation(shift, fit, State.WAITLISTED, queued_at=NOON + HOUR)
    service.leave(place, now=NOON + 2 * HOUR)
    assert states(shift.id)[1:] == [State.WAITLISTED, State.OFFERED]


def test_an_offer_is_answered_once():
    section = a_section()
    coordinator, person = a_person(section), a_person(section)
    shift = a_shift(section, needs=[a_need(most=1)])
    place = service.assign(shift.id, shift.needs[0].id, person, by=coordinator.id, now=NOON)
    assert (place.state, place.answer_by) == (State.OFFERED, NOON + DAY)
    session.commit()
    service.answer(place, True, now=NOON + HOUR)
    session.commit()
    assert refused(service.answer, place, False, now=NOON + HOUR) == [Code.NO_PLACE]
    assert states(shift.id) == [State.CONFIRMED]


def test_declining_passes_the_offer_on():
    section = a_section()
    shift = a_shift(section, needs=[a_need(most=1)])
    place = a_participation(shift, a_person(section), State.OFFERED, answer_by=NOON + DAY)
    a_participation(shift, a_person(section), State.WAITLISTED)
    service.answer(place, False, now=NOON)
    assert states(shift.id) == [State.DECLINED, State.OFFERED]


def test_an_offer_that_overlaps_by_now_cannot_be_accepted():
    section = a_section()
    person = a_person(section)
    shift = a_shift(section)
    place = a_participation(shift, person, State.OFFERED)
    a_participation(a_shift(section, starts_at=shift.starts_at + HOUR), person)
    assert refused(service.answer, place, True, now=NOON) == [Code.OVERLAP]
    assert states(shift.id) == [State.OFFERED]


def test_offers_without_an_answer_lapse_to_the_next():
    section = a_section()
    shift = a_shift(section, needs=[a_need(most=1)])
    a_participation(shift, a_person(section), State.OFFERED, answer_by=NOON)
    a_participation(shift, a_person(section), State.WAITLISTED)
    assert service.lapse_offers(NOON - HOUR) == 0
    assert service.lapse_offers(NOON) == 1
    assert service.lapse_offers(NOON) == 0
    assert states(shift.id) == [State.LAPSED, State.OFFERED]


def test_a_warning_is_overruled_with_a_reason_and_a_block_never():
    section = a_section()
    boss, person = a_person(section), a_person(section)
    shift = a_shift(section)
    near = a_shift(section, starts_at=shift.ends_at + 5 * HOUR)
    a_participation(near, person)
    need = shift.needs[0].id
    assert refused(service.assign, shift.id, need, person, by=boss.id, now=NOON) == [Code.REST]
    place = service.assign(shift.id, need, person, by=boss.id, now=NOON, override="only driver")
    assert place.override == "only driver"
    session.commit()
    service.answer(place, True, now=NOON)
    assert place.state is State.CONFIRMED
    session.commit()
    over = a_shift(section, starts_at=shift.starts_at + HOUR)
    why = {"by": boss.id, "now": NOON, "override": "please"}
    assert Code.OVERLAP in refused(service.assign, over.id, over.needs[0].id, person, **why)


def test_assigning_to_a_full_need_waits():
    section = a_section()
    boss = a_person(section)
    shift = a_shift(section, needs=[a_need(most=1)])
    a_participation(shift, a_person(section))
    place = service.assign(shift.id, shift.needs[0].id, a_person(section), by=boss.id, now=NOON)
    assert place.state is State.WAITLISTED


def test_cancelling_tells_everyone_once_and_frees_everyone():
    section = a_section()
    boss = a_person(section)
    shift = a_shift(section, needs=[a_need(most=1)])
    a_participation(shift, a_person(section))
    a_participation(shift, a_person(section), State.WAITLISTED)
    slots.cancel(shift.id, by=boss.id, now=NOON, why="storm")
    slots.cancel(shift.id, by=boss.id, now=NOON, why="storm")
    session.commit()
    assert states(shift.id) == [State.CANCELLED, State.CANCELLED]
    assert letters("slot-cancelled") == 2
    assert shift.sequence == 1


def test_places_that_are_added_go_to_those_who_wait():
    section = a_section()
    boss = a_person(section)
    shift = a_shift(section, needs=[a_need(most=1)])
    a_participation(shift, a_person(section))
    a_participation(shift, a_person(section), State.WAITLISTED)
    need = shift.needs[0]
    slot = service.lock(shift.id)
    need.most = 2
    slots.changed(slot, by=boss.id, now=NOON, was="1", became="2", moved=False)
    assert states(shift.id) == [State.CONFIRMED, State.OFFERED]


def test_every_change_stands_in_the_trail_with_who_and_why():
    section = a_section()
    shift, person = a_shift(section), a_person(section)
    place = service.join(shift.id, person, now=NOON)
    service.leave(place, now=NOON + HOUR, why="ill")
    session.commit()
    entries = session.scalars(select(Entry).where(Entry.slot_id == shift.id).order_by(Entry.id))
    assert [(e.was, e.became, e.why, e.by_id) for e in entries] == [
        ("", "confirmed", "", person.id),
        ("confirmed", "withdrawn", "ill", person.id),
    ]


def test_a_draft_is_open_to_nobody_until_it_is_published():
    section = a_section()
    person = a_person(section)
    shift = a_shift(section, status=Status.DRAFT)
    assert refused(service.join, shift.id, person, now=NOON) == [Code.NOT_OPEN]
    slots.publish(shift.id, by=person.id, now=NOON)
    session.commit()
    assert service.join(shift.id, person, now=NOON).state is State.CONFIRMED


def test_twenty_people_at_three_places_at_once(app: Flask):  # CAP-01
    section = a_section()
    shift = a_shift(section, needs=[a_need(most=3)])
    ids = [a_person(section).id for _ in range(20)]
    slot_id = shift.id
    session.commit()
    session.remove()

    def come(person_id: int) -> State:
        with app.app_context(), db.unit():
            person = session.get_one(Person, person_id)
            return service.join(slot_id, person, now=NOON).state

    with ThreadPoolExecutor(20) as pool:
        came = list(pool.map(come, ids))
    assert came.count(State.CONFIRMED) == 3
    assert came.count(State.WAITLISTED) == 17
    assert sum(state in HOLDING for state in states(slot_id)) == 3
