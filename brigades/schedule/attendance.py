"""Who came, when, and when they left. What follows from it listens in the same transaction.

Each function locks the slot first and reads the place anew, so that two leads who tap at the same
moment say it once. What was said already changes nothing. None of them commits.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from brigades.clock import Wall
from brigades.db import session
from brigades.schedule.came_after_all import goes_back, is_free, why_one_more
from brigades.schedule.limits import limits
from brigades.schedule.models import Participation, Slot, Status
from brigades.schedule.moves import lock, move
from brigades.schedule.presence_trail import moment, record, times_of
from brigades.schedule.rules import presence
from brigades.schedule.rules.presence import Span, Why
from brigades.schedule.states import COMING, SAID, State

# (place, by, now) after somebody's coming was said or taken back; registered in create_app.
listeners: list[Callable[[Participation, int, datetime], None]] = []

TICKABLE = COMING | SAID


class Unfit(Exception):
    """It cannot be said that somebody came or left; nothing was changed."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True)
class Times:
    """What was typed in by hand: wall times at the slot, and that longer than it is right."""

    came: Wall
    left: Wall | None
    more: bool = False
    why: str = ""


def span_of(slot: Slot) -> Span:
    """A slot's instants, as the rules of being there take them."""
    return Span(slot.meets_at, slot.starts_at, slot.ends_at)


def check_in(place: Participation, *, by: int, now: datetime, at: datetime | None = None) -> bool:
    """Somebody came at ``at``, the moment itself and not when it was heard of; now unless told.

    False where they are here already. Raises Unfit in the future, too early, after the end, and
    for who has no place.
    """
    slot = _locked(place)
    if place.state is State.ATTENDED:
        return False
    at = (at or now).replace(microsecond=0)
    _unless(presence.against_coming(at, now, span_of(slot), limits().early))
    move(place, State.ATTENDED, by=by, now=now, why=why_one_more(place))
    place.came_at, place.left_at, place.more_hours = at, None, False
    record(place, slot, "checked in", by=by, now=now, became=moment(at, slot))
    _listen(place, by, now)
    return True


def check_out(place: Participation, *, by: int, now: datetime, at: datetime | None = None) -> bool:
    """Somebody left at ``at``. False where they have left already.

    Raises Unfit in the future, before they came, long after the end, and for who is not here.
    """
    slot = _locked(place)
    if place.state is not State.ATTENDED:
        raise Unfit(Why.NOT_HERE)
    if place.left_at is not None:
        return False
    at = (at or now).replace(microsecond=0)
    _unless(presence.against_leaving(at, now, span_of(slot), place.came_at))
    place.left_at, place.changed_at = at, now
    record(place, slot, "checked out", by=by, now=now, became=moment(at, slot))
    return True


def tick(place: Participation, came: bool | None, *, by: int, now: datetime) -> None:
    """Say that somebody came for the whole slot (True), did not (False), or take it back (None).

    Saying it twice changes nothing. Of what was cancelled meanwhile nobody is expected again, nor
    is who came after all when their place was given away: they are absent as before. Raises Unfit
    before the doors open, for who has no place, for absence before the start, and where the place
    of somebody absent was given away.
    """
    slot = _locked(place)
    if came is not None and now < presence.opens_at(span_of(slot), limits().early):
        raise Unfit(Why.TOO_EARLY)
    became = {True: State.ATTENDED, False: State.ABSENT, None: State.CONFIRMED}[came]
    if place.state is became or (came is None and place.state in COMING):
        return
    if came is False and now < slot.starts_at:
        raise Unfit(Why.NOT_STARTED)
    if came is None and slot.status is Status.CANCELLED:
        became = State.CANCELLED
    elif came is None and place.state is State.ABSENT and not is_free(place):
        raise Unfit(Why.GIVEN_AWAY)
    elif came is None and place.state is State.ATTENDED and goes_back(place):
        became = State.ABSENT
    move(place, became, by=by, now=now, why=why_one_more(place) if came else "")
    place.came_at, place.left_at, place.more_hours = None, None, False
    _listen(place, by, now)


def undo(place: Participation, *, by: int, now: datetime) -> None:
    """Take the last tap back: who left is here again, who came or did not is expected."""
    slot = _locked(place)
    if place.state is not State.ATTENDED or place.left_at is None:
        tick(place, None, by=by, now=now)
        return
    was, place.left_at, place.changed_at = place.left_at, None, now
    place.more_hours = False
    record(place, slot, "checked out", by=by, now=now, was=moment(was, slot))


def everybody(slot_id: int, *, by: int, now: datetime) -> int:
    """All who are expected and of whom nothing was said are here; returns how many.

    Not those who said that they cannot come, though nobody took their place: whoever came after
    all is said by name. After the end: they were there the whole time. Raises Unfit before the
    doors open.
    """
    slot = lock(slot_id)
    if now < presence.opens_at(span_of(slot), limits().early):
        raise Unfit(Why.TOO_EARLY)
    expected = session.scalars(
        select(Participation)
        .where(Participation.slot_id == slot_id, Participation.state == State.CONFIRMED)
        .order_by(Participation.id)
    ).all()
    for place in expected:
        if now < slot.ends_at:
            check_in(place, by=by, now=now)
        else:
            tick(place, True, by=by, now=now)
    return len(expected)


def by_hand(place: Participation, times: Times, *, by: int, now: datetime) -> None:
    """Write down when somebody was there; the hours then stand, whatever becomes of the slot.

    Correcting what was said before takes a reason, which is kept in the trail. Raises Unfit, as
    before the doors open.
    """
    slot = _locked(place)
    came_at, left_at = times.came.instant, times.left.instant if times.left else None
    if now < presence.opens_at(span_of(slot), limits().early):
        raise Unfit(Why.TOO_EARLY)
    if place.state not in COMING and not times.why.strip():
        raise Unfit(Why.NO_REASON)
    _unless(presence.against_times(came_at, left_at, now, span_of(slot), more=times.more))
    was = times_of(place, slot)
    if place.state is not State.ATTENDED:
        move(place, State.ATTENDED, by=by, now=now, why=times.why)
    place.came_at, place.left_at, place.changed_at = came_at, left_at, now
    place.more_hours = left_at is not None
    became = times_of(place, slot)
    if was != became:
        record(place, slot, "attendance", by=by, now=now, was=was, became=became, why=times.why)
    _listen(place, by, now)


def _locked(place: Participation) -> Slot:
    """The slot under lock, the place read anew; raises Unfit where it is none that comes."""
    slot = lock(place.slot_id)
    session.flush()
    session.refresh(place)
    if place.state not in TICKABLE:
        raise Unfit(Why.NO_PLACE)
    return slot


def _unless(why: Why | None) -> None:
    if why is not None:
        raise Unfit(why)


def _listen(place: Participation, by: int, now: datetime) -> None:
    session.flush()
    for listener in listeners:
        listener(place, by, now)
