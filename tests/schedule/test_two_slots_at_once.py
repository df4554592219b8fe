"""One person, two slots, one moment: nobody comes to hold two places that overlap.

The one transaction is halfway while the other runs: it goes on once the other has ended, or waits
for a lock, which the database itself says. So each order is met for certain, and none by chance.
"""

from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from brigades.clock import to_wall
from brigades.db import session
from brigades.people.models import Person
from brigades.schedule import service as schedule
from brigades.schedule import slots
from brigades.schedule.catching_up import catch_up
from brigades.schedule.models import Participation, Slot
from brigades.schedule.moves import lock_with_people
from brigades.schedule.states import COMING, COMMITTED, State
from tests import builders as b
from tests.builders import DAY, HOUR, NOON
from tests.support.databases import POSTGRESQL
from tests.support.race import Race

pytestmark = POSTGRESQL

START = NOON + 7 * DAY


@pytest.fixture
def race(app: Flask) -> Race:
    return Race(app)


def person_of(person_id: int) -> Person:
    return session.get_one(Person, person_id)


def joins(slot: Slot, person: Person) -> Callable[[], Any]:
    slot_id, person_id = slot.id, person.id
    return lambda: schedule.join(slot_id, person_of(person_id), now=NOON)


def leaves(place: Participation) -> Callable[[], Any]:
    place_id = place.id
    return lambda: schedule.leave(session.get_one(Participation, place_id), now=NOON)


def moves(slot: Slot, to: datetime, by: Person) -> Callable[[], Any]:
    """As the forms do: with everybody in it locked first."""
    slot_id, by_id = slot.id, by.id

    def move() -> None:
        lock_with_people(slot_id)
        found = session.get_one(Slot, slot_id)
        length = found.ends_at - found.starts_at
        found.starts_local = to_wall(to, found.zone).local
        found.ends_local = to_wall(to + length, found.zone).local
        found.derive_instants()
        slots.changed(found, by=by_id, now=NOON, was="", became="", moved=True)

    return move


def state_in(slot: Slot, person: Person) -> State | None:
    session.expire_all()
    newest = select(Participation.state).where(
        Participation.slot_id == slot.id, Participation.person_id == person.id
    )
    return session.scalar(newest.order_by(Participation.round.desc()).limit(1))


def overlapping(person: Person, *states: State) -> int:
    """How many pairs of places of a person overlap, in these states."""
    rows = session.execute(
        select(Slot.starts_at, Slot.ends_at)
        .join(Participation, Participation.slot_id == Slot.id)
        .where(Participation.person_id == person.id, Participation.state.in_(states))
        .order_by(Slot.starts_at, Slot.id)
    ).all()
    return sum(one.ends_at > two.starts_at for one, two in pairwise(rows))


@pytest.mark.parametrize("join_first", [True, False])
def test_joining_a_shift_while_another_of_ones_own_moves_onto_it(
    race: Race, join_first: bool
) -> None:
    section = b.a_section()
    person, boss = b.a_person(section), b.a_person(section)
    here, moving = (
        b.a_shift(section, starts_at=START),
        b.a_shift(section, starts_at=START + 3 * DAY),
    )
    b.a_participation(moving, person)
    two = [joins(here, person), moves(moving, START + HOUR, boss)]
    refused = race.run(*(two if join_first else reversed(two)))
    if join_first:  # they have the new place, and are asked whether they keep the one that moved
        assert refused == []
        assert state_in(here, person) is State.CONFIRMED
        assert state_in(moving, person) is State.OFFERED
    else:
        assert refused == ["overlap"]
        assert state_in(here, person) is None
        assert state_in(moving, person) is State.CONFIRMED
    assert overlapping(person, *COMING) == 0


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("join_first", [True, False])
def test_joining_a_shift_while_a_place_in_another_becomes_free(
    race: Race, join_first: bool, at_once: bool
) -> None:
    section = b.a_section()
    person, holder, behind = (b.a_person(section) for _ in range(3))
    here = b.a_shift(section, starts_at=START)
    full = b.a_shift(
        section, starts_at=START + HOUR, needs=[b.a_need(most=1)], fills_at_once=at_once
    )
    place = b.a_participation(full, holder)
    b.a_participation(full, person, State.WAITLISTED)
    b.a_participation(full, behind, State.WAITLISTED, queued_at=NOON + HOUR)
    two = [joins(here, person), leaves(place)]
    refused = race.run(*(two if join_first else reversed(two)))
    assert overlapping(person, *COMMITTED) == 0
    given = State.CONFIRMED if at_once else State.OFFERED
    if join_first:
        assert (refused, state_in(here, person)) == ([], State.CONFIRMED)
        assert state_in(full, person) is State.WAITLISTED
        catch_up(NOON)
        assert state_in(full, behind) is given
    else:
        assert (refused, state_in(here, person)) == (["overlap"], None)
        assert state_in(full, person) is given
        assert state_in(full, behind) is State.WAITLISTED
    assert overlapping(person, *COMMITTED) == 0


