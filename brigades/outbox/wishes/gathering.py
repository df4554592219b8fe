"""Letters that are told together: posting the daily mail, and keeping what became of what it told.

A gathered letter's ``due_at`` is the daily mail that its reader was promised.
"""

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from brigades.clock import to_wall
from brigades.db import session
from brigades.outbox import service as outbox
from brigades.outbox.above import day_zone, with_readers
from brigades.outbox.held import going
from brigades.outbox.kinds import DAILY_MAIL
from brigades.outbox.models import Fate, Letter
from brigades.outbox.outcomes import Outcome, kept_words
from brigades.outbox.reasons import NO_LONGER
from brigades.outbox.wishes import quiet


def gather(now: datetime) -> int:
    """Post the daily mails that are due, each with all that waits for it; returns how many.

    One for a person and a day of theirs. What comes too late for today's is looked at anew: it
    goes by itself, or waits for tomorrow's. A fixed number of statements.
    """
    waiting: dict[str, list[Letter]] = defaultdict(list)
    for letter, zone in _due(now):
        if quiet.waits_until(now, zone, quiet.hours(), since=letter.due_at) is None:
            day = to_wall(now, zone).local.date().isoformat()
            waiting[f"{DAILY_MAIL}:{letter.person_id}:{day}"].append(letter)
    if not waiting:
        return 0
    outbox.post_rows([_row(key, letters[-1], now) for key, letters in waiting.items()])
    posted = _not_yet_written(list(waiting))
    rows = []
    for key, letters in waiting.items():
        if key in posted:
            rows += [_row_of(letter, told_in_id=posted[key]) for letter in letters]
        else:
            rows += [_row_of(letter, fate=Fate.WAITING, due_at=now) for letter in letters]
    session.execute(update(Letter), rows)
    return len(posted)


def _due(now: datetime) -> list[tuple[Letter, str]]:
    """Letters that were promised for a daily mail by now, each with its reader's zone."""
    query = (
        with_readers(select(Letter, day_zone()))
        .where(
            Letter.fate == Fate.GATHERED,
            Letter.told_in_id.is_(None),
            Letter.due_at <= now,
            going(),
        )
        .order_by(Letter.due_at, Letter.id)
        .with_for_update(of=Letter, skip_locked=True)
    )
    return list(session.execute(query).tuples())


def _row(key: str, like: Letter, now: datetime) -> dict[str, Any]:
    return outbox.row(
        DAILY_MAIL,
        address=like.to_address,
        to_name=like.to_name,
        locale=like.locale,
        about={"person": like.person_id},
        key=key,
        now=now,
        person_id=like.person_id,
        section_id=like.section_id,
    )


def _row_of(letter: Letter, **values: Any) -> dict[str, Any]:
    """Bulk updates name the same columns in each row."""
    kept = {"fate": letter.fate, "due_at": letter.due_at, "told_in_id": None}
    return {"id": letter.id, **kept, **values}


def _not_yet_written(keys: list[str]) -> dict[str, int]:
    """Ids of those of these mails that nobody has claimed; nobody does before we commit."""
    query = select(Letter.key, Letter.id).where(
        Letter.key.in_(keys), Letter.fate == Fate.WAITING, Letter.tries == 0
    )
    return dict(session.execute(query.with_for_update()).tuples().all())


def follow(outcomes: list[Outcome], now: datetime) -> None:
    """Keep what became of all that daily mails told; in the transaction that keeps the mails' own.

    One statement, and another where there were daily mails among them.
    """
    ended = {one.id: one for one in outcomes if one.fate in (Fate.SENT, Fate.DROPPED, Fate.FAILED)}
    if not ended:
        return
    told = session.execute(
        select(Letter.id, Letter.told_in_id).where(
            Letter.told_in_id.in_(ended), Letter.fate.in_((Fate.GATHERED, Fate.FAILED))
        )
    )
    if rows := [_told(id, ended[daily], now) for id, daily in told if daily is not None]:
        session.execute(update(Letter), rows)


def _told(id: int, daily: Outcome, now: datetime) -> dict[str, Any]:
    """A gathered letter as the columns of its row; what a mail left out no longer held."""
    fate, subject, error = daily.fate, "", daily.error
    if fate is Fate.SENT:
        found = {one.id: one for one in daily.told}.get(id)
        if found is None:
            fate, error = Fate.DROPPED, NO_LONGER
        elif found.error:
            fate, error = Fate.FAILED, found.error
        else:
            subject = found.subject
    return {
        "id": id,
        "fate": fate,
        "subject": subject,
        "error": kept_words(error),
        "sent_at": now if fate is Fate.SENT else None,
    }
