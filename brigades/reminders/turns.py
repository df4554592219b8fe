"""Whose turn it is: slots some hours before their start that were not looked at yet.

A slot is looked at once for each number of hours that any plan names, whatever came of it; that
is the mark. So a pass with nothing due is a look into an index, and what changes after a moment
sends nothing late. Moved, it is looked at again: letters have keys of their own. Under another lead
too, for that lead alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    bindparam,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
    update,
)

from brigades.clock import DAY, HOUR
from brigades.db import insert_once, session
from brigades.reminders.keys import WHOEVER, mark_parts_in_sql
from brigades.reminders.lapsing import DAYS
from brigades.reminders.models import Told
from brigades.reminders.rules import HOURS
from brigades.schedule.models import Slot, Status
from brigades.shifts.models import Shift
from brigades.trainings.models import Session

# A slot is marked at most so long before its start, a paper before its end; and a day to spare.
_OF_PAPERS = max(DAYS) * DAY + DAY
KEPT = {"slot": max(HOURS) * HOUR + DAY, "paper": _OF_PAPERS, "papers-lapse": _OF_PAPERS}


@dataclass(frozen=True)
class Turn:
    """A slot, so many hours before its start; ``at`` is when it is looked at.

    ``again``: it was looked at under another lead.
    """

    slot_id: int
    hours: int
    at: datetime
    again: bool = False


def waiting(hours: tuple[int, ...], now: datetime) -> list[Turn]:
    """The turns that came before ``now`` and have no mark, in one statement."""
    dialect = session.get_bind().dialect.name
    given = {f"within_{one}": now + one * HOUR for one in hours}
    rows = session.execute(_unmarked(hours, dialect), {"now": now, **given})
    return [Turn(slot_id, one, now, bool(again)) for slot_id, one, again in rows]


@lru_cache(maxsize=32)
def _unmarked(hours: tuple[int, ...], dialect: str) -> CompoundSelect[Any]:
    head, tail = mark_parts_in_sql(_leader(), dialect)
    _head, ever = mark_parts_in_sql(literal(WHOEVER), dialect)
    near = (
        select(
            Slot.id,
            Slot.starts_at,
            head.label("head"),
            tail.label("tail"),
            ever.label("ever"),
        )
        .where(
            Slot.status == Status.PUBLISHED,
            Slot.starts_at > bindparam("now"),
            Slot.starts_at <= bindparam(f"within_{max(hours)}"),
        )
        .cte("near")
        .prefix_with("MATERIALIZED")  # else each number of hours would compute the keys anew
        .c
    )

    def marked(hours: int, tail: ColumnElement[str]) -> ColumnElement[bool]:
        return exists(Told.key).where(Told.key == near.head + literal(f"{hours}") + tail)

    return union_all(
        *(
            select(near.id, literal(one), marked(one, near.ever)).where(
                near.starts_at <= bindparam(f"within_{one}"), ~marked(one, near.tail)
            )
            for one in hours
        )
    )


def _leader() -> ColumnElement[int]:
    """Whoever leads a slot, 0 for nobody; looked up, since few slots are near."""
    shift, training = Shift.__table__.c, Session.__table__.c
    lead = select(shift.lead_id).where(shift.id == Slot.id).scalar_subquery()
    trainer = select(training.trainer_id).where(training.id == Slot.id).scalar_subquery()
    return func.coalesce(lead, trainer, 0)


def mark(keys: Iterable[str], now: datetime) -> int:
    """Note that something was looked at; returns how many of the marks are new."""
    return insert_once(Told, [{"key": key, "at": now} for key in sorted(set(keys))])


def mark_again(keys: Iterable[str], now: datetime) -> None:
    """Note that something was looked at, whether or not it was before; two statements."""
    listed = sorted(set(keys))
    mark(listed, now)
    session.execute(
        update(Told).where(Told.key.in_(listed), Told.at < now).values(at=now),
        execution_options={"synchronize_session": False},
    )


def forget_old(now: datetime) -> None:
    """Remove marks that nobody looks for any more: of slots that have started, of papers lapsed."""
    session.execute(
        delete(Told).where(
            or_(
                *(
                    Told.key.startswith(f"{what}:") & (Told.at < now - kept)
                    for what, kept in KEPT.items()
                )
            )
        ),
        execution_options={"synchronize_session": False},
    )