def test_who_is_busy_elsewhere_for_a_moment_stays_first_in_line(race: Race) -> None:
    section = b.a_section()
    person, holder, behind = (b.a_person(section) for _ in range(3))
    far_away = b.a_shift(section, starts_at=START + 9 * DAY)
    full = b.a_shift(section, starts_at=START, needs=[b.a_need(most=1)])
    place = b.a_participation(full, holder)
    b.a_participation(full, person, State.WAITLISTED)
    b.a_participation(full, behind, State.WAITLISTED, queued_at=NOON + HOUR)
    assert race.run(joins(far_away, person), leaves(place)) == []
    assert state_in(full, behind) is State.WAITLISTED
    assert catch_up(NOON) == 1
    assert state_in(full, person) is State.OFFERED
    assert state_in(full, behind) is State.WAITLISTED


@pytest.mark.parametrize("accept_first", [True, False])
def test_accepting_an_offer_while_being_assigned_to_what_overlaps(
    race: Race, accept_first: bool
) -> None:
    section = b.a_section()
    person, boss = b.a_person(section), b.a_person(section)
    offer = b.a_shift(section, starts_at=START)
    other = b.a_shift(section, starts_at=START + HOUR)
    place_id = b.a_participation(offer, person, State.OFFERED, answer_by=NOON + DAY).id
    person_id, boss_id, other_id, need_id = person.id, boss.id, other.id, other.needs[0].id

    def accept() -> None:
        schedule.answer(session.get_one(Participation, place_id), True, now=NOON)

    def assign() -> None:
        whom = person_of(person_id)
        schedule.assign(other_id, need_id, whom, by=boss_id, now=NOON, agreed=True)

    two = [accept, assign] if accept_first else [assign, accept]
    assert race.run(*two) == ["overlap"]
    assert state_in(offer, person) is State.CONFIRMED
    assert state_in(other, person) is None


def test_who_comes_in_just_before_a_shift_moves_is_asked_too(race: Race) -> None:
    section = b.a_section()
    first, new, boss = (b.a_person(section) for _ in range(3))
    elsewhere, moving = (
        b.a_shift(section, starts_at=START),
        b.a_shift(section, starts_at=START + 3 * DAY),
    )
    b.a_participation(moving, first)
    b.a_participation(elsewhere, new)
    # The move has read who is in it by the time it waits for the slot: then there is one more.
    assert race.run(joins(moving, new), moves(moving, START + HOUR, boss)) == []
    assert state_in(moving, new) is State.OFFERED
    assert state_in(moving, first) is State.CONFIRMED


def test_moving_two_shifts_with_the_same_people_ends_well(race: Race) -> None:
    section = b.a_section()
    boss, people = b.a_person(section), [b.a_person(section) for _ in range(4)]
    one, two = b.a_shift(section, starts_at=START), b.a_shift(section, starts_at=START + 3 * DAY)
    for number, person in enumerate(people):
        for shift in (one, two) if number % 2 else (two, one):
            b.a_participation(shift, person)
    to = START + 6 * DAY
    assert race.run(moves(one, to, boss), moves(two, to + HOUR, boss)) == []
    for person in people:
        assert sorted([state_in(one, person), state_in(two, person)]) == ["confirmed", "offered"]
