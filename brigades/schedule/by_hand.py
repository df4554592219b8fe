"""What a coordinator does for somebody who already stands with a slot: confirm, or promote.

Each locks the person and the slot first, counts and judges anew, and writes who did it. None of
them commits.
"""

from datetime import datetime

from brigades.db import session
from brigades.people.models import Person
from brigades.schedule.judging import judge
from brigades.schedule.models import Participation, Slot
from brigades.schedule.moves import Refused, lock, lock_people, move, offer, tell
from brigades.schedule.rules import Code, NeedFacts, Refusal, blocking
from brigades.schedule.states import State


def confirm(place: Participation, *, by: int, now: datetime) -> Participation:
    """Say on somebody's behalf that they come; a coordinator heard it from them.

    Raises Refused where no offer is open, or where something blocks by now.
    """
    lock_people(place.person_id)
    slot = lock(place.slot_id)
    session.refresh(place)
    if place.state is not State.OFFERED:
        raise Refused([Refusal(Code.NO_PLACE)])
    _judge(slot, place, now)
    move(place, State.CONFIRMED, by=by, now=now, why="on their behalf")
    tell("place-confirmed", place, session.get_one(Person, place.person_id), now)
    return place


def promote(place: Participation, *, by: int, now: datetime) -> Participation:
    """Offer a free place to somebody who waits, whatever their position and the deadline.

    Once the slot has started there is no time left to answer, and they have it at once.
    Raises Refused where nobody waits here any more, no place is free, or something blocks.
    """
    lock_people(place.person_id)
    slot = lock(place.slot_id)
    session.refresh(place)
    if place.state is not State.WAITLISTED:
        raise Refused([Refusal(Code.NO_PLACE)])
    if _judge(slot, place, now).full:
        raise Refused([Refusal(Code.FULL)])
    if slot.starts_at <= now:
        move(place, State.CONFIRMED, by=by, now=now)
        tell("place-confirmed", place, session.get_one(Person, place.person_id), now, waited=True)
        return place
    offer(place, slot, by=by, now=now)
    tell("place-free", place, session.get_one(Person, place.person_id), now)
    return place


def _judge(slot: Slot, place: Participation, now: datetime) -> NeedFacts:
    """The need as it stands; raises Refused with what blocks, apart from being in it already."""
    judged = judge(slot, session.get_one(Person, place.person_id))
    need = judged.need(place.need_id)
    if reasons := blocking(judged.against(need, now, by_self=False)):
        raise Refused(reasons)
    return need
