"""Cover for a place whose holder cannot come any more: asked for in waves, taken by the first.

The holder keeps the place until somebody takes it or a coordinator lets them go.
"""

from datetime import datetime

from sqlalchemy import func, or_, select, text

from brigades.db import session
from brigades.outbox import service as outbox
from brigades.people.models import Person
from brigades.schedule import facts
from brigades.schedule.coordinators import coordinators_of
from brigades.schedule.cover_pool import next_to_ask
from brigades.schedule.finding import waits_for_answer
from brigades.schedule.judging import judge
from brigades.schedule.limits import limits
from brigades.schedule.models import CoverAsk, Participation, Slot, Status
from brigades.schedule.moves import Refused, lock, lock_people, move, take, tell
from brigades.schedule.rules import Code, Refusal, blocking
from brigades.schedule.states import LIVE, State

COVERED = "somebody else took it over"


def seek(place: Participation, slot: Slot, *, now: datetime, why: str) -> None:
    """Look for somebody to take a confirmed place; the first are asked at once.

    The slot must be locked.
    """
    move(place, State.SEEKING_COVER, by=place.person_id, now=now, why=why)
    place.cover_since = now
    ask_next(place, slot, now=now)


def come_after_all(place: Participation, *, now: datetime) -> None:
    """The holder can come: nobody need take the place. Raises Refused where none is sought."""
    slot = lock(place.slot_id)
    session.refresh(place)
    if place.state is not State.SEEKING_COVER:
        raise Refused([Refusal(Code.NO_PLACE)])
    move(place, State.CONFIRMED, by=place.person_id, now=now)
    _ask_for_others(slot, now=now)


def _ask_for_others(slot: Slot, *, now: datetime) -> None:
    """Who was asked for a place that is settled by now can be asked for others in the slot."""
    if slot.starts_at <= now:
        return
    looking = select(Participation).where(
        Participation.slot_id == slot.id, Participation.state == State.SEEKING_COVER
    )
    for place in session.scalars(looking.order_by(Participation.id)).all():
        if not _open_asks(place):
            ask_next(place, slot, now=now)


def ask_next(place: Participation, slot: Slot, *, now: datetime) -> int:
    """Ask the next wave; where nobody is left, tell who answers for the slot, once.

    Returns how many were asked. The slot must be locked.
    """
    place.cover_looked_at = now
    slot_facts = facts.facts_of([slot])[0]
    need = next(need for need in slot_facts.needs if need.id == place.need_id)
    people = next_to_ask(place, slot, slot_facts, need, now)
    last = session.scalar(select(func.max(CoverAsk.wave)).where(CoverAsk.place_id == place.id))
    asks = _asks_of(place, people, wave=(last or 0) + 1, now=now)
    outbox.post_rows(
        [
            outbox.row(
                "cover-asked",
                address=person.email,
                to_name=person.name,
                locale=person.locale,
                about={"ask": ask.id, "wave": ask.wave},
                key=f"cover-asked:{ask.id}:{ask.wave}",
                now=now,
                person_id=person.id,
                section_id=person.section_id,
                needed_by=slot.starts_at,
            )
            for ask, person in zip(asks, people, strict=True)
            if person.email
        ]
    )
    if not asks:
        _nobody_left(place, slot, now)
    return len(asks)


def _asks_of(
    place: Participation, people: list[Person], *, wave: int, now: datetime
) -> list[CoverAsk]:
    """A question to each of them; one that an earlier search left open is asked anew."""
    ids = [person.id for person in people]
    before = {
        ask.person_id: ask
        for ask in session.scalars(
            select(CoverAsk).where(CoverAsk.place_id == place.id, CoverAsk.person_id.in_(ids))
        )
    }
    asks = [before.get(id) or CoverAsk(place_id=place.id, person_id=id) for id in ids]
    for ask in asks:
        ask.wave, ask.asked_at, ask.answered_at, ask.said_yes = wave, now, None, None
    session.add_all(asks)
    session.flush()
    return asks


