"""Who waits for a place, in which order, and what becomes of a place that is free."""

from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from brigades.db import session
from brigades.schedule import facts, people_facts
from brigades.schedule.judging import FOR_NEWCOMERS
from brigades.schedule.limits import limits
from brigades.schedule.models import Participation, Slot
from brigades.schedule.moves import lock, lock_idle, move, offer, tell
from brigades.schedule.rules import NeedFacts, PersonFacts, Refusal, SlotFacts, refusals
from brigades.schedule.states import State

# Reasons that the system gives; the trail says them in the reader's language.
FREE = "a place became free"
LAPSED = "no answer until the deadline"


def position() -> ColumnElement[int | None]:
    """Which in line a row of Participation is at its need, from 1; NULL for who does not wait.

    The longest waiting is the first; of two who came at the same moment the one with the lower id.
    """
    other = aliased(Participation)
    number = (
        select(func.count(other.id))
        .where(
            other.need_id == Participation.need_id,
            other.state == State.WAITLISTED,
            or_(
                other.queued_at < Participation.queued_at,
                (other.queued_at == Participation.queued_at) & (other.id <= Participation.id),
            ),
        )
        .correlate(Participation)
        .scalar_subquery()
    )
    return case((Participation.state == State.WAITLISTED, number))


def position_of(place: Participation) -> int | None:
    """Which in line a place is; None where it does not wait."""
    found: int | None = session.scalar(select(position()).where(Participation.id == place.id))
    return found


def longest_first() -> tuple[Any, Any]:
    """The order in which people wait."""
    return (Participation.queued_at, Participation.id)


def fill(slot: Slot, *, now: datetime) -> list[Participation]:
    """Offer every free place to the longest waiting whom nothing stands against.

    Where the slot fills at once they have it without being asked. Nothing is offered once the slot
    has started or sign-up has closed, nor while more hold places than there are. The slot must be
    locked.
    """
    session.flush()
    slot_facts = facts.facts_of([slot])[0]
    if not slot_facts.published or slot.starts_at <= now or slot_facts.closed_at(now):
        return []
    given: list[Participation] = []
    for need in slot_facts.needs:
        free = need.waiting if need.free is None else need.free
        if free and need.waiting:
            given += _give_to_waiting(slot, slot_facts, need, free, now)
    return given


def _give_to_waiting(
    slot: Slot, slot_facts: SlotFacts, need: NeedFacts, free: int, now: datetime
) -> list[Participation]:
    first = _who_could(_waiting_at(need), slot, slot_facts, now)[:free]
    # Who is just doing something else may take what overlaps: they stay first in line, and the
    # catching up looks at them in half a minute. The others are judged again now that they wait.
    idle = lock_idle(place.person_id for place in first)
    first = list(takewhile(lambda place: place.person_id in idle, first))
    chosen = _who_could(first, slot, slot_facts, now)
    for place in chosen:
        if slot.fills_at_once:
            move(place, State.CONFIRMED, by=None, now=now, why=FREE)
            tell("place-confirmed", place, place.person, now, waited=True)
        else:
            offer(place, slot, by=None, now=now, why=FREE)
            tell("place-free", place, place.person, now)
    return chosen


def room_for_newcomer(slot: Slot, slot_facts: SlotFacts, need: NeedFacts, now: datetime) -> bool:
    """Whether more places are free than those who wait here could take; the slot must be locked.

    Who waits and could not come keeps nobody from a free place. Neither does who still waits where
    no waitlist is kept any more: it was offered to them first.
    """
    if need.full or not slot_facts.queues(need):
        return not need.full
    return len(_who_could(_waiting_at(need), slot, slot_facts, now)) < (need.free or 0)


def _waiting_at(need: NeedFacts) -> Sequence[Participation]:
    """Who waits at a need, longest first, each with their person."""
    query = (
        select(Participation)
        .where(Participation.need_id == need.id, Participation.state == State.WAITLISTED)
        .options(joinedload(Participation.person))
    )
    return session.scalars(query.order_by(*longest_first())).all()


def _who_could(
    waiting: Sequence[Participation], slot: Slot, slot_facts: SlotFacts, now: datetime
) -> list[Participation]:
    """Those whom nothing keeps from the place, in the order given; one statement."""
    if not waiting:
        return []
    people = people_facts.facts_around([place.person for place in waiting], [slot])
    return [
        place
        for place in waiting
        if not stands_against(place, slot_facts, people[place.person_id], now)
    ]


def stands_against(
    place: Participation, slot: SlotFacts, person: PersonFacts, now: datetime
) -> list[Refusal]:
    """What keeps somebody who waits from a free place.

    Who was put there over a warning is judged as they were then.
    """
    need = next(need for need in slot.needs if need.id == place.need_id)
    reasons = refusals(slot, need, person, now, by_self=not place.override, limits=limits())
    return [one for one in reasons if one.blocks and one.code not in FOR_NEWCOMERS]


def lapse_offers(now: datetime) -> int:
    """Offers whose deadline has passed lapse, and their places go on; returns how many.

    Each person is told. Works through slots one by one, each under its lock, in order of their ids.
    """
    due = select(Participation.slot_id).where(
        Participation.state == State.OFFERED, Participation.answer_by <= now
    )
    lapsed = 0
    for slot_id in session.scalars(due.distinct().order_by(Participation.slot_id)).all():
        slot = lock(slot_id)
        places = session.scalars(
            select(Participation)
            .where(
                Participation.slot_id == slot_id,
                Participation.state == State.OFFERED,
                Participation.answer_by <= now,
            )
            .options(joinedload(Participation.person))
            .order_by(Participation.id)
            .execution_options(populate_existing=True)
        ).all()
        for place in places:
            move(place, State.LAPSED, by=None, now=now, why=LAPSED)
            tell("place-lapsed", place, place.person, now)
        lapsed += len(places)
        fill(slot, now=now)
    return lapsed
