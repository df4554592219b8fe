"""People, coordinators and the worker do what they like, in any order, and the promises hold.

`BRIGADES_LONG=1 pytest tests/schedule/test_at_random.py` plays longer games, each time others.
"""

import os
from collections import Counter
from datetime import datetime, timedelta
from itertools import combinations

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select, text
from sqlalchemy.orm import joinedload

from brigades.audit.models import Entry
from brigades.db import Base, session
from brigades.people import erasing
from brigades.people import service as people
from brigades.people.models import Person, Standing
from brigades.schedule import (
    attendance,
    by_hand,
    cover,
    facts,
    people_facts,
    requests,
    service,
    slots,
    swaps,
)
from brigades.schedule.limits import limits
from brigades.schedule.models import (
    CoverAsk,
    Need,
    Participation,
    SignUp,
    Slot,
    Status,
    Swap,
    SwapState,
)
from brigades.schedule.rules import Code, refusals
from brigades.schedule.states import HOLDING, LIVE, State
from tests.builders import DAY, HOUR, NOON, a_need, a_person, a_section, a_shift

LONG = bool(os.environ.get("BRIGADES_LONG"))
GAME = settings(
    max_examples=200 if LONG else 14,  # the first of them on PostgreSQL too
    stateful_step_count=60 if LONG else 40,
    derandomize=not LONG,
    deadline=None,
    database=None,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)
BOUND = frozenset({State.CONFIRMED, State.SEEKING_COVER})

which = st.integers(0, 4)


