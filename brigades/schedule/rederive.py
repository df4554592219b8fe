"""Moving instants after a country changed its clocks: the wall time stays what was promised.

First all instants move, then who has a place in what moved is judged by them: two slots that touch
move one after the other, and must not seem to overlap meanwhile. That a slot is still to be judged
is kept with it. Both go in batches, each a transaction of its own: what is killed goes on where it
was, and of several workers each finds what the others left.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from brigades.audit import service as audit
from brigades.clock import DAY, Wall, tzdata_version
from brigades.db import session, unit
from brigades.outbox import passes
from brigades.outbox.models import Pass
from brigades.schedule.models import Slot, Status
from brigades.schedule.moved import ask_again
from brigades.schedule.moves import lock_all, lock_with_people, tell
from brigades.schedule.slots import with_people

log = logging.getLogger(__name__)

MARK = "zone rules "  # and their version: the name of the mark that a pass leaves
LOOKED_AT = 1000  # slots in a batch whose instants are computed
JUDGED = 50  # slots in a batch whose people are locked and judged


@dataclass(frozen=True)
class Rederived:
    """A slot whose start or end moved under the zone rules of today; ``was``: its former start."""

    slot_id: int
    title: str
    was: datetime
    became: datetime


def keep_up(now: datetime, stop: Callable[[], bool] = lambda: False) -> int:
    """Rederive when the rules are others than at the last time, and once a day; returns how many.

    Once a day besides, since on the day of an update some process may still have written a slot
    under the rules of before. What broke off or was stopped is due at the next time.
    """
    mark = f"{MARK}{tzdata_version()}"
    with unit():
        done = passes.ended_at(mark)
    if done is not None and now - done < DAY:
        return 0
    moved = rederive(now, stop)
    if not stop():
        with unit():
            session.execute(delete(Pass).where(Pass.name.startswith(MARK), Pass.name != mark))
            passes.record(mark, now)
    return len(moved)


def last_rules() -> str | None:
    """The version of the zone rules under which slots were last looked at; None before that."""
    query = select(Pass.name).where(Pass.name.startswith(MARK)).order_by(Pass.ended_at.desc())
    found = session.scalars(query).first()
    return None if found is None else found.removeprefix(MARK)


def rederive(now: datetime, stop: Callable[[], bool] = lambda: False) -> list[Rederived]:
    """Compute the instants of every slot that is not over anew; returns those that moved.

    Calendars are told by a raised SEQUENCE. The wall time did not change, so nobody gets a mail but
    whom the new instants conflict with: they are asked again, as when somebody moves a slot. A
    slot whose zone is none is passed over with an error in the log, and so is one that would end
    before it starts: the clocks now jump over its start and not over its end.
    """
    moved: list[Rederived] = []
    after: int | None = 0
    while after is not None and not stop():
        stale, after = _look(after, now)
        if stale:
            with unit():
                moved += _move_all(stale, now)
    after = 0
    while after is not None and not stop():
        with unit():
            after = _judge_next(after, now)
    return moved


def _look(after: int, now: datetime) -> tuple[list[int], int | None]:
    """Ids of the next slots whose instants are not those of today's rules; where it stopped."""
    try:
        rows = session.execute(
            select(
                Slot.id,
                Slot.zone,
                Slot.starts_local,
                Slot.starts_fold,
                Slot.ends_local,
                Slot.ends_fold,
                Slot.starts_at,
                Slot.ends_at,
            )
            .where(Slot.ends_at > now, Slot.id > after)
            .order_by(Slot.id)
            .limit(LOOKED_AT)
        ).all()
    finally:
        session.remove()
    stale = [row.id for row in rows if _stale(row)]
    return stale, rows[-1].id if len(rows) == LOOKED_AT else None


def _move_all(slot_ids: list[int], now: datetime) -> list[Rederived]:
    # Locked and read anew: another worker may have been faster.
    moved = [_move(slot, now) for slot in lock_all(slot_ids) if _stale(slot)]
    session.flush()
    return moved


def _stale(row: Any) -> bool:
    """Whether a slot, or a row of these columns, has other instants under the rules of today."""
    try:
        starts_at = Wall(row.starts_local, row.zone, row.starts_fold).instant
        ends_at = Wall(row.ends_local, row.zone, row.ends_fold).instant
    except ValueError as error:
        log.error("slot %s is passed over: %s", row.id, error)
        return False
    if ends_at <= starts_at:
        log.error("slot %s is passed over: by today's rules it has no length", row.id)
        return False
    return (starts_at, ends_at) != (row.starts_at, row.ends_at)


def _move(slot: Slot, now: datetime) -> Rederived:
    was = slot.starts_at
    slot.derive_instants()
    slot.sequence += 1
    slot.changed_at, slot.judge_again = now, True
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
    return Rederived(slot.id, slot.title, was, slot.starts_at)


def _judge_next(after: int, now: datetime) -> int | None:
    """Judge who has a place in the next slots that moved; up to which id, None after the last."""
    waiting = select(Slot.id).where(Slot.judge_again, Slot.id > after).order_by(Slot.id)
    ids = session.scalars(waiting.limit(JUDGED)).all()
    if not ids:
        return None
    lock_with_people(*ids)
    # Locked and read anew: what another worker has judged meanwhile is done.
    slots = [slot for slot in lock_all(ids) if slot.judge_again]
    published = [slot for slot in slots if slot.status is Status.PUBLISHED]
    places = with_people([slot.id for slot in published])
    for place in ask_again(published, places, now=now):
        tell("clocks-changed", place, place.person, now)
    for slot in slots:
        slot.judge_again = False
    session.flush()
    return ids[-1]
