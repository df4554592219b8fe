"""Writing claimed letters: from rows to the bytes that are sent, each letter by itself."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import InterfaceError, OperationalError

from brigades.db import session
from brigades.outbox import mailboxes
from brigades.outbox.delivery import mime
from brigades.outbox.delivery.addresses import wire_address
from brigades.outbox.delivery.claiming import Claim
from brigades.outbox.held import going
from brigades.outbox.kinds import Kind
from brigades.outbox.letters import NothingToTell, kind_of
from brigades.outbox.models import Fate, Letter, Mailbox
from brigades.outbox.outcomes import MOST_TRIES, Outcome, Told
from brigades.outbox.reasons import NO_LONGER, NOT_TRIED, bounced
from brigades.outbox.render import write

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Finished:
    """A letter as the bytes that are to be sent."""

    id: int
    name: str
    tries: int
    address: str
    mailbox: str
    subject: str
    raw: bytes
    told: tuple[Told, ...] = ()


def write_all(
    claimed: Claim, ids: list[int], now: datetime
) -> tuple[list[Finished], list[Outcome]]:
    """Write claimed letters from the rows as they are; a letter that cannot be written fails alone.

    Also returns what became of those that will not be sent. Ends its transaction. Where time runs
    out, what is written is sent, and the rest keeps its tries; not so a letter that took it all.
    """
    finished: list[Finished] = []
    outcomes: list[Outcome] = []
    try:
        query = select(Letter, going()).where(Letter.id.in_(ids))
        ordered = query.order_by(Letter.rank, Letter.due_at, Letter.id)
        letters = []
        for letter, goes in session.execute(ordered).tuples():
            if goes:
                letters.append(letter)
            else:  # paused since it was claimed
                outcomes.append(as_it_was(letter))
        closed = mailboxes.bouncing([letter.to_address for letter in letters])
        session.expunge_all()  # a rollback for one letter must not empty the others
        for letter in letters:
            if claimed.seconds_to_write <= 0:
                outcomes.append(not_tried(letter, TOO_SLOW))
                continue
            box = closed.get(mailboxes.key(letter.to_address))
            result = _write_alone(letter, box, now)
            if claimed.seconds_to_send <= 0:
                result = again(letter, TOO_SLOW)
            if isinstance(result, Finished):
                finished.append(result)
            else:
                outcomes.append(result)
    finally:
        session.rollback()
        session.remove()
    return finished, outcomes


TOO_SLOW = "writing letters takes too long"


def _write_alone(letter: Letter, box: Mailbox | None, now: datetime) -> Finished | Outcome:
    """What came of writing one letter, whatever it raised."""
    try:
        return _write(letter, box, now)
    except Exception as error:
        session.rollback()
        log.exception("letter %s (%s) could not be written", letter.id, letter.name)
        words = said(error)
        if isinstance(error, OperationalError | InterfaceError):
            return again(letter, words)  # the database is at fault, it may be well by then
        return failed(letter, words)


def _write(letter: Letter, box: Mailbox | None, now: datetime) -> Finished | Outcome:
    # Somebody has just asked for a letter about their account: a good moment to try once more.
    if box is not None and kind_of(letter.name) is not Kind.ACCOUNT:
        return Outcome(letter.id, Fate.FAILED, letter.tries, error=bounced(box), untried=True)
    try:
        written = write(letter, now)
    except NothingToTell as nothing:
        return _of_nothing(letter, nothing)
    if written is None:
        return Outcome(letter.id, Fate.DROPPED, letter.tries, error=NO_LONGER)
    return Finished(
        id=letter.id,
        name=f"{letter.id:06d}-{letter.name}",
        tries=letter.tries,
        address=wire_address(letter.to_address),
        mailbox=mailboxes.key(letter.to_address),
        subject=mime.one_line(written.subject),
        raw=mime.finished(letter, written, now),
        told=written.content.told,
    )


def _of_nothing(letter: Letter, nothing: NothingToTell) -> Outcome:
    if nothing.broken is None:
        outcome = Outcome(letter.id, Fate.DROPPED, letter.tries, error=NO_LONGER)
    else:
        outcome = failed(letter, said(nothing.broken))
    return replace(outcome, told=nothing.told)


def said(error: Exception) -> str:
    """An error of ours as a letter's row keeps it."""
    return f"{type(error).__name__}: {error}"


def failed(letter: Finished | Letter, words: str) -> Outcome:
    """It is not tried again."""
    told = letter.told if isinstance(letter, Finished) else ()
    return Outcome(letter.id, Fate.FAILED, letter.tries, letter.subject, words, told=told)


def as_it_was(letter: Letter) -> Outcome:
    """It was not touched: it stays due and keeps its tries."""
    return Outcome(
        letter.id, Fate.WAITING, letter.tries, letter.subject, letter.error, untried=True
    )


def again(letter: Finished | Letter, words: str) -> Outcome:
    """It is tried again after a pause, or has failed where this was its last try."""
    if letter.tries >= MOST_TRIES:
        return failed(letter, words)
    return Outcome(letter.id, Fate.WAITING, letter.tries, letter.subject, words)


def not_tried(letter: Finished | Letter, words: str) -> Outcome:
    """It never left; it stays due and keeps its tries."""
    words = NOT_TRIED + words
    return Outcome(letter.id, Fate.WAITING, letter.tries, letter.subject, words, untried=True)
