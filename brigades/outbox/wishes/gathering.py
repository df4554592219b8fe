"""Letters that are told together: posting the daily mail, and keeping what became of what it told.

A gathered letter's ``due_at`` is the daily mail that its reader was promised.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import aliased

from brigades.clock import to_wall
from brigades.db import session
from brigades.outbox import service as outbox
from brigades.outbox.above import day_zone, with_readers
from brigades.outbox.held import going
from brigades.outbox.kinds import DAILY_MAIL
from brigades.outbox.models import Fate, Letter
from brigades.outbox.outcomes import Outcome, kept_words
from brigades.outbox.reasons import IN_HAND, MAILING_STOPPED
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


@dataclass(frozen=True)
class Tied:
    """A letter that a daily mail was to tell."""

    id: int
    daily: int
    fate: Fate
    error: str
    may_have_arrived: bool


def tied_to(outcomes: list[Outcome], lease: datetime) -> list[Tied]:
    """What was gathered for those of these letters that have ended and are ours by this lease.

    To be asked before they are marked; one statement.
    """
    ended = [one.id for one in outcomes if one.fate in (Fate.SENT, Fate.DROPPED, Fate.FAILED)]
    if not ended:
        return []
    daily = aliased(Letter)
    query = (
        select(Letter.id, Letter.told_in_id, Letter.fate, Letter.error, Letter.may_have_arrived)
        .join(daily, daily.id == Letter.told_in_id)
        .where(Letter.told_in_id.in_(ended), daily.leased_until == lease)
        .order_by(Letter.id)
    )
    return [Tied(*row) for row in session.execute(query)]


def follow(tied: list[Tied], outcomes: list[Outcome], now: datetime) -> None:
    """Keep what became of all that daily mails were to tell.

    In the transaction that keeps the mails' own; one statement where there is anything.
    """
    by_id = {one.id: one for one in outcomes}
    rows = [_row_told(one, by_id[one.daily], now) for one in tied]
    if changed := [row for row in rows if row is not None]:
        session.execute(update(Letter), changed)


def fail_with(ids: list[int], error: str) -> None:
    """What these daily mails were to tell has failed too: they are given up, not even written."""
    session.execute(
        update(Letter)
        .where(Letter.told_in_id.in_(ids), Letter.fate == Fate.GATHERED)
        .values(fate=Fate.FAILED, error=error)
        .execution_options(synchronize_session=False)
    )


def _row_told(letter: Tied, daily: Outcome, now: datetime) -> dict[str, Any] | None:
    """A letter's row by what became of the mail and what its writer found; None: it stays as it is.

    What the mail told has become of it even where its mailing was stopped meanwhile.
    """
    found = {one.id: one for one in daily.told}.get(letter.id)
    sent = daily.fate is Fate.SENT
    if found is not None and found.fate is Fate.SENT and sent:
        return _kept(letter, Fate.SENT, "", subject=found.subject, sent_at=now)
    if letter.fate not in (Fate.GATHERED, Fate.FAILED):  # its mailing was stopped meanwhile
        certain = _kept(letter, letter.fate, MAILING_STOPPED) | {"may_have_arrived": False}
        return certain if letter.error == IN_HAND else None
    untied = _kept(letter, letter.fate, letter.error) | {"told_in_id": None}
    if found is None:  # the mail was not even written
        return untied if sent else _kept(letter, daily.fate, daily.error)
    if found.fate is Fate.SENT:
        return _kept(letter, daily.fate, daily.error)
    return untied if found.fate is Fate.GATHERED else _kept(letter, found.fate, found.error)


def _kept(
    letter: Tied, fate: Fate, error: str, *, subject: str = "", sent_at: datetime | None = None
) -> dict[str, Any]:
    """Bulk updates name the same columns in each row."""
    return {
        "id": letter.id,
        "told_in_id": letter.daily,
        "fate": fate,
        "error": kept_words(error),
        "subject": subject,
        "sent_at": sent_at,
        "may_have_arrived": letter.may_have_arrived,
    }
