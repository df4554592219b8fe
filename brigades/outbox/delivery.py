"""The pass that delivers letters: claim, write, send, mark, in batches.

Claiming and marking are transactions of their own; writing reads in one that ends before the
first byte is sent. A crash may repeat what was sent and not yet marked, at most a batch and under
the same Message-ID, and never loses a letter.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import or_, select, update
from sqlalchemy.exc import InterfaceError, OperationalError

from brigades.clock import HOUR, MINUTE
from brigades.db import session, unit
from brigades.outbox import mime, standing
from brigades.outbox.aside import set_aside
from brigades.outbox.models import Fate, Letter
from brigades.outbox.outcomes import Outcome
from brigades.outbox.render import write
from brigades.outbox.transport import Folder, Never, NotNow, Smtp, Unreachable, transport
from brigades.outbox.words import NO_LONGER

log = logging.getLogger(__name__)

BATCH = 50
# Longer than a batch may take: nobody else takes over a letter that is just being sent.
LEASE = 10 * MINUTE
SENDING = 5 * MINUTE
# How long a letter rests after each try that did not work; after the last one it has failed.
PAUSES = (1 * MINUTE, 5 * MINUTE, 15 * MINUTE, 1 * HOUR, 3 * HOUR, 8 * HOUR, 24 * HOUR)
MOST_TRIES = len(PAUSES) + 1


@dataclass(frozen=True)
class Finished:
    """A letter as the bytes that are to be sent."""

    id: int
    name: str
    tries: int
    address: str
    subject: str
    raw: bytes


def deliver(
    now: datetime,
    *,
    stop: Callable[[], bool] = lambda: False,
    after_batch: Callable[[datetime], None] = lambda now: None,
) -> int:
    """Deliver every letter that is due at ``now``; returns how many were sent.

    Must be called outside a transaction. ``stop`` is asked before each batch; ``after_batch``
    hears the time after each.
    """
    started, sent = time.monotonic(), 0
    way_out = transport(current_app.config["MAIL_URL"], letters_folder())
    while not stop():
        at = now + timedelta(seconds=time.monotonic() - started)
        ids = claim(at)
        if not ids:
            break
        ids, aside = set_aside(ids, at)
        finished, outcomes = write_all(ids, at)
        tried, reached = send_all(way_out, finished)
        mark(aside + outcomes, at)
        mark(tried, at, tried=True)
        sent += sum(outcome.fate is Fate.SENT for outcome in tried)
        after_batch(at)
        if not reached:
            break  # what is left waits for the next pass, and keeps its tries
    return sent


def letters_folder() -> Path:
    """Where letters are kept as files while no mail server is set."""
    return Path(current_app.config["INSTANCE_PATH"]) / "letters"


def claim(now: datetime) -> list[int]:
    """Lease the letters that are due, at most a batch; commits.

    The try is counted and the Message-ID kept before anything is sent. PostgreSQL passes over rows
    that another worker is claiming; on SQLite the transaction is the only one that writes.
    """
    with unit():
        due = session.execute(
            select(Letter.id, Letter.key, Letter.message_id)
            .where(
                Letter.fate == Fate.WAITING,
                Letter.due_at <= now,
                or_(Letter.leased_until.is_(None), Letter.leased_until <= now),
            )
            .order_by(Letter.rank, Letter.due_at, Letter.id)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        ).all()
        if due:
            session.execute(
                update(Letter),
                [
                    {"id": id, "message_id": known or mime.message_id(id, key)}
                    for id, key, known in due
                ],
            )
            session.execute(
                update(Letter)
                .where(Letter.id.in_([id for id, _, _ in due]))
                .values(leased_until=now + LEASE, tries=Letter.tries + 1)
                .execution_options(synchronize_session=False)
            )
    return [id for id, _, _ in due]


def write_all(ids: list[int], now: datetime) -> tuple[list[Finished], list[Outcome]]:
    """Write claimed letters from the rows as they are; a letter that cannot be written fails alone.

    Also returns what became of those that will not be sent. Ends its transaction.
    """
    finished: list[Finished] = []
    outcomes: list[Outcome] = []
    try:
        query = select(Letter).where(Letter.id.in_(ids)).order_by(Letter.due_at, Letter.id)
        letters = session.scalars(query).all()
        session.expunge_all()  # a rollback for one letter must not empty the others
        for letter in letters:
            result = _write_alone(letter, now)
            if isinstance(result, Finished):
                finished.append(result)
            else:
                outcomes.append(result)
    finally:
        session.rollback()
        session.remove()
    return finished, outcomes


def _write_alone(letter: Letter, now: datetime) -> Finished | Outcome:
    """What came of writing one letter, whatever it raised."""
    try:
        return _write(letter, now)
    except Exception as error:
        session.rollback()
        log.exception("letter %s (%s) could not be written", letter.id, letter.name)
        words = f"{type(error).__name__}: {error}"
        if isinstance(error, OperationalError | InterfaceError):
            return _again(letter, words)  # the database is at fault, it may be well by then
        return _failed(letter, words)


def _write(letter: Letter, now: datetime) -> Finished | Outcome:
    written = write(letter, now)
    if written is None:
        return Outcome(letter.id, Fate.DROPPED, letter.tries, error=NO_LONGER)
    return Finished(
        id=letter.id,
        name=f"{letter.id:06d}-{letter.name}",
        tries=letter.tries,
        address=mime.wire_address(letter.to_address),
        subject=mime.one_line(written.subject),
        raw=mime.finished(letter, written, now),
    )


def send_all(way_out: Smtp | Folder, letters: list[Finished]) -> tuple[list[Outcome], bool]:
    """Send finished letters over one connection; no transaction is open meanwhile.

    Also returns whether the mail server could be reached to the end.
    """
    outcomes: list[Outcome] = []
    unreachable, ends = "", time.monotonic() + SENDING.total_seconds()
    with way_out:
        for letter in letters:
            if time.monotonic() > ends:
                unreachable = "the mail server answers too slowly"
            if unreachable:
                outcomes.append(_again(letter, unreachable))
                continue
            outcome, unreachable = _send(way_out, letter)
            outcomes.append(outcome)
    return outcomes, not unreachable


def _send(way_out: Smtp | Folder, letter: Finished) -> tuple[Outcome, str]:
    """What became of one letter, and why no other can be sent, if so."""
    try:
        way_out.send(letter.name, mime.sender(), letter.address, letter.raw)
    except Unreachable as error:
        return _again(letter, str(error)), str(error)
    except NotNow as error:
        return _again(letter, str(error)), ""
    except Never as error:
        return _failed(letter, str(error)), ""
    except Exception as error:  # one odd letter must not take the others with it
        log.exception("letter %s could not be sent", letter.id)
        return _failed(letter, f"{type(error).__name__}: {error}"), ""
    return Outcome(letter.id, Fate.SENT, letter.tries, letter.subject), ""


def _failed(letter: Finished | Letter, words: str) -> Outcome:
    return Outcome(letter.id, Fate.FAILED, letter.tries, letter.subject, words)


def _again(letter: Finished | Letter, words: str) -> Outcome:
    if letter.tries >= MOST_TRIES:
        return _failed(letter, words)
    return Outcome(letter.id, Fate.WAITING, letter.tries, letter.subject, words)


def mark(outcomes: list[Outcome], now: datetime, *, tried: bool = False) -> None:
    """Keep what became of letters, in one transaction; ``tried``: a mail server was asked."""
    if not outcomes:
        return
    with unit():
        session.execute(update(Letter), [_values(outcome, now) for outcome in outcomes])
        if tried:
            standing.note(outcomes, now)


def _values(outcome: Outcome, now: datetime) -> dict[str, object]:
    due_at = outcome.due_at or now
    if outcome.fate is Fate.WAITING and outcome.due_at is None:
        due_at = now + PAUSES[outcome.tries - 1]
    return {
        "id": outcome.id,
        "fate": outcome.fate,
        "leased_until": None,
        "sent_at": now if outcome.fate is Fate.SENT else None,
        "tries": outcome.tries - outcome.untried,
        "due_at": due_at,
        "subject": outcome.subject,
        "error": outcome.error.replace("\x00", "")[:2000],
    }
