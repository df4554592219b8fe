"""Places that stayed free while somebody waits: what stood against them may be gone by now.

A place that frees is offered at once. But who could not take it then (another shift in the way, a
certificate not checked) waits on; once they could, nothing happens in this slot that would offer
it. So a pass looks for them.
"""

from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from brigades.clock import DAY
from brigades.db import session
from brigades.schedule import facts, people_facts
from brigades.schedule.models import Need, Participation, Slot, Status
from brigades.schedule.moves import lock
from brigades.schedule.states import HOLDING, State
from brigades.schedule.waitlist import fill, stands_against

MOST = 500  # people looked at in one pass, those of the next slots first


def catch_up(now: datetime) -> int:
    """Offer free places to those who wait and could take one by now; returns how many.

    Looks in four statements, and locks only slots in which there is something to offer. Once
    sign-up has closed there is nothing.
    """
    waiting = _waiting_beside_free_places(now)
    if not waiting:
        return 0
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
    return sum(len(fill(lock(slot_id), now=now)) for slot_id in sorted(ready))


def _waiting_beside_free_places(now: datetime) -> list[Participation]:
    held = (
        select(func.count(Participation.id))
        .where(Participation.need_id == Need.id, Participation.state.in_(HOLDING))
        .correlate(Need)
        .scalar_subquery()
    )
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
        .order_by(Slot.starts_at, Participation.queued_at, Participation.id)
        .limit(MOST)
    )
    return list(session.scalars(query))
