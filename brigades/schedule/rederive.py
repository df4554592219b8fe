"""Moving instants after a country changed its clocks: the wall time stays what was promised."""

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from brigades.audit import service as audit
from brigades.db import session
from brigades.schedule.models import Slot
from brigades.schedule.service import lock

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rederived:
    """A slot whose start moved under the zone rules of today."""

    slot_id: int
    title: str
    was: datetime
    became: datetime


def rederive(now: datetime) -> list[Rederived]:
    """Compute the instants of every slot that is not over anew; returns those that moved.

    Calendars are told by a raised SEQUENCE; the wall time did not change, so no mail is sent. A
    slot whose zone is none is passed over with an error in the log.
    """
    moved = []
    slots = session.scalars(select(Slot).where(Slot.ends_at > now).order_by(Slot.id)).all()
    for slot in slots:
        try:
            starts_at, ends_at = slot.starts.instant, slot.ends.instant
        except ValueError as error:
            log.error("slot %s is passed over: %s", slot.id, error)
            continue
        if (starts_at, ends_at) != (slot.starts_at, slot.ends_at):
            moved.append(_move(lock(slot.id), now))
    return moved


def _move(slot: Slot, now: datetime) -> Rederived:
    was = slot.starts_at
    slot.derive_instants()
    slot.sequence += 1
    slot.changed_at = now
    audit.record(
        "slot",
        by=None,
        at=now,
        was=was.isoformat(),
        became=slot.starts_at.isoformat(),
        why="the zone's rules changed",
        slot_id=slot.id,
        section_id=slot.section_id,
    )
    session.flush()
    return Rederived(slot.id, slot.title, was, slot.starts_at)