class Brigade(RuleBasedStateMachine):
    """A section of five with four shifts: two overlap, one has two needs, one is on request."""

    @initialize(
        most=st.lists(st.sampled_from([1, 2, 1, 2, 0, None]), min_size=5, max_size=5),
        crowd=st.permutations([(who, where) for who in range(5) for where in range(4)]),
    )
    def open_shifts(self, most: list[int | None], crowd: list[tuple[int, int]]) -> None:
        self.now = NOON
        section = a_section()
        self.boss = a_person(section)
        self.people = [a_person(section) for _ in range(5)]
        noon = NOON + 4 * DAY
        self.slots = [
            a_shift(section, starts_at=noon, needs=[a_need(most=most[0]), a_need(most=most[1])]),
            a_shift(section, starts_at=noon + 6 * HOUR, needs=[a_need(most=most[2])]),
            a_shift(section, starts_at=noon + 3 * DAY, needs=[a_need(most=most[3])]),
            a_shift(section, starts_at=noon + 5 * DAY, needs=[a_need(most=most[4])]),
        ]
        self.slots[1].fills_at_once = True
        self.slots[2].swaps_asked = True
        self.slots[3].signup = SignUp.REQUEST
        self.allowed: dict[int, int] = {}
        self.by_hand: set[tuple[int, datetime]] = set()  # promoted past the line
        session.commit()
        for who, where in crowd[:14]:
            self.act(service.join, self.slots[where].id, self.people[who])

    def act(self, call, *args, **more) -> bool:
        """Do something as one unit of work; whether it was done and not refused."""
        try:
            call(*args, now=self.now, **more)
        except (service.Refused, swaps.NoSwap, attendance.Unfit):
            session.rollback()
            return False
        session.commit()
        return True

    def slot(self, number: int) -> Slot:
        return self.slots[number % len(self.slots)]

    def places(self, *states: State) -> list[Participation]:
        query = select(Participation).where(Participation.state.in_(states or LIVE))
        return list(session.scalars(query.order_by(Participation.id)))

    def place(self, number: int, *states: State) -> Participation | None:
        found = self.places(*states)
        return found[number % len(found)] if found else None

    # --- what people do ---

    @rule(who=which, where=which)
    def join(self, who: int, where: int) -> None:
        self.act(service.join, self.slot(where).id, self.people[who])

    @rule(number=which)
    def leave(self, number: int) -> None:
        place = self.place(number)
        if place is not None:
            self.act(service.leave, place)

    @rule(number=which, accept=st.booleans())
    def answer(self, number: int, accept: bool) -> None:
        place = self.place(number, State.OFFERED)
        if place is not None:
            self.act(service.answer, place, accept)

    @rule(number=which)
    def come_after_all(self, number: int) -> None:
        place = self.place(number, State.SEEKING_COVER)
        if place is not None:
            self.act(cover.come_after_all, place)

    @rule(number=which, accept=st.booleans())
    def answer_who_asks_for_cover(self, number: int, accept: bool) -> None:
        asks = session.scalars(
            select(CoverAsk)
            .where(CoverAsk.answered_at.is_(None))
            .options(joinedload(CoverAsk.place))
            .order_by(CoverAsk.id)
        ).all()
        if asks:
            self.act(cover.answer_ask, asks[number % len(asks)], accept)

    @rule(one=which, other=which)
    def ask_for_a_swap(self, one: int, other: int) -> None:
        places = self.places(State.CONFIRMED)
        if places:
            mine, theirs = places[one % len(places)], places[other % len(places)]
            if mine.person_id != theirs.person_id and mine.slot_id != theirs.slot_id:
                self.act(swaps.ask, mine.id, theirs.id)

    @rule(number=which, accept=st.booleans())
    def answer_a_swap(self, number: int, accept: bool) -> None:
        if swap := self.swap(number, SwapState.ASKED):
            self.act(swaps.answer, swap, accept)

    @rule(number=which)
    def take_a_swap_back(self, number: int) -> None:
        if swap := self.swap(number, SwapState.ASKED, SwapState.AGREED):
            self.act(swaps.withdraw, swap)

    def swap(self, number: int, *states: SwapState) -> int | None:
        query = select(Swap.id).where(Swap.state.in_(states)).order_by(Swap.id)
        found = session.scalars(query).all()
        return found[number % len(found)] if found else None

    # --- what the coordinator does ---

    @rule(number=which, approve=st.booleans())
    def decide_on_a_swap(self, number: int, approve: bool) -> None:
        if swap := self.swap(number, SwapState.AGREED):
            self.act(swaps.decide, swap, approve, by=self.boss.id)

    @rule(number=which, grant=st.booleans())
    def decide_on_a_request(self, number: int, grant: bool) -> None:
        place = self.place(number, State.REQUESTED)
        if place is not None and grant:
            self.act(requests.grant, place, by=self.boss.id)
        elif place is not None:
            self.act(requests.decline, place, by=self.boss.id, why="another time")

    @rule(number=which)
    def promote(self, number: int) -> None:
        place = self.place(number, State.WAITLISTED)
        if place is not None:
            self.act(by_hand.promote, place, by=self.boss.id)
            self.by_hand.add((place.id, self.now))

    @rule(who=which, where=which, agreed=st.booleans(), why=st.sampled_from(["", "we talked"]))
    def assign(self, who: int, where: int, agreed: bool, why: str) -> None:
        slot = self.slot(where)
        need = session.scalars(select(Need.id).where(Need.slot_id == slot.id)).first()
        self.act(
            service.assign, slot.id, need, self.people[who],
            by=self.boss.id, agreed=agreed, override=why,
        )  # fmt: skip

    @rule(number=which)
    def remove(self, number: int) -> None:
        place = self.place(number)
        if place is not None:
            self.act(service.remove, place, by=self.boss.id, why="not needed")

    @rule(where=which, most=st.sampled_from([0, 1, 2, 3, None]))
    def change_places(self, where: int, most: int | None) -> None:
        slot = service.lock(self.slot(where).id)
        need = session.scalars(select(Need).where(Need.slot_id == slot.id).limit(1)).one()
        need.most = most
        self.act(slots.changed, slot, by=self.boss.id, was="", became="edited", moved=False)

    @rule(where=which, hours=st.integers(-30, 30))
    def move(self, where: int, hours: int) -> None:
        slot = service.lock(self.slot(where).id)
        if slot.status is not Status.PUBLISHED or slot.starts_at <= self.now:
            session.rollback()
            return
        slot.starts_local += timedelta(hours=hours)
        slot.ends_local += timedelta(hours=hours)
        slot.derive_instants()
        self.act(slots.changed, slot, by=self.boss.id, was="then", became="now", moved=True)

    @precondition(lambda self: self.now > NOON + DAY)
    @rule(where=which)
    def cancel(self, where: int) -> None:
        self.act(slots.cancel, self.slot(where).id, by=self.boss.id, why="rain")

    @rule(who=which, standing=st.sampled_from(list(Standing)))
    def change_standing(self, who: int, standing: Standing) -> None:
        person = session.get_one(Person, self.people[who].id)
        if not person.erased_on:
            self.act(people.set_standing, person, standing, by=self.boss.id, why="asked for")

    @precondition(lambda self: self.now > NOON + DAY)
    @rule(who=which)
    def erase(self, who: int) -> None:
        person = session.get_one(Person, self.people[who].id)
        self.act(erasing.erase, person, by=self.boss.id, why="asked for")

    @precondition(lambda self: self.now >= NOON + 4 * DAY)
    @rule(number=which, came=st.booleans())
    def say_whether_they_came(self, number: int, came: bool) -> None:
        place = self.place(number, *attendance.TICKABLE)
        if place is None:
            return
        was, need_id = place.state, place.need_id
        done = self.act(attendance.tick, place, came, by=self.boss.id)
        if done and came and was is State.ABSENT:
            # Whoever is there counts, also where somebody else was given their place meanwhile.
            self.allowed[need_id] = sum(one.need_id == need_id for one in self.places(*HOLDING))

    # --- what the clock and the worker do ---

    @rule(hours=st.sampled_from([1, 4, 20, 30]))
    def wait(self, hours: int) -> None:
        self.now += hours * HOUR

    @rule()
    def run_the_worker(self) -> None:
        service.lapse_offers(self.now)
        session.commit()
        cover.ask_in_waves(self.now)
        session.commit()

    # --- what holds whatever they did ---

    @invariant()
    def no_more_than_most_hold_a_place(self) -> None:
        held = Counter(place.need_id for place in self.places(*HOLDING))
        for need in session.scalars(select(Need)):
            if need.most is None or held[need.id] <= need.most:
                self.allowed.pop(need.id, None)
                continue
            # Places were taken away: who had one keeps it, nobody comes on top.
            allowed = self.allowed.setdefault(need.id, held[need.id])
            assert held[need.id] <= allowed
            self.allowed[need.id] = held[need.id]

    @invariant()
    def nobody_is_twice_in_a_slot(self) -> None:
        pairs = Counter((place.slot_id, place.person_id) for place in self.places())
        assert all(count == 1 for count in pairs.values())

    @invariant()
    def nobody_is_bound_in_two_places_at_once(self) -> None:
        query = select(Participation).where(Participation.state.in_(BOUND))
        bound = session.scalars(query.options(joinedload(Participation.slot))).all()
        for one, other in combinations(bound, 2):
            if one.person_id == other.person_id:
                apart = one.slot.ends_at <= other.slot.starts_at
                assert apart or other.slot.ends_at <= one.slot.starts_at

    @invariant()
    def counters_equal_counts(self) -> None:
        states = Counter((place.need_id, place.state) for place in self.places())
        for needs in facts.needs_of([slot.id for slot in self.slots]).values():
            for need in needs:
                assert need.held == sum(states[need.id, state] for state in HOLDING)
                assert need.offered == states[need.id, State.OFFERED]
                assert need.waiting == states[need.id, State.WAITLISTED]
                assert need.seeking == states[need.id, State.SEEKING_COVER]

    @invariant()
    def every_change_is_in_the_trail(self) -> None:
        query = select(Entry).where(Entry.what == "participation").order_by(Entry.id)
        last: dict[tuple[int | None, int | None], str] = {}
        for entry in session.scalars(query):
            key = (entry.slot_id, entry.person_id)
            assert entry.was in ("", last.get(key, ""))
            if not entry.was:  # a new round: the one before had ended
                assert last.get(key) not in {state.value for state in LIVE}
            last[key] = entry.became
        newest = select(Participation).order_by(Participation.round)
        states = {(one.slot_id, one.person_id): one.state.value for one in session.scalars(newest)}
        assert states == last

    @invariant()
    def nobody_who_fits_is_passed_over(self) -> None:
        """Who still waits while a place went to somebody behind them could not have come."""
        for slot in session.scalars(select(Slot)).all():
            self._queue_is_kept(slot)
        session.rollback()

    def _queue_is_kept(self, slot: Slot) -> None:
        waiting = session.scalars(
            select(Participation)
            .where(Participation.slot_id == slot.id, Participation.state == State.WAITLISTED)
            .options(joinedload(Participation.person))
        ).all()
        offered = [
            place
            for place in self.places(State.OFFERED)
            if place.slot_id == slot.id
            and place.asked_at == self.now
            and (place.id, self.now) not in self.by_hand
        ]
        if not waiting or not offered:
            return
        judged = facts.facts_of([slot])[0]
        known = people_facts.facts_around([place.person for place in waiting], [slot])
        needs = {need.id: need for need in judged.needs}
        for place in waiting:
            later = [
                other
                for other in offered
                if other.need_id == place.need_id
                and other.queued_at < self.now  # who waited too; not whom a coordinator assigned
                and (other.queued_at, other.id) > (place.queued_at, place.id)
            ]
            if later:
                reasons = refusals(
                    judged, needs[place.need_id], known[place.person_id], self.now,
                    by_self=not place.override, limits=limits(),
                )  # fmt: skip
                assert any(one.blocks and one.code is not Code.ALREADY_IN for one in reasons)

    def teardown(self) -> None:
        session.rollback()
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(text(f'DELETE FROM "{table.name}"'))
        session.commit()
        session.expunge_all()


@pytest.mark.long
@pytest.mark.usefixtures("app")
def test_whatever_people_do_the_promises_hold(app: Flask) -> None:
    again = session.get_bind().dialect.name == "postgresql" and not LONG
    game = settings(GAME, max_examples=5) if again else GAME
    run_state_machine_as_test(Brigade, settings=game)
