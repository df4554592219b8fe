"""What a coordinator does for somebody who already stands with a slot: confirm, or promote.

Each locks the slot first, counts and judges anew, and writes who did it. None of them commits.
"""

from datetime import datetime

from brigades.db import session
from brigades.outbox import service as outbox
from brigades.people.models import Person
from brigades.schedule.limits import limits
from brigades.schedule.models import Participation, Slot
from brigades.schedule.rules import Code, NeedFacts, Refusal
from brigades.schedule.service import Refused, judge, lock, move
from brigades.schedule.states import State
from brigades.schedule.timing import answer_by


def confirm(place: Participation, *, by: int, now: datetime) -> Participation:
    """Say on somebody's behalf that they come; a coordinator heard it from them.

    Raises Refused where no offer is open, or where something blocks by now.
    """
    slot = lock(place.slot_id)
    session.refresh(place)
    if place.state is not State.OFFERED:
        raise Refused([Refusal(Code.NO_PLACE)])
    _judge(slot, place, now)
    move(place, State.CONFIRMED, by=by, now=now, why="on their behalf")
    _tell("place-confirmed", place, now)
    return place


def promote(place: Participation, *, by: int, now: datetime) -> Participation:
    """Offer a free place to somebody who waits, whatever their position and the deadline.

    Raises Refused where nobody waits here any more, no place is free, or something blocks.
    """
    slot = lock(place.slot_id)
    session.refresh(place)
    if place.state is not State.WAITLISTED:
        raise Refused([Refusal(Code.NO_PLACE)])
    if _judge(slot, place, now).full:
        raise Refused([Refusal(Code.FULL)])
    move(place, State.OFFERED, by=by, now=now)
    place.asked_at, place.answer_by = now, answer_by(now, slot.starts_at, limits().answer)
    _tell("place-free", place, now)
    return place


def _judge(slot: Slot, place: Participation, now: datetime) -> NeedFacts:
    """The need as it stands; raises Refused with what blocks, apart from being in it already."""
    judged = judge(slot, session.get_one(Person, place.person_id))
    need = next(need for need in judged.facts.needs if need.id == place.need_id)
    mine = {Code.ALREADY_IN, Code.FULL}
    reasons = [
        reason
        for reason in judged.refusals(need, now, by_self=False)
        if reason.blocks and reason.code not in mine
    ]
    if reasons:
        raise Refused(reasons)
    return need


def _tell(name: str, place: Participation, now: datetime) -> None:
    outbox.post(
        name,
        to=session.get_one(Person, place.person_id),
        about={"participation": place.id, "state": place.state.value},
        key=f"{name}:{place.id}:{now.isoformat()}",
        now=now,
    )
