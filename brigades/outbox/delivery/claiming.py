"""Claiming letters: each is one worker's until its lease ends, however many workers there are."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, Table, and_, bindparam, not_, or_, select, update
from sqlalchemy.sql.dml import Update

from brigades.clock import MINUTE
from brigades.db import built_once, session, unit
from brigades.outbox.delivery import doubts, mime
from brigades.outbox.held import going
from brigades.outbox.models import Fate, Letter
from brigades.outbox.outcomes import MOST_TRIES
from brigades.outbox.reasons import DIED
from brigades.outbox.wishes.gathering import fail_with

# Letters that are in flight over one connection: what a crash may repeat.
BATCH = 50
# Counted from the claim. Writing letters may take half of SENDING. None is sent after SENDING, and
# the last one is cut off LONGEST later: 120 s + 90 s = 210 s. The rest of the LEASE is for marking,
# which waits 10 s at most for SQLite, and for clocks that differ. So nobody takes over a letter
# that is just being sent, and what a killed worker had in hand goes on within four minutes and a
# pass.
SENDING = 2 * MINUTE
LONGEST = timedelta(seconds=90)
LEASE = 4 * MINUTE
# A letter that two workers died with is claimed after all others and among FEW, one that four died
# with alone: if it is what kills them, the others go on without it.
SUSPECT, ALONE, FEW = 2, 4, 7


@dataclass(frozen=True)
class Claim:
    """Letters that are ours until ``leased_until``, by which marking knows that they still are."""

    ids: list[int]
    leased_until: datetime
    begun: float = field(default_factory=time.monotonic)

    @property
    def seconds_to_write(self) -> float:
        """How long another letter may still be written; nothing or less: none."""
        return self.seconds_to_send - SENDING.total_seconds() / 2

    @property
    def seconds_to_send(self) -> float:
        """How long another letter may still be sent; nothing or less: none."""
        return self.begun + SENDING.total_seconds() - time.monotonic()

    @property
    def seconds_to_end(self) -> float:
        """How long until whatever is under way must be cut off."""
        return self.seconds_to_send + LONGEST.total_seconds()


def claim(now: datetime) -> Claim | None:
    """Lease the letters that are due, at most a batch; commits. None where nothing is due.

    The try is counted and the Message-ID kept before anything is sent. PostgreSQL passes over rows
    that another worker is claiming; on SQLite the transaction is the only one that writes. Letters
    of a mailing that is paused stay where they are.
    """
    with unit():
        due = _due(now)
        if not due:
            return None
        of_the_dead = [row.id for row in due if _died(row)]
        doubts.of_dead_workers(of_the_dead)
        spent = [row.id for row in due if row.id in of_the_dead and row.tries >= MOST_TRIES]
        if spent:
            session.execute(
                update(Letter)
                .where(Letter.id.in_(spent))
                .values(fate=Fate.FAILED, error=DIED, leased_until=None)
                .execution_options(synchronize_session=False)
            )
            fail_with(spent, DIED)
        return Claim(_take([row for row in due if row.id not in spent], now), now + LEASE)


def _due(now: datetime) -> Sequence[Row[Any]]:
    """What may be in hand at once, locked: a batch, or else few that may kill their worker."""
    query = (
        select(Letter.id, Letter.key, Letter.message_id, Letter.tries, Letter.leased_until)
        .where(_free(now), Letter.due_at <= now, going())
        .with_for_update(skip_locked=True, of=Letter.__table__)
    )
    suspect = and_(Letter.leased_until.is_not(None), Letter.tries >= SUSPECT)
    order = (Letter.rank, Letter.due_at, Letter.id)
    rows = session.execute(query.where(not_(suspect)).order_by(*order).limit(BATCH)).all()
    if rows:
        return rows
    rows = session.execute(query.where(suspect).order_by(Letter.tries, *order).limit(FEW)).all()
    return [row for row in rows if row.tries < ALONE] or rows[:1]


def _free(now: datetime) -> ColumnElement[bool]:
    lapsed = or_(Letter.leased_until.is_(None), Letter.leased_until <= now)
    return and_(Letter.fate == Fate.WAITING, lapsed)


def _died(row: Row[Any]) -> bool:
    """Whether a worker had the letter in hand and never said what became of it."""
    return row.leased_until is not None


def _take(due: Sequence[Row[Any]], now: datetime) -> list[int]:
    """Lease these, in their order. They are locked: whoever reads them next finds them taken."""
    if due:
        rows = [
            {"letter": row.id, "its_id": row.message_id or mime.message_id(row.id, row.key)}
            for row in due
        ]
        given = {"now": now, "lease": now + LEASE}
        taken = session.connection().execute(_taking(), [{**row, **given} for row in rows])
        if taken.rowcount != len(rows):
            raise RuntimeError("letters were taken that had been locked")
    return [row.id for row in due]


@built_once
def _taking() -> Update:
    table = cast(Table, Letter.__table__)
    free = or_(table.c.leased_until.is_(None), table.c.leased_until <= bindparam("now"))
    return (
        update(table)
        .where(table.c.id == bindparam("letter"), table.c.fate == Fate.WAITING, free)
        .values(
            message_id=bindparam("its_id"),
            leased_until=bindparam("lease"),
            tries=table.c.tries + 1,
        )
    )
