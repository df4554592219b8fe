"""Keeping what became of letters, where they are still ours."""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, case, false, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.sql.dml import Update

from brigades.db import built_once, session, unit
from brigades.outbox import held, mailboxes
from brigades.outbox.delivery import doubts
from brigades.outbox.models import Fate, Letter
from brigades.outbox.outcomes import PAUSES, Outcome, kept_words
from brigades.outbox.reasons import IN_HAND, MAILING_STOPPED, NO_LONGER
from brigades.outbox.standstill import noticing
from brigades.outbox.wishes import gathering

log = logging.getLogger(__name__)

TIMES = 3  # that the database is asked

_LETTER = cast(Table, Letter.__table__)
_DOUBT = _LETTER.c.may_have_arrived


def mark(outcomes: list[Outcome], lease: datetime, now: datetime) -> None:
    """Keep what became of a batch, and what it says of its addresses, in one transaction.

    A letter whose lease is not this one any more is left to whoever has it; where nobody has, that
    it was sent is kept all the same. Where the database
    fails, such as by a deadlock with somebody's click, it is asked again: what was sent and is not
    marked would be sent twice.
    """
    if not outcomes:
        return
    for time in range(TIMES):
        try:
            _mark(outcomes, lease, now)
            break
        except (OperationalError, InterfaceError):
            if time + 1 == TIMES:
                raise
            log.warning("what became of %s letters is kept once more", len(outcomes), exc_info=True)


def _mark(outcomes: list[Outcome], lease: datetime, now: datetime) -> None:
    with unit():
        outcomes = _without_stopped(outcomes)
        tied = gathering.tied_to(outcomes, lease)
        moved = [_values(outcome, now) for outcome in outcomes]
        kept = _run(_marking_when_due(), lease, [row for row in moved if "due" in row])
        kept += _run(_marking(), lease, [row for row in moved if "due" not in row])
        gathering.follow(tied, outcomes, now)
        doubts.unanswered(outcomes)
        if kept < len(outcomes):
            late = doubts.sent_all_the_same(outcomes, now)
            gone = len(outcomes) - kept
            log.warning("%s letters were not ours any more, %s of them were sent", gone, late)
        mailboxes.note(outcomes, now)
        noticing.note(outcomes, now)


def _without_stopped(outcomes: list[Outcome]) -> list[Outcome]:
    """The same, but what would go on of a mailing that was stopped meanwhile is dropped."""
    left = [one.id for one in outcomes if _may_go_on(one)]
    stopped = held.stopped(left) if left else set()
    return [
        replace(one, fate=Fate.DROPPED, error=MAILING_STOPPED, due_at=None)
        if one.id in stopped
        else one
        for one in outcomes
    ]


def _may_go_on(one: Outcome) -> bool:
    return one.fate in (Fate.WAITING, Fate.GATHERED) or one.error == NO_LONGER


def _run(statement: Update, lease: datetime, rows: Iterable[dict[str, Any]]) -> int:
    given = [{**row, "lease": lease} for row in rows]
    if not given:
        return 0
    connection = session.connection()
    return connection.execute(statement, given).rowcount


@built_once
def _marking() -> Update:
    columns = ("fate", "sent_at", "subject", "error", "tries")
    return (
        update(_LETTER)
        .where(_LETTER.c.id == bindparam("letter"), _LETTER.c.leased_until == bindparam("lease"))
        .values(
            leased_until=None,
            # Who stopped the mailing meanwhile could not know; we do.
            may_have_arrived=case((_LETTER.c.error == IN_HAND, false()), else_=_DOUBT),
            **{name: bindparam(f"its_{name}") for name in columns},
        )
    )


@built_once
def _marking_when_due() -> Update:
    return _marking().values(due_at=bindparam("due"))


def _values(outcome: Outcome, now: datetime) -> dict[str, Any]:
    row: dict[str, Any] = {
        "letter": outcome.id,
        "its_fate": outcome.fate,
        "its_sent_at": now if outcome.fate is Fate.SENT else None,
        "its_tries": outcome.tries - outcome.untried,
        "its_subject": outcome.subject,
        "its_error": kept_words(outcome.error),
    }
    if outcome.due_at is not None:
        row["due"] = outcome.due_at
    elif outcome.fate is Fate.WAITING and not outcome.untried:
        row["due"] = now + PAUSES[outcome.tries - 1]
    return row
