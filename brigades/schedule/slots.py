"""What happens to a whole slot: published, moved, cancelled. Everyone with a place is told."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from brigades.audit import service as audit
from brigades.db import session
from brigades.outbox import service as outbox
from brigades.schedule.models import Participation, Slot, Status
from brigades.schedule.moved import ask_again
from brigades.schedule.moves import Refused
from brigades.schedule.rules import Code, Refusal
from brigades.schedule.service import fill, lock, move
from brigades.schedule.states import LIVE, SAID, State
from brigades.schedule.when_where import WhenWhere


def publish(slot_id: int, *, by: int, now: datetime, why: str = "") -> Slot:
    """A draft becomes visible and open; doing it twice changes nothing.

    Raises Refused with PAST once it has started: nobody could take part any more.
    """
    slot = lock(slot_id)
    if slot.status is Status.DRAFT:
        if slot.starts_at <= now:
            raise Refused([Refusal(Code.PAST)])
        _set_status(slot, Status.PUBLISHED, by=by, now=now, why=why)
    return slot


def cancel(slot_id: int, *, by: int, now: datetime, why: str) -> Slot:
    """The slot will not happen: everyone who has a place, waits or asked is told once, and why.

    Of whom it was said already that they came or not, that stands: it was broken off, and the
    hours until then were served.
    """
    slot = lock(slot_id)
    if slot.status is Status.CANCELLED:
        return slot
    was_public = slot.status is Status.PUBLISHED
    _set_status(slot, Status.CANCELLED, by=by, now=now, why=why)
    slot.sequence += 1
    for place in with_people([slot_id]):
        if place.state not in SAID:
            move(place, State.CANCELLED, by=by, now=now, why=why)
        if was_public and slot.ends_at > now:
            _tell(place, "slot-cancelled", slot, now, needed_by=slot.starts_at, why=why)
    return slot


def changed(
    slot: Slot,
    *,
    by: int,
    now: datetime,
    was: str,
    became: str,
    moved: bool,
    why: str = "",
    before: WhenWhere | None = None,
) -> None:
    """A published slot's time, place or places were edited; call it after setting them, locked.

    ``moved``: time or place changed, so everyone with a place hears it at once, and whom the new
    time conflicts with is asked again. Places that were added go to those who wait. ``before``: how
    it stood, so that they read what has changed, and nobody sets off who could have heard.
    """
    slot.changed_at = now
    slot.sequence += 1
    audit.record(
        "slot",
        by=by,
        at=now,
        was=was,
        became=became,
        why=why,
        slot_id=slot.id,
        section_id=slot.section_id,
    )
    session.flush()
    if moved and slot.status is Status.PUBLISHED:
        slot.moved_at = now
        places = with_people([slot.id])
        ask_again([slot], places, now=now)
        slot.judge_again = False
        first = slot.starts_at if before is None else min(before.starts_at, slot.starts_at)
        stood = {} if before is None else {"was": before.kept()}
        for place in places:
            _tell(place, "slot-moved", slot, now, needed_by=first, **stood)
    fill(slot, now=now)


def with_people(slot_ids: Iterable[int]) -> list[Participation]:
    """The live places of slots, each with its person."""
    return list(
        session.scalars(
            select(Participation)
            .where(Participation.slot_id.in_(slot_ids), Participation.state.in_(LIVE))
            .options(joinedload(Participation.person))
            .order_by(Participation.id)
        )
    )


def _set_status(slot: Slot, status: Status, *, by: int, now: datetime, why: str = "") -> None:
    audit.record(
        "slot",
        by=by,
        at=now,
        was=slot.status.value,
        became=status.value,
        why=why,
        slot_id=slot.id,
        section_id=slot.section_id,
    )
    slot.status, slot.changed_at = status, now
    session.flush()


def _tell(
    place: Participation,
    name: str,
    slot: Slot,
    now: datetime,
    *,
    needed_by: datetime,
    **about: Any,
) -> None:
    outbox.post(
        name,
        to=place.person,
        about={"participation": place.id, "sequence": slot.sequence, **about},
        key=f"{name}:{place.id}:{slot.sequence}",
        now=now,
        needed_by=needed_by,
    )