def _nobody_left(place: Participation, slot: Slot, now: datetime) -> None:
    assert place.cover_since is not None
    for person in coordinators_of(slot, now):
        outbox.post(
            "cover-nobody",
            to=person,
            about={"participation": place.id},
            key=f"cover-nobody:{place.id}:{place.cover_since.isoformat()}:{person.id}",
            now=now,
            section_id=slot.section_id,
            needed_by=slot.starts_at,
        )


def ask_in_waves(now: datetime) -> int:
    """Ask the next wave wherever the last one is long enough ago; returns how many were asked.

    Nobody is asked once a slot has started. Works through places in the order of their slots.
    """
    due = (
        select(Participation)
        .join(Slot, Slot.id == Participation.slot_id)
        .where(
            # Written out, so that SQLite finds the index of those who look for cover.
            text("participation.state = 'seeking cover'"),
            Slot.status == Status.PUBLISHED,
            Slot.starts_at > now,
            or_(
                Participation.cover_looked_at.is_(None),
                Participation.cover_looked_at <= now - limits().wave_every,
            ),
        )
        .order_by(Participation.slot_id, Participation.id)
    )
    asked = 0
    for place in session.scalars(due).all():
        slot = lock(place.slot_id)
        session.refresh(place)
        looked = place.cover_looked_at
        waits = looked is not None and looked > now - limits().wave_every  # another worker did
        if place.state is State.SEEKING_COVER and not waits:
            asked += ask_next(place, slot, now=now)
    return asked


def answer_ask(ask: CoverAsk, accept: bool, *, now: datetime) -> None:
    """Somebody who was asked takes the place over, or says no; ``ask.place`` must be loaded.

    Taking judges anew. Raises Refused with NO_PLACE where somebody was faster, the holder comes
    after all, or this was answered before. Where all who were asked said no, the next are asked.
    """
    place = ask.place
    lock_people(ask.person_id)
    slot = lock(place.slot_id)
    session.refresh(place)
    session.refresh(ask)
    if place.state is not State.SEEKING_COVER or ask.answered_at is not None:
        raise Refused([Refusal(Code.NO_PLACE)])
    if slot.starts_at <= now:
        raise Refused([Refusal(Code.STARTED)])
    if accept:
        _take_over(ask, place, slot, now)
    ask.answered_at, ask.said_yes = now, accept
    session.flush()
    if accept:
        _ask_for_others(slot, now=now)
    elif not _open_asks(place):
        ask_next(place, slot, now=now)


def _take_over(ask: CoverAsk, place: Participation, slot: Slot, now: datetime) -> None:
    taker, holder = session.get_one(Person, ask.person_id), session.get_one(Person, place.person_id)
    judged = judge(slot, taker)
    if reasons := blocking(judged.against(judged.need(place.need_id), now, by_self=True)):
        raise Refused(reasons)
    own = session.scalar(
        select(Participation).where(
            Participation.slot_id == slot.id,
            Participation.person_id == taker.id,
            Participation.state.in_(LIVE),
        )
    )
    if own is not None and own.state is not State.WAITLISTED:
        raise Refused([Refusal(Code.ALREADY_IN)])
    move(place, State.WITHDRAWN, by=taker.id, now=now, why=COVERED)
    if own is None:
        own = take(slot, place.need_id, taker, State.CONFIRMED, by=taker.id, now=now)
    else:
        own.need_id = place.need_id
        move(own, State.CONFIRMED, by=taker.id, now=now)
    tell("place-covered", place, holder, now, taker=taker.id)
    tell("place-confirmed", own, taker, now)


def _open_asks(place: Participation) -> int:
    left = (
        select(func.count(CoverAsk.id))
        .join(CoverAsk.place)
        .where(CoverAsk.place_id == place.id, *waits_for_answer())
    )
    return session.scalar(left) or 0
