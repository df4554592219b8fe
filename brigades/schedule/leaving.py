"""Giving a place up, being taken off, and leaving the organisation: the place goes on."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from brigades.db import session
from brigades.people.models import Person
from brigades.schedule.cover import seek
from brigades.schedule.limits import limits
from brigades.schedule.models import Participation, Slot
from brigades.schedule.moves import Refused, lock, move, tell
from brigades.schedule.rules import Code, Refusal
from brigades.schedule.states import LIVE, SAID, State
from brigades.schedule.timing import leave_by
from brigades.schedule.waitlist import fill

# (place, now) after somebody gave up by themselves what they held: registered in create_app.
listeners: list[Callable[[Participation, datetime], None]] = []


def leaves_freely(place: Participation, slot: Slot, now: datetime) -> bool:
    """Whether leaving now gives the place up, rather than asking for somebody to take it."""
    return place.state not in (State.CONFIRMED, State.SEEKING_COVER) or now < free_until(slot)


def free_until(slot: Slot) -> datetime:
    """The instant until which a confirmed place is given up freely."""
    return leave_by(slot.starts_at, slot.leave_by_hours, limits().leave)


def leave(place: Participation, *, now: datetime, why: str = "") -> None:
    """The person gives up their place, an offer, a request or the waiting; the place goes on.

    A confirmed place is given up until the leave-by time; after it they look for cover and hold
    it until somebody takes it. Saying so twice changes nothing. Raises Refused once the slot has
    started.
    """
    slot = lock(place.slot_id)
    session.refresh(place)
    if place.state not in LIVE or place.state in SAID:
        raise Refused([Refusal(Code.NO_PLACE)])
    if slot.starts_at <= now:
        raise Refused([Refusal(Code.UNDER_WAY)])
    if place.state is State.SEEKING_COVER:
        return
    if not leaves_freely(place, slot, now):
        seek(place, slot, now=now, why=why)
        return
    became = State.DECLINED if place.state is State.OFFERED else State.WITHDRAWN
    give_up(place, slot, became, now=now, why=why)


def give_up(
    place: Participation, slot: Slot, became: State, *, now: datetime, why: str = ""
) -> None:
    """The person says that they do not come, and the place goes on; the slot must be locked."""
    held = place.holds
    move(place, became, by=place.person_id, now=now, why=why)
    if held:
        for listener in listeners:
            listener(place, now)
    fill(slot, now=now)


def remove(place: Participation, *, by: int | None, now: datetime, why: str) -> None:
    """A coordinator takes somebody off; they are told, and the place goes on.

    Raises Refused where they have no place any more, and CAME for who was there: what they did
    there, their hours and what they earned by it, is not to go with the place.
    """
    slot = lock(place.slot_id)
    session.refresh(place)
    if place.state not in LIVE:
        raise Refused([Refusal(Code.NO_PLACE)])
    if place.state is State.ATTENDED:
        raise Refused([Refusal(Code.CAME)])
    move(place, State.CANCELLED, by=by, now=now, why=why)
    if slot.ends_at > now:
        tell("place-removed", place, session.get_one(Person, place.person_id), now, why=why)
    fill(slot, now=now)


def free_places(person_id: int, *, by: int | None, now: datetime, why: str) -> None:
    """Whoever leaves the organisation gives up every place in what has not started yet."""
    places = session.scalars(
        select(Participation)
        .join(Slot, Slot.id == Participation.slot_id)
        .where(
            Participation.person_id == person_id,
            Participation.state.in_(LIVE - SAID),
            Slot.starts_at > now,
        )
        .order_by(Participation.slot_id)
    ).all()
    for place in places:
        slot = lock(place.slot_id)
        session.refresh(place)
        if place.state not in LIVE:
            continue
        move(place, State.CANCELLED, by=by, now=now, why=why)
        fill(slot, now=now)
