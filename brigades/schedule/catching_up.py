"""Places that stayed free while somebody waits: what stood against them may be gone by now.

A place that frees is offered at once. But who could not take it then (another shift in the way, a
certificate not checked) waits on; once they could, nothing happens in this slot that would offer
it. So a pass looks for them.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.orm import joinedload

from brigades.clock import DAY
from brigades.db import session, unit
from brigades.schedule import facts, people_facts
from brigades.schedule.models import Need, Participation, Slot, Status
from brigades.schedule.moves import lock
from brigades.schedule.states import HOLDING, State
from brigades.schedule.waitlist import fill, stands_against

MOST = 500  # people in a batch

Mark = tuple[datetime, int, int]  # start, slot and place where a look stopped


def catch_up(now: datetime, stop: Callable[[], bool] = lambda: False, most: int = MOST) -> int:
    """Offer free places to those who wait and could take one by now; returns how many.

    All who wait beside a free place are looked at, those of the next slots first: who cannot come
    keeps nobody behind them waiting. A batch is looked at in four statements, which nobody waits
    for; only where there is something to offer slots are locked, and judged again. Once sign-up
    has closed there is nothing.
    """
    given, mark = 0, None
    while not stop():
        ready, mark = _look(now, mark, most)
        if ready:
            with unit():
                given += sum(len(fill(lock(slot_id), now=now)) for slot_id in ready)
        if mark is None:
            break
    return given


def _look(now: datetime, after: Mark | None, most: int) -> tuple[list[int], Mark | None]:
    """Ids of the slots in which one of the next people could take a place; where it stopped."""
    try:
        waiting = _waiting_beside_free_places(now, after, most)
        last = waiting[-1] if len(waiting) == most else None
        mark = (last.slot.starts_at, last.slot_id, last.id) if last else None
        return _ready(waiting, now), mark
    finally:
        session.remove()


def _ready(waiting: list[Participation], now: datetime) -> list[int]:
    if not waiting:
        return []
    slots = {place.slot_id: place.slot for place in waiting}
    judged = {one.id: one for one in facts.facts_of(list(slots.values()))}
    people = {place.person_id: place.person for place in waiting}
    known = people_facts.facts_around(list(people.values()), list(slots.values()))
    ready = {
        place.slot_id
        for place in waiting
        if not judged[place.slot_id].closed_at(now)
        and not stands_against(place, judged[place.slot_id], known[place.person_id], now)
    }
    return sorted(ready)


def _waiting_beside_free_places(
    now: datetime, after: Mark | None, most: int
) -> list[Participation]:
    held = (
        select(func.count(Participation.id))
        .where(Participation.need_id == Need.id, Participation.state.in_(HOLDING))
        .correlate(Need)
        .scalar_subquery()
    )
    in_order = (Slot.starts_at, Slot.id, Participation.id)
    query = (
        select(Participation)
        .join(Participation.slot)
        .join(Participation.need)
        .where(
            Participation.state == State.WAITLISTED,
            Slot.status == Status.PUBLISHED,
            Slot.starts_at > now,
            # Closed everywhere; of the day on which it closes somewhere, the facts know more.
            or_(Slot.signup_until.is_(None), Slot.signup_until >= (now - 2 * DAY).date()),
            or_(Need.most.is_(None), Need.most > held),
        )
        .options(joinedload(Participation.slot), joinedload(Participation.person))
        .order_by(*in_order)
        .limit(most)
    )
    if after is not None:
        query = query.where(tuple_(*in_order) > after)
    return list(session.scalars(query))
