"""Whose turn it is: slots some hours before their start that were not looked at yet.

A slot is looked at once for each number of hours that any plan names, whatever came of it; that
is the mark. So a pass with nothing due is a look into an index, and what changes after a moment
sends nothing late. Moved, or under another lead, it is looked at again: letters have keys of their
own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import CompoundSelect, bindparam, func, literal, select, union_all

from brigades.clock import HOUR
from brigades.db import insert_once, session
from brigades.reminders.keys import mark_in_sql
from brigades.reminders.models import Told
from brigades.schedule.models import Slot, Status
from brigades.shifts.models import Shift
from brigades.trainings.models import Session

MOST = 1000  # keys in a statement


@dataclass(frozen=True)
class Turn:
    """A slot, so many hours before its start; ``at`` is when it is looked at."""

    slot_id: int
    hours: int
    at: datetime


def waiting(hours: tuple[int, ...], now: datetime) -> list[Turn]:
    """The turns that came before ``now`` and have no mark, in one statement."""
    dialect = session.get_bind().dialect.name
    given = {f"within_{one}": now + one * HOUR for one in hours}
    rows = session.execute(_unmarked(hours, dialect), {"now": now, **given})
    return [Turn(slot_id, one, now) for slot_id, one in rows]


@lru_cache(maxsize=32)
def _unmarked(hours: tuple[int, ...], dialect: str) -> CompoundSelect[Any]:
    shift, training = Shift.__table__, Session.__table__
    leader = func.coalesce(shift.c.lead_id, training.c.trainer_id)
    return union_all(
        *(
            select(Slot.id, literal(one))
            .outerjoin(shift, shift.c.id == Slot.id)
            .outerjoin(training, training.c.id == Slot.id)
            .where(
                Slot.status == Status.PUBLISHED,
                Slot.starts_at > bindparam("now"),
                Slot.starts_at <= bindparam(f"within_{one}"),
                ~select(Told.key).where(Told.key == mark_in_sql(one, leader, dialect)).exists(),
            )
            for one in hours
        )
    )


def mark(keys: Iterable[str], now: datetime) -> int:
    """Note that something was looked at; returns how many of the marks are new."""
    return insert_once(Told, [{"key": key, "at": now} for key in sorted(set(keys))])


def marked(keys: Iterable[str]) -> set[str]:
    """Those of the marks that are there; one statement for each thousand."""
    listed = sorted(set(keys))
    return {
        key
        for start in range(0, len(listed), MOST)
        for key in session.scalars(
            select(Told.key).where(Told.key.in_(listed[start : start + MOST]))
        )
    }
