"""Who waits, in which order, and every path on which a place becomes theirs; on both databases."""

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import func, select

from brigades.db import session
from brigades.outbox.models import Letter
from brigades.people import erasing
from brigades.people import service as people
from brigades.people.models import Person, Standing
from brigades.schedule import facts, service, slots
from brigades.schedule.models import Need, Participation
from brigades.schedule.states import HOLDING, State
from brigades.schedule.waitlist import position_of
from tests.builders import (
    DAY,
    HOUR,
    NOON,
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


def full(section, *, most=1, waiting=1, **given):
    """A full shift with those who hold a place, and those who wait, longest first."""
    shift = a_shift(section, needs=[a_need(most=most)], **given)
    held = [a_participation(shift, a_person(section)) for _ in range(most)]
    waits = [
        a_participation(
            shift, a_person(section), State.WAITLISTED, queued_at=NOON - 10 * HOUR + n * HOUR
        )
        for n in range(waiting)
    ]
    return shift, held, waits


def letters(*names):
    query = select(Letter.name).order_by(Letter.id)
    return [name for name in session.scalars(query) if not names or name in names]


def raised(shift, most):
    """The coordinator changes how many places the shift's one need has."""
    slot = service.lock(shift.id)
    session.scalars(select(Need).where(Need.slot_id == slot.id)).one().most = most
    by = session.scalar(select(func.min(Participation.person_id)))
    slots.changed(slot, by=by or 0, now=NOON, was="", became="edited", moved=False)
    session.commit()


def test_positions_count_from_the_longest_waiting(section):
    _shift, [held], waits = full(section, waiting=3)
    waits[2].queued_at = waits[1].queued_at  # at the same moment: who came first by their number
    session.commit()
    assert [position_of(place) for place in waits] == [1, 2, 3]
    assert position_of(held) is None


def test_a_slot_that_fills_at_once_confirms_the_longest_waiting_by_one_letter(section):
    shift, [held], [first, second] = full(section, waiting=2, fills_at_once=True)
    service.leave(held, now=NOON)
    session.commit()
    assert (first.state, second.state) == (State.CONFIRMED, State.WAITLISTED)
    assert letters() == ["place-confirmed"]
    raised(shift, 2)
    assert second.state is State.CONFIRMED


def test_an_offer_is_answered_within_a_day_or_sooner_as_the_start_nears(section):
    waited = []
    for before in (14 * DAY, 20 * HOUR, 90 * HOUR / 60):
        start = NOON + before
        shift, [held], [waits] = full(section, starts_at=start, leave_by_hours=0)
        service.leave(held, now=NOON)
        assert waits.answer_by is not None
        assert waits.answer_by <= shift.starts_at
        waited.append(waits.answer_by - NOON)
    assert waited == [DAY, 10 * HOUR, HOUR]


def test_a_lapsed_offer_is_told_and_goes_to_the_next(section):
    _shift, [held], [first, second] = full(section, waiting=2)
    service.leave(held, now=NOON)
    session.commit()
    assert service.lapse_offers(NOON + 23 * HOUR) == 0
    assert service.lapse_offers(NOON + DAY) == 1
    session.commit()
    assert (first.state, second.state) == (State.LAPSED, State.OFFERED)
    assert letters() == ["place-free", "place-lapsed", "place-free"]


def test_a_declined_offer_goes_to_the_next(section):
    _shift, [held], [first, second] = full(section, waiting=2)
    service.leave(held, now=NOON)
    service.answer(first, False, now=NOON + HOUR)
    assert (first.state, second.state) == (State.DECLINED, State.OFFERED)


def test_places_that_were_added_go_to_as_many_as_there_are(section):  # CAP-03
    shift, _held, waits = full(section, waiting=3)
    raised(shift, 3)
    assert [place.state for place in waits] == [State.OFFERED, State.OFFERED, State.WAITLISTED]


def test_nobody_loses_a_place_that_was_taken_away_and_nobody_moves_up(section):  # CAP-03
    shift, held, [waits] = full(section, most=3)
    raised(shift, 1)
    assert [place.state for place in held] == [State.CONFIRMED] * 3
    service.leave(held[0], now=NOON)
    service.leave(held[1], now=NOON)
    assert waits.state is State.WAITLISTED
    service.leave(held[2], now=NOON)
    assert waits.state is State.OFFERED


def test_lowering_to_zero_offers_nobody_and_blank_offers_all(section):  # CAP-03
    shift, _held, waits = full(section, waiting=2)
    raised(shift, 0)
    assert [place.state for place in waits] == [State.WAITLISTED] * 2
    raised(shift, None)
    assert [place.state for place in waits] == [State.OFFERED] * 2


def _leaves(held, by):
    service.leave(held, now=NOON)


def _is_taken_off(held, by):
    service.remove(held, by=by, now=NOON, why="double")


def _membership_ends(held, by):
    person = session.get_one(people.Person, held.person_id)
    people.set_standing(person, Standing.LEFT, by=by, now=NOON, why="")


def _is_archived(held, by):
    person = session.get_one(people.Person, held.person_id)
    people.set_standing(person, Standing.ARCHIVED, by=by, now=NOON, why="")


def _is_erased(held, by):
    erasing.erase(session.get_one(people.Person, held.person_id), by=by, now=NOON, why="asked")


def _lets_an_offer_lapse(held, by):
    held.state, held.answer_by = State.OFFERED, NOON
    session.flush()
    service.lapse_offers(NOON)


def _declines(held, by):
    held.state = State.OFFERED
    session.flush()
    service.answer(held, False, now=NOON)


PATHS = (
    _leaves,
    _is_taken_off,
    _membership_ends,
    _is_archived,
    _is_erased,
    _lets_an_offer_lapse,
    _declines,
)


@pytest.mark.parametrize("path", PATHS)
def test_on_every_path_one_of_those_who_wait_is_offered_the_place(section, path):
    # WAIT-01, WAIT-05
    shift, held, waits = full(section, most=3, waiting=3)
    by = a_person(section).id
    path(held[1], by)
    session.commit()
    assert [place.state for place in waits] == [State.OFFERED, State.WAITLISTED, State.WAITLISTED]
    assert letters("place-free", "place-confirmed") == ["place-free"]
    holding = select(func.count(Participation.id)).where(
        Participation.slot_id == shift.id, Participation.state.in_(HOLDING)
    )
    [need] = facts.needs_of([shift.id])[shift.id]
    assert need.held == session.scalar(holding) == 3


@pytest.mark.parametrize("path", [_is_taken_off, _membership_ends, _is_erased])
def test_nobody_is_offered_a_place_once_it_has_started(section, path):  # WAIT-03
    _shift, [held], [waits] = full(section, starts_at=NOON - HOUR / 4)
    path(held, a_person(section).id)
    session.commit()
    assert waits.state is State.WAITLISTED
    assert "place-free" not in letters()


def test_nobody_is_offered_a_place_after_the_last_day_to_sign_up(section):  # WAIT-03
    _shift, [held], [waits] = full(section, signup_until=date(2026, 6, 9))
    service.leave(held, now=NOON)
    assert waits.state is State.WAITLISTED
    assert letters() == []


def test_who_cannot_come_is_passed_over_and_keeps_waiting(section):
    _shift, [held], [first, second] = full(section, waiting=2)
    busy = a_shift(section, starts_at=NOON + 7 * DAY)
    a_participation(busy, session.get_one(people.Person, first.person_id))
    service.leave(held, now=NOON)
    assert (first.state, second.state) == (State.WAITLISTED, State.OFFERED)


def test_who_waits_and_cannot_come_keeps_nobody_from_a_free_place(section):
    shift, held, waits = full(section, most=2, waiting=1)
    elsewhere = a_shift(section, starts_at=shift.starts_at + HOUR)
    a_participation(elsewhere, session.get_one(Person, waits[0].person_id))
    service.leave(held[0], now=NOON)
    assert waits[0].state is State.WAITLISTED
    place = service.join(shift.id, a_person(section), now=NOON)
    assert place.state is State.CONFIRMED
    assert letters("place-waitlisted", "place-free") == []


def test_who_waits_and_could_come_by_now_goes_before_a_newcomer(section):
    shift, held, waits = full(section, most=2, waiting=1)
    busy = session.get_one(Person, waits[0].person_id)
    elsewhere = a_participation(a_shift(section, starts_at=shift.starts_at), busy)
    service.leave(held[0], now=NOON)
    assert waits[0].state is State.WAITLISTED
    service.leave(elsewhere, now=NOON)
    newcomer = service.join(shift.id, a_person(section), now=NOON)
    assert newcomer.state is State.WAITLISTED
    # With one place more than those who wait could take there is room for both.
    raised(shift, 3)
    assert {waits[0].state, newcomer.state} == {State.OFFERED}


def test_who_was_put_there_over_a_warning_is_judged_as_then(section):
    shift, [held], [] = full(section, waiting=0)
    person = a_person(section)
    near = a_shift(section, starts_at=shift.ends_at + 5 * HOUR)  # less than eleven hours of rest
    a_participation(near, person)
    place = service.assign(
        shift.id,
        held.need_id,
        person,
        by=a_person(section).id,
        now=NOON,
        override="they sleep there",
    )
    assert place.state is State.WAITLISTED
    service.leave(held, now=NOON)
    assert place.state is State.OFFERED
    assert service.answer(place, True, now=NOON + HOUR).state is State.CONFIRMED


def test_who_waits_by_themselves_needs_the_rest_when_a_place_is_free(section):
    shift, [held], [waits] = full(section)
    person = session.get_one(people.Person, waits.person_id)
    a_participation(a_shift(section, starts_at=shift.ends_at + 5 * HOUR), person)
    service.leave(held, now=NOON)
    assert waits.state is State.WAITLISTED


def test_who_is_on_leave_keeps_their_places_and_is_passed_over_while_they_wait(section):
    _shift, held, [first, second] = full(section, most=2, waiting=2)
    for place in (held[0], first):
        person = session.get_one(people.Person, place.person_id)
        people.set_standing(person, Standing.ON_LEAVE, by=None, now=NOON, why="")
    assert held[0].state is State.CONFIRMED
    service.leave(held[1], now=NOON)
    assert (first.state, second.state) == (State.WAITLISTED, State.OFFERED)


def test_who_moves_to_another_section_keeps_their_places(section):
    shift, [held], [waits] = full(section)
    other = a_section()
    for place in (held, waits):
        person = session.get_one(people.Person, place.person_id)
        people.join_section(person, other, by=None, now=NOON)
    assert (held.state, waits.state) == (State.CONFIRMED, State.WAITLISTED)
    service.leave(held, now=NOON)
    assert waits.state is State.OFFERED
    assert shift.section_id == section.id


def test_every_number_is_the_count_of_rows(section):  # WAIT-07
    shift = a_shift(section, needs=[a_need(most=1)])
    boss, first, second = (a_person(section) for _ in range(3))

    def agrees():
        session.flush()
        rows = Counter(
            session.scalars(
                select(Participation.state).where(Participation.slot_id == shift.id)
            ).all()
        )
        [need] = facts.needs_of([shift.id])[shift.id]
        assert need.held == sum(rows[state] for state in HOLDING)
        assert need.offered == rows[State.OFFERED]
        assert need.waiting == rows[State.WAITLISTED]
        assert need.free == max(0, 1 - need.held)
        return need.held, need.offered, need.waiting

    assert agrees() == (0, 0, 0)
    one = service.join(shift.id, first, now=NOON)
    two = service.join(shift.id, second, now=NOON)
    assert agrees() == (1, 0, 1)
    service.leave(one, now=NOON)
    assert agrees() == (1, 1, 0)
    service.answer(two, True, now=NOON)
    assert agrees() == (1, 0, 0)
    again = service.join(shift.id, first, now=NOON + HOUR)
    assert agrees() == (1, 0, 1)
    service.remove(again, by=boss.id, now=NOON + HOUR, why="")
    assert agrees() == (1, 0, 0)
    service.remove(two, by=boss.id, now=NOON + HOUR, why="")
    assert agrees() == (0, 0, 0)
