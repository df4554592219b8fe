"""Where somebody stands with a slot, and who else does: what the page of a slot shows of places."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Select, and_, bindparam, or_, select
from sqlalchemy.orm import joinedload

from brigades.db import built_once, session
from brigades.people.models import Person
from brigades.people.rules import age_on
from brigades.people.skills import Skill
from brigades.schedule.judging import judge
from brigades.schedule.leaving import free_until, leaves_freely
from brigades.schedule.limits import limits
from brigades.schedule.models import CoverAsk, Participation, Slot
from brigades.schedule.rules import NeedFacts, Refusal, SlotFacts
from brigades.schedule.states import HOLDING, LIVE, State
from brigades.schedule.swap_counts import asked_about, open_about
from brigades.schedule.waitlist import position

_HELD = LIVE - {State.REQUESTED, State.WAITLISTED}


@dataclass(frozen=True)
class Choice:
    """A need, and every reason why the reader cannot take it by themselves.

    ``waits``: joining may lead to the waiting list.
    """

    need: NeedFacts
    refusals: tuple[Refusal, ...]
    waits: bool

    @property
    def blocked(self) -> bool:
        """Whether the reader cannot take it; a warning keeps nobody from it."""
        return any(reason.blocks for reason in self.refusals)


@dataclass(frozen=True)
class Part:
    """A place, which in line it is if it waits, and whether the reader was asked to take it.

    Of the reader's own: how many questions about a swap stand, and how many wait for their answer.
    """

    place: Participation
    position: int | None
    ask: CoverAsk | None
    swaps: int = 0
    swaps_to_answer: int = 0


@dataclass(frozen=True)
class Stand:
    """How the places of a slot stand for one reader.

    ``parts`` are all that there are or were for staff, else the reader's own and what they are
    asked to take; in the order of the waiting list, then by name.
    """

    slot: Slot
    reader_id: int
    now: datetime
    asks: SlotFacts
    choices: list[Choice]
    parts: list[Part]

    @cached_property
    def newest(self) -> Part | None:
        """The reader's newest place here, also one they have no more."""
        own = [part for part in self.parts if part.place.person_id == self.reader_id]
        return max(own, key=lambda part: (part.place.round, part.place.id), default=None)

    @property
    def mine(self) -> Part | None:
        """The reader's live part: a place, an offer, a request, a place in line."""
        newest = self.newest
        return newest if newest is not None and newest.place.state in LIVE else None

    @property
    def holds(self) -> bool:
        """Whether a place is kept for the reader: they may need to call whoever leads."""
        return self.mine is not None and self.mine.place.state in HOLDING

    @property
    def late(self) -> bool:
        """Whether the time to accept the reader's offer is over; the worker has not come by yet."""
        place = self.mine.place if self.mine else None
        return place is not None and place.answer_by is not None and place.answer_by <= self.now

    @property
    def my_need(self) -> NeedFacts | None:
        """The need at which the reader stands, or that they are asked to step in for."""
        part = self.mine or self.asked
        return self.need_of(part.place) if part else None

    @cached_property
    def asked(self) -> Part | None:
        """A place that the reader is asked to take over."""
        if self.slot.starts_at <= self.now:
            return None
        return next(
            (
                part
                for part in self.parts
                if part.ask is not None and _waits_for_answer(part.ask, part.place)
            ),
            None,
        )

    @property
    def blocked(self) -> bool:
        """Whether the reader can take none of the places by themselves."""
        return all(choice.blocked for choice in self.choices)

    @property
    def about_all(self) -> tuple[Refusal, ...]:
        """Reasons that stand against every place, so that they are said once."""
        if not self.choices:
            return ()
        first, *others = self.choices
        return tuple(r for r in first.refusals if all(r in one.refusals for one in others))

    @property
    def unchecked(self) -> bool:
        """Whether it asks for youth work and not for the check that work with children needs."""
        youth = any(one.need.skill == Skill.YOUTH.value for one in self.choices)
        return youth and not self.asks.with_children

    def minor_age(self, person: Person) -> int | None:
        """How old somebody is on the day of the start; None unless known to be under age."""
        years = None if person.born is None else age_on(person.born, self.asks.first_day)
        return years if years is not None and years < limits().adult else None

    @property
    def ahead(self) -> bool:
        """Whether the slot has not started."""
        return self.slot.starts_at > self.now

    @property
    def free_until(self) -> datetime:
        """Until when a confirmed place is given up freely."""
        return free_until(self.slot)

    @property
    def freely(self) -> bool:
        """Whether leaving now gives the reader's part up, rather than asking for cover."""
        return self.mine is None or leaves_freely(self.mine.place, self.slot, self.now)

    @property
    def held(self) -> list[Part]:
        """Who has or had a place that is or was kept."""
        return [part for part in self.parts if part.place.state in _HELD]

    @property
    def gone(self) -> list[Part]:
        """Who no longer takes part."""
        return [part for part in self.parts if part.place.state not in LIVE]

    def among(self, *states: str) -> list[Part]:
        """The parts in some states, in order."""
        return [part for part in self.parts if part.place.state in states]

    def need_of(self, place: Participation) -> NeedFacts | None:
        """The need of a place here."""
        return next((one.need for one in self.choices if one.need.id == place.need_id), None)


def _waits_for_answer(ask: CoverAsk, place: Participation) -> bool:
    """As `finding.waits_for_answer` says it of rows."""
    if place.state is not State.SEEKING_COVER or place.cover_since is None:
        return False
    return ask.answered_at is None and ask.asked_at >= place.cover_since


def stand(slot: Slot, person: Person, *, everybody: bool, now: datetime) -> Stand:
    """How the places of a slot stand for somebody, in four statements; judged without a lock."""
    judged = judge(slot, person)
    given = {"slot": slot.id, "reader": person.id, "now": now}
    rows = session.execute(_parts() if everybody else _own(), given).tuples()
    parts = [Part(*row) for row in rows]
    return Stand(
        slot=slot,
        reader_id=person.id,
        now=now,
        asks=judged.facts,
        choices=[
            Choice(
                need,
                tuple(judged.refusals(need, now, by_self=True)),
                waits=judged.facts.queues(need),
            )
            for need in judged.facts.needs
        ],
        parts=sorted(parts, key=_in_order),
    )


def _in_order(part: Part) -> tuple[Any, ...]:
    return (part.position or 0, part.place.person.sort_name, part.place.id)


@built_once
def _parts() -> Select[Any]:
    """Every place that there is or was, with its position, and the reader's being asked for it."""
    asked = and_(CoverAsk.place_id == Participation.id, CoverAsk.person_id == bindparam("reader"))
    return (
        select(Participation, position(), CoverAsk, open_about(), asked_about())
        .outerjoin(CoverAsk, asked)
        .where(Participation.slot_id == bindparam("slot"))
        .options(joinedload(Participation.person))
    )


@built_once
def _own() -> Select[Any]:
    return _parts().where(
        or_(Participation.person_id == bindparam("reader"), CoverAsk.id.is_not(None))
    )
