"""Taking, offering, answering and giving up places: the core as other folders use it.

Each function locks whoever comes by a place, then the slot's row, reads both anew, counts and
judges: two people who press at the same moment cannot both have the last place, nor one person two
that overlap. None of them commits.
"""

from datetime import datetime

from sqlalchemy import select

from brigades.db import session
from brigades.people.models import Person
from brigades.schedule.judging import Judged, judge
from brigades.schedule.leaving import free_places, give_up, leave, remove
from brigades.schedule.models import Need, Participation, SignUp
from brigades.schedule.moves import Refused, lock, lock_people, move, take, tell
from brigades.schedule.rules import Code, NeedFacts, Refusal, blocking
from brigades.schedule.states import State
from brigades.schedule.waitlist import fill, lapse_offers, room_for_newcomer

__all__ = [
    "Judged",
    "Refused",
    "answer",
    "assign",
    "fill",
    "free_places",
    "join",
    "judge",
    "lapse_offers",
    "leave",
    "lock",
    "move",
    "need_of",
    "remove",
    "too_late",
]


def join(
    slot_id: int, person: Person, *, now: datetime, need_id: int | None = None
) -> Participation:
    """Come in by oneself: confirmed where a place is free, else at the end of the waitlist.

    Those who wait already and could come go first; who could not keeps nobody from a free place.
    Where the slot asks for a request, the coordinator decides.
    Without a need: the first fitting one with a place, else the waitlist of the first fitting one.
    A warning does not keep anybody from signing up: it is about what they said themselves.
    Raises Refused with the reasons of the need that was named, or of the nearest miss.
    """
    lock_people(person.id)
    judged = judge(lock(slot_id), person)
    need, room = _choose(judged, now, need_id)
    state = State.CONFIRMED if room else State.WAITLISTED
    if judged.slot.signup is SignUp.REQUEST:
        state = State.REQUESTED
    place = take(judged.slot, need.id, person, state, by=person.id, now=now)
    tell(f"place-{state}", place, person, now)
    return place


def _choose(judged: Judged, now: datetime, need_id: int | None) -> tuple[NeedFacts, bool]:
    """The need that somebody comes to, and whether there is a place for them."""
    needs = [need for need in judged.facts.needs if need_id in (None, need.id)]
    reasons = {need.id: judged.refusals(need, now, by_self=True) for need in needs}
    fitting = [need for need in needs if not blocking(reasons[need.id])]
    for need in fitting:
        if room_for_newcomer(judged.slot, judged.facts, need, now):
            return need, True
    if fitting:
        return fitting[0], False
    if not needs:
        raise Refused([Refusal(Code.NOT_OPEN)])
    raise Refused(min(map(blocking, reasons.values()), key=len))


def assign(
    slot_id: int,
    need_id: int,
    person: Person,
    *,
    by: int,
    now: datetime,
    agreed: bool = False,
    override: str = "",
) -> Participation:
    """A coordinator gives a place: offered with a deadline, or confirmed if they have agreed.

    Once the slot has started there is no time left to answer, and they have it at once.
    Where the need is full the person goes on its waitlist. Raises Refused; a warning passes with
    an ``override`` reason, a block never does.
    """
    lock_people(person.id)
    judged = judge(lock(slot_id), person)
    need = next((need for need in judged.facts.needs if need.id == need_id), None)
    if need is None:
        raise Refused([Refusal(Code.NOT_OPEN)])
    reasons = judged.refusals(need, now, by_self=False)
    if any(reason.blocks for reason in reasons) or (reasons and not override.strip()):
        raise Refused(reasons)
    at_once = agreed or judged.slot.starts_at <= now
    state = State.WAITLISTED if need.full else State.CONFIRMED if at_once else State.OFFERED
    place = take(judged.slot, need_id, person, state, by=by, now=now, why=override)
    place.override = override if reasons else ""
    tell(f"place-{state}", place, person, now)
    return place


def answer(place: Participation, accept: bool, *, now: datetime, why: str = "") -> Participation:
    """The person accepts or declines an offer. Raises Refused where there is none to answer.

    Accepting judges again: what was free when asked may overlap by now. After the deadline the
    place is for the next in line, whether the pass that lapses offers came by or not.
    """
    lock_people(place.person_id)
    slot = lock(place.slot_id)
    session.refresh(place)
    person = session.get_one(Person, place.person_id)
    if place.state is not State.OFFERED:
        raise Refused([Refusal(Code.NO_PLACE)])
    if not accept:
        give_up(place, slot, State.DECLINED, now=now, why=why)
        return place
    if too_late(place, now):
        raise Refused([Refusal(Code.NO_PLACE)])
    judged = judge(slot, person)
    # Over a warning it was given by a coordinator, and is judged as they do.
    by_self = not place.override
    if reasons := blocking(judged.against(judged.need(place.need_id), now, by_self=by_self)):
        raise Refused(reasons)
    move(place, State.CONFIRMED, by=person.id, now=now)
    tell("place-confirmed", place, person, now)
    return place


def too_late(place: Participation, now: datetime) -> bool:
    """Whether an offer can no longer be accepted: its deadline has passed."""
    return place.answer_by is not None and place.answer_by <= now


def need_of(slot_id: int, need_id: int) -> Need | None:
    """A need, if it belongs to that slot."""
    return session.scalar(select(Need).where(Need.id == need_id, Need.slot_id == slot_id))
