"""Moving instants after a country changed its clocks: the wall time stays what was promised."""

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from brigades.audit import service as audit
from brigades.clock import DAY, tzdata_version
from brigades.db import session
from brigades.outbox import passes
from brigades.outbox.models import Pass
from brigades.schedule.models import Slot
from brigades.schedule.service import lock

log = logging.getLogger(__name__)

MARK = "zone rules "  # and their version: the name of the mark that a pass leaves


@dataclass(frozen=True)
class Rederived:
    """A slot whose start moved under the zone rules of today."""

    slot_id: int
    title: str
    was: datetime
    became: datetime


def keep_up(now: datetime) -> int:
    """Rederive when the rules are others than at the last time, and once a day; returns how many.

    Once a day besides, since on the day of an update some process may still have written a slot
    under the rules of before.
    """
    mark = f"{MARK}{tzdata_version()}"
    done = session.get(Pass, mark, populate_existing=True)
    if done is not None and now - done.ended_at < DAY:
        return 0
    moved = rederive(now)
    session.execute(delete(Pass).where(Pass.name.startswith(MARK), Pass.name != mark))
    passes.record(mark, now)
    return len(moved)


def last_rules() -> str | None:
    """The version of the zone rules under which slots were last looked at; None before that."""
    query = select(Pass.name).where(Pass.name.startswith(MARK)).order_by(Pass.ended_at.desc())
    found = session.scalars(query).first()
    return None if found is None else found.removeprefix(MARK)


def rederive(now: datetime) -> list[Rederived]:
    """Compute the instants of every slot that is not over anew; returns those that moved.

    Calendars are told by a raised SEQUENCE; the wall time did not change, so no mail is sent. A
    slot whose zone is none is passed over with an error in the log, and so is one that would end
    before it starts: the clocks now jump over its start and not over its end.
    """
    moved = []
    slots = session.scalars(select(Slot).where(Slot.ends_at > now).order_by(Slot.id)).all()
    for slot in slots:
        try:
            starts_at, ends_at = slot.starts.instant, slot.ends.instant
        except ValueError as error:
            log.error("slot %s is passed over: %s", slot.id, error)
            continue
        if ends_at <= starts_at:
            log.error("slot %s is passed over: by today's rules it has no length", slot.id)
            continue
        if (starts_at, ends_at) != (slot.starts_at, slot.ends_at):
            moved += _move(lock(slot.id), now)
    return moved


def _move(slot: Slot, now: datetime) -> list[Rederived]:
    was, ended = slot.starts_at, slot.ends_at
    slot.derive_instants()
    if (was, ended) == (slot.starts_at, slot.ends_at):  # another worker was faster
        return []
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
    return [Rederived(slot.id, slot.title, was, slot.starts_at)]
