"""Taking, offering, answering and giving up places.

Each function locks the slot's row first and reads it anew, then counts and judges, so that two
people who press at the same moment cannot both have the last place. None of them commits.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from brigades.audit import service as audit
from brigades.db import session
from brigades.outbox import service as outbox
from brigades.people.models import Person
from brigades.schedule import facts
from brigades.schedule.limits import limits
from brigades.schedule.models import Need, Participation, Slot
from brigades.schedule.rules import (
    Code,
    NeedFacts,
    PersonFacts,
    Refusal,
    SlotFacts,
    blocking,
    refusals,
)
from brigades.schedule.states import LIVE, State
from brigades.schedule.timing import answer_by


class Refused(Exception):
    """A place was not given; ``reasons`` says why, each judged at that moment."""

    def __init__(self, reasons: list[Refusal]) -> None:
        super().__init__(", ".join(reason.code for reason in reasons))
        self.reasons = reasons


@dataclass(frozen=True)
class Judged:
    """A slot under lock, with the facts that were read after it."""

    slot: Slot
    facts: SlotFacts
    person: Person
    person_facts: PersonFacts

    def refusals(self, need: NeedFacts, now: datetime, *, by_self: bool) -> list[Refusal]:
        """Every reason to say no to this person at this need."""
        return list(
            refusals(self.facts, need, self.person_facts, now, by_self=by_self, limits=limits())
        )


def lock(slot_id: int) -> Slot:
    """The slot's row, locked until the transaction ends and read anew."""
    return session.execute(
        select(Slot)
        .where(Slot.id == slot_id)
        .with_for_update(of=Slot.__table__)
        .execution_options(populate_existing=True)
    ).scalar_one()


def judge(slot: Slot, person: Person) -> Judged:
    """Everything that the rules need on one person and one slot, read now."""
    known = facts.facts_around([person], [slot])
    return Judged(slot, facts.facts_of([slot])[0], person, known[person.id])


def join(
    slot_id: int, person: Person, *, now: datetime, need_id: int | None = None
) -> Participation:
    """Come in by oneself: confirmed where a place is free, else at the end of the waitlist.

    Without a need: the first fitting one with a place, else the waitlist of the first fitting one.
    A warning does not keep anybody from signing up: it is about what they said themselves.
    Raises Refused with the reasons of the need that was named, or of the nearest miss.
    """
    judged = judge(lock(slot_id), person)
    need = _choose(judged, now, need_id)
    state = State.WAITLISTED if _no_room(need) else State.CONFIRMED
    place = _take(judged.slot, need.id, person, state, by=person.id, now=now)
    _tell(state.value, place, person, now)
    return place


def _choose(judged: Judged, now: datetime, need_id: int | None) -> NeedFacts:
    needs = [need for need in judged.facts.needs if need_id in (None, need.id)]
    reasons = {need.id: judged.refusals(need, now, by_self=True) for need in needs}
    fitting = [need for need in needs if not blocking(reasons[need.id])]
    if fitting:
        return next((need for need in fitting if not _no_room(need)), fitting[0])
    if not needs:
        raise Refused([Refusal(Code.NOT_OPEN)])
    raise Refused(min(map(blocking, reasons.values()), key=len))


