"""Sign-up on request: somebody asked for a place, and a coordinator decides."""

from datetime import datetime

from brigades.db import session
from brigades.people.models import Person
from brigades.schedule.judging import judge
from brigades.schedule.models import Participation
from brigades.schedule.moves import Refused, lock, lock_people, move, tell
from brigades.schedule.rules import Code, Refusal
from brigades.schedule.states import State


def grant(place: Participation, *, by: int, now: datetime, override: str = "") -> Participation:
    """Give the place that was asked for; judged again, counted under the lock.

    Where the need is full they go on its waitlist, from when they asked, or FULL refuses where the
    slot keeps none. Raises Refused; a warning passes with an ``override`` reason, a block never
    does. NO_PLACE says that there is no request any more.
    """
    lock_people(place.person_id)
    slot = lock(place.slot_id)
    session.refresh(place)
    if place.state is not State.REQUESTED:
        raise Refused([Refusal(Code.NO_PLACE)])
    person = session.get_one(Person, place.person_id)
    judged = judge(slot, person)
    need = judged.need(place.need_id)
    reasons = judged.against(need, now, by_self=False)
    if need.full and not slot.waitlist:
        reasons.append(Refusal(Code.FULL))
    if any(reason.blocks for reason in reasons) or (reasons and not override.strip()):
        raise Refused(reasons)
    place.override = override if reasons else ""
    state = State.WAITLISTED if need.full else State.CONFIRMED
    move(place, state, by=by, now=now, why=place.override)
    tell(f"place-{state}", place, person, now)
    return place


def decline(place: Participation, *, by: int, now: datetime, why: str) -> None:
    """Say no to a request; the person is told ``why``. Raises Refused where there is none."""
    lock(place.slot_id)
    session.refresh(place)
    if place.state is not State.REQUESTED:
        raise Refused([Refusal(Code.NO_PLACE)])
    move(place, State.DECLINED, by=by, now=now, why=why)
    tell("request-declined", place, session.get_one(Person, place.person_id), now, why=why)
