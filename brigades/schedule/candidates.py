"""The assignment board of a slot: for each need who is on, who fits best, and who cannot and why.

Three statements for any number of people: what the slot asks for, everyone who is on or in
question, and what the rules judge on.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from brigades.access import Scope
from brigades.db import session
from brigades.people.levels import Level
from brigades.people.models import Person
from brigades.schedule import facts, people_facts
from brigades.schedule.fit import Experience, Fit, fit
from brigades.schedule.in_question import Filters, everyone
from brigades.schedule.limits import limits
from brigades.schedule.models import Participation, Slot
from brigades.schedule.rules import NeedFacts, PersonFacts, Refusal, SlotFacts, recheck, refusals
from brigades.schedule.states import HOLDING, State


@dataclass(frozen=True)
class Candidate:
    """Somebody in question for a need. ``asked_at``: when a place was last offered, anywhere."""

    person: Person
    section: str
    facts: PersonFacts
    fit: Fit
    hours: float
    asked_at: datetime | None
    said_no_at: datetime | None
    refusals: tuple[Refusal, ...]

    @property
    def blocked(self) -> bool:
        """Whether nobody may give this person the place."""
        return any(reason.blocks for reason in self.refusals)

    @property
    def fits(self) -> bool:
        """Whether nothing stands against them, and they have not said no to this slot."""
        return not self.refusals and self.said_no_at is None

    @cached_property
    def languages(self) -> tuple[tuple[str, Level], ...]:
        """Languages spoken, the best one first."""
        return tuple(sorted(self.facts.languages.items(), key=lambda one: (-one[1].rank, one[0])))


@dataclass(frozen=True)
class Place:
    """Somebody who is on; ``against`` is what stands against them by now."""

    participation: Participation
    person: Person
    section: str
    position: int | None
    against: tuple[Refusal, ...]


@dataclass(frozen=True)
class Desk:
    """One need on the board. ``more``: there are more people in question than are shown."""

    need: NeedFacts
    held: list[Place]
    waiting: list[Place]
    candidates: list[Candidate]
    refused: list[Candidate]
    more: bool


def board(scope: Scope, slot: Slot, filters: Filters, now: datetime) -> list[Desk]:
    """The needs of a slot in order, each with its people; ``slot.section`` must be loaded."""
    slot_facts = facts.facts_of([slot])[0]
    return _desks(scope, slot, slot_facts, list(slot_facts.needs), filters, now)


def unfilled(scope: Scope, slot: Slot, now: datetime) -> list[Desk]:
    """The needs with fewer people than they must have, as on the board, without who cannot."""
    slot_facts = facts.facts_of([slot])[0]
    needs = [need for need in slot_facts.needs if need.short]
    return _desks(scope, slot, slot_facts, needs, Filters(refused=False), now) if needs else []


def _desks(
    scope: Scope,
    slot: Slot,
    slot_facts: SlotFacts,
    needs: list[NeedFacts],
    filters: Filters,
    now: datetime,
) -> list[Desk]:
    rows = session.execute(*everyone(scope, slot, needs, filters, now)).all()
    people = {row.Person.id: row.Person for row in rows}
    known = people_facts.facts_around(list(people.values()), [slot])
    by_need: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        by_need[row.need_id].append(row)
    return [_desk(slot_facts, need, by_need[need.id], known, filters, now) for need in needs]


def _desk(
    slot: SlotFacts,
    need: NeedFacts,
    rows: list[Any],
    known: dict[int, PersonFacts],
    filters: Filters,
    now: datetime,
) -> Desk:
    places = [row for row in rows if row.Participation is not None]
    in_question = [row for row in rows if row.Participation is None]
    held = [row for row in places if row.Participation.state is not State.WAITLISTED]
    waiting = [row for row in places if row.Participation.state is State.WAITLISTED]
    candidates = [
        _candidate(slot, need, row, known[row.Person.id], now)
        for row in in_question[: filters.most]
    ]
    candidates.sort(key=_best_first)
    return Desk(
        need=need,
        held=[
            _place(slot, need, row, known, now)
            for row in sorted(held, key=lambda row: _held_first(row.Participation))
        ],
        waiting=[
            _place(slot, need, row, known, now)
            for row in sorted(waiting, key=lambda row: row.position)
        ],
        candidates=[one for one in candidates if not one.blocked],
        refused=[one for one in candidates if one.blocked] if filters.refused else [],
        more=len(in_question) > filters.most,
    )


def _held_first(place: Participation) -> tuple[bool, bool, int]:
    return (place.state not in HOLDING, place.state is State.OFFERED, place.id)


def _best_first(one: Candidate) -> tuple[Any, ...]:
    """Whom nothing speaks against first; among them fit, then few hours, then long unasked."""
    return (
        not one.fits,
        -one.fit.points,
        one.hours,
        one.asked_at is not None,
        one.asked_at.timestamp() if one.asked_at else 0,
        one.person.id,
    )


def _place(
    slot: SlotFacts,
    need: NeedFacts,
    row: Any,
    known: dict[int, PersonFacts],
    now: datetime,
) -> Place:
    reasons = recheck(slot, need, known[row.Person.id], now, limits())
    against = tuple(reason for reason in reasons if reason.blocks)
    return Place(row.Participation, row.Person, row.section, row.position, against)


def _candidate(
    slot: SlotFacts, need: NeedFacts, row: Any, person: PersonFacts, now: datetime
) -> Candidate:
    return Candidate(
        person=row.Person,
        section=row.section,
        facts=person,
        fit=fit(slot, need, person, Experience(row.years, row.verified is not None)),
        hours=(row.seconds or 0) / 3600,
        asked_at=row.asked,
        said_no_at=row.said_no,
        refusals=tuple(refusals(slot, need, person, now, by_self=False, limits=limits())),
    )