def _no_room(need: NeedFacts) -> bool:
    """Whether a newcomer waits: the need is full, or others wait already."""
    return need.full or need.waiting > 0


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

    Where the need is full the person goes on its waitlist. Raises Refused; a warning passes with
    an ``override`` reason, a block never does.
    """
    judged = judge(lock(slot_id), person)
    need = next((need for need in judged.facts.needs if need.id == need_id), None)
    if need is None:
        raise Refused([Refusal(Code.NOT_OPEN)])
    reasons = judged.refusals(need, now, by_self=False)
    if any(reason.blocks for reason in reasons) or (reasons and not override.strip()):
        raise Refused(reasons)
    state = State.WAITLISTED if need.full else State.CONFIRMED if agreed else State.OFFERED
    place = _take(judged.slot, need_id, person, state, by=by, now=now, why=override)
    place.override = override if reasons else ""
    _tell(state.value, place, person, now)
    return place


def answer(place: Participation, accept: bool, *, now: datetime, why: str = "") -> Participation:
    """The person accepts or declines an offer. Raises Refused where there is none to answer.

    Accepting judges again: what was free when asked may overlap by now.
    """
    slot = lock(place.slot_id)
    session.refresh(place)
    person = session.get_one(Person, place.person_id)
    if place.state is not State.OFFERED:
        raise Refused([Refusal(Code.NO_PLACE)])
    if not accept:
        move(place, State.DECLINED, by=person.id, now=now, why=why)
        fill(slot, now=now)
        return place
    reasons = [
        reason
        for reason in _reasons_to_confirm(slot, place, person, now)
        if reason.blocks or not place.override
    ]
    if reasons:
        raise Refused(reasons)
    move(place, State.CONFIRMED, by=person.id, now=now)
    _tell(State.CONFIRMED.value, place, person, now)
    return place


def _reasons_to_confirm(
    slot: Slot, place: Participation, person: Person, now: datetime
) -> list[Refusal]:
    judged = judge(slot, person)
    need = next(need for need in judged.facts.needs if need.id == place.need_id)
    mine = {Code.ALREADY_IN, Code.FULL}  # the offer itself is the live part and holds the place
    return [
        reason for reason in judged.refusals(need, now, by_self=False) if reason.code not in mine
    ]


def leave(place: Participation, *, now: datetime, why: str = "") -> None:
    """The person gives the place up, or the waiting; it goes to the longest waiting.

    Raises Refused once the slot has started.
    """
    slot = lock(place.slot_id)
    session.refresh(place)
    if place.state not in LIVE or place.state in (State.ATTENDED, State.ABSENT):
        raise Refused([Refusal(Code.NO_PLACE)])
    if slot.starts_at <= now:
        raise Refused([Refusal(Code.STARTED)])
    became = State.DECLINED if place.state is State.OFFERED else State.WITHDRAWN
    move(place, became, by=place.person_id, now=now, why=why)
    fill(slot, now=now)


def remove(place: Participation, *, by: int | None, now: datetime, why: str) -> None:
    """A coordinator takes somebody off; they are told, and the place goes on."""
    slot = lock(place.slot_id)
    session.refresh(place)
    if place.state not in LIVE:
        raise Refused([Refusal(Code.NO_PLACE)])
    move(place, State.CANCELLED, by=by, now=now, why=why)
    if slot.ends_at > now:
        _tell("removed", place, session.get_one(Person, place.person_id), now)
    fill(slot, now=now)


def fill(slot: Slot, *, now: datetime) -> list[Participation]:
    """Offer every free place to the longest waiting whom nothing stands against.

    Nothing is offered once the slot has started or sign-up has closed. The slot must be locked.
    """
    session.flush()
    slot_facts = facts.facts_of([slot])[0]
    closed = slot_facts.signup_ends is not None and slot_facts.signup_ends <= now
    if not slot_facts.published or slot.starts_at <= now or closed:
        return []
    offered: list[Participation] = []
    for need in slot_facts.needs:
        free = need.waiting if need.free is None else need.free
        if free and need.waiting:
            offered += _offer_to_waiting(slot, slot_facts, need, free, now)
    return offered


def _offer_to_waiting(
    slot: Slot, slot_facts: SlotFacts, need: NeedFacts, free: int, now: datetime
) -> list[Participation]:
    waiting = session.scalars(
        select(Participation)
        .where(Participation.need_id == need.id, Participation.state == State.WAITLISTED)
        .options(joinedload(Participation.person))
        .order_by(Participation.queued_at, Participation.id)
    ).all()
    people = facts.facts_around([place.person for place in waiting], [slot])
    chosen: list[Participation] = []
    for place in waiting:
        if len(chosen) == free:
            break
        # Who was put here over a warning is judged as they were then.
        reasons = refusals(
            slot_facts,
            need,
            people[place.person_id],
            now,
            by_self=not place.override,
            limits=limits(),
        )
        mine = (Code.ALREADY_IN, Code.ASSIGNED_ONLY)
        if any(reason.blocks and reason.code not in mine for reason in reasons):
            continue
        move(place, State.OFFERED, by=None, now=now, why="a place became free")
        place.asked_at, place.answer_by = now, answer_by(now, slot.starts_at, limits().answer)
        _tell("place-free", place, place.person, now)
        chosen.append(place)
    return chosen


def lapse_offers(now: datetime) -> int:
    """Offers whose deadline has passed lapse, and their places go on; returns how many.

    Works through slots one by one, each under its lock, in the order of their ids.
    """
    due = select(Participation.slot_id).where(
        Participation.state == State.OFFERED, Participation.answer_by <= now
    )
    lapsed = 0
    for slot_id in session.scalars(due.distinct().order_by(Participation.slot_id)).all():
        slot = lock(slot_id)
        places = session.scalars(
            select(Participation).where(
                Participation.slot_id == slot_id,
                Participation.state == State.OFFERED,
                Participation.answer_by <= now,
            )
        ).all()
        for place in places:
            move(place, State.LAPSED, by=None, now=now, why="no answer until the deadline")
        lapsed += len(places)
        fill(slot, now=now)
    return lapsed


def free_places(person_id: int, *, by: int | None, now: datetime, why: str) -> None:
    """Whoever leaves the organisation gives up every place in what has not started yet."""
    places = session.scalars(
        select(Participation)
        .join(Slot, Slot.id == Participation.slot_id)
        .where(
            Participation.person_id == person_id,
            Participation.state.in_(LIVE - {State.ATTENDED, State.ABSENT}),
            Slot.starts_at > now,
        )
        .order_by(Participation.slot_id)
    ).all()
    for place in places:
        slot = lock(place.slot_id)
        move(place, State.CANCELLED, by=by, now=now, why=why)
        fill(slot, now=now)


def _take(
    slot: Slot,
    need_id: int,
    person: Person,
    state: State,
    *,
    by: int,
    now: datetime,
    why: str = "",
) -> Participation:
    rounds = session.scalar(
        select(func.coalesce(func.max(Participation.round), 0)).where(
            Participation.slot_id == slot.id, Participation.person_id == person.id
        )
    )
    place = Participation(
        slot_id=slot.id,
        need_id=need_id,
        person_id=person.id,
        round=(rounds or 0) + 1,
        state=state,
        queued_at=now,
        changed_at=now,
    )
    if state is State.OFFERED:
        place.asked_at, place.answer_by = now, answer_by(now, slot.starts_at, limits().answer)
    session.add(place)
    session.flush()
    _record(place, slot.section_id, "", state, by=by, now=now, why=why)
    return place


def move(
    place: Participation, state: State, *, by: int | None, now: datetime, why: str = ""
) -> None:
    """Change a place's state and write it into the trail."""
    was, place.state, place.changed_at = place.state, state, now
    if state is not State.OFFERED:
        place.answer_by = None
    section_id = session.scalar(select(Slot.section_id).where(Slot.id == place.slot_id))
    _record(place, section_id, was.value, state, by=by, now=now, why=why)
    session.flush()


def _record(
    place: Participation,
    section_id: int | None,
    was: str,
    state: State,
    *,
    by: int | None,
    now: datetime,
    why: str,
) -> None:
    audit.record(
        "participation",
        by=by,
        at=now,
        was=was,
        became=state.value,
        why=why,
        person_id=place.person_id,
        slot_id=place.slot_id,
        section_id=section_id,
    )


def _tell(name: str, place: Participation, person: Person, now: datetime) -> None:
    about: dict[str, Any] = {"participation": place.id, "state": place.state.value}
    key = f"{name}:{place.id}:{now.isoformat()}"
    outbox.post(f"place-{name.removeprefix('place-')}", to=person, about=about, key=key, now=now)


def need_of(slot_id: int, need_id: int) -> Need | None:
    """A need, if it belongs to that slot."""
    return session.scalar(select(Need).where(Need.id == need_id, Need.slot_id == slot_id))
