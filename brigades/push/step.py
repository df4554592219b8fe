"""The step before mail: what is worth a sign on a telephone's screen goes there first.

A question that a device took is mailed only where it is still open half an hour later; a change is
mailed at once as well. Where no device takes it, the mail goes at once. What was pushed is kept
before the letter is put off: a crash in between may push it again, under the same topic, and
never loses it.
"""

import logging
from collections.abc import Sequence
from datetime import datetime

from flask import current_app
from sqlalchemy import select

from brigades.db import session
from brigades.outbox.above import day_zone
from brigades.outbox.kinds import PUSHED, Kind
from brigades.outbox.letters import KINDS, kind_of
from brigades.outbox.models import Fate, Letter
from brigades.outbox.outcomes import Outcome
from brigades.people.models import Person
from brigades.push import results
from brigades.push.models import Subscription
from brigades.push.notices import Notice, notice_of
from brigades.push.rules import Answer, mail_follows_at
from brigades.push.sending import Message, Sender
from brigades.push.service import TEST
from brigades.sections.models import Section

log = logging.getLogger(__name__)


def push(ids: list[int], now: datetime) -> list[Outcome]:
    """Push what is worth it; returns what became of letters that are not to be mailed now.

    Must be called outside a transaction. Whatever goes wrong here, the mail goes.
    """
    if not current_app.config["PUSH_KEY"]:
        return []
    try:
        put_off, notices = _read(ids, now)
        if notices:
            put_off += _send(notices, now)
    except Exception:
        log.exception("letters could not be pushed, they are mailed")
        return []
    finally:
        session.rollback()
        session.remove()
    return put_off


def _read(ids: list[int], now: datetime) -> tuple[list[Outcome], list[Notice]]:
    """Letters that wait since they were pushed, and what is to be pushed; ends its transaction."""
    put_off: list[Outcome] = []
    devices: dict[int, list[Subscription]] = {}
    letters: dict[int, Letter] = {}
    zones: dict[int, str] = {}
    for letter, device, zone in _letters(ids):
        if letter.pushed_at is not None:
            # Marked before a crash, or tried again: it is not pushed twice.
            if letter.id not in letters:
                put_off += _waits(letter, letter.pushed_at, letter.needed_by, now)
        elif device is not None:
            devices.setdefault(letter.id, []).append(device)
        letters[letter.id], zones[letter.id] = letter, zone or "UTC"
    session.expunge_all()  # a rollback for one letter must not empty the others
    notices = [_notice(letters[id], theirs, zones[id], now) for id, theirs in devices.items()]
    session.rollback()
    return put_off, [notice for notice in notices if notice is not None]


def _letters(ids: list[int]) -> Sequence[tuple[Letter, Subscription | None, str | None]]:
    """Letters that may be pushed, each with each of its reader's devices and with their zone."""
    names = [name for name, kind in KINDS.items() if kind in PUSHED or name == TEST]
    query = (
        select(Letter, Subscription, day_zone())
        .outerjoin(Subscription, Subscription.person_id == Letter.person_id)
        .outerjoin(Person, Person.id == Letter.person_id)
        .outerjoin(Section, Section.id == Person.section_id)
        .where(Letter.id.in_(ids), Letter.name.in_(names))
        .order_by(Letter.rank, Letter.due_at, Letter.id, Subscription.id)
    )
    return session.execute(query).tuples().all()


def _notice(letter: Letter, devices: list[Subscription], zone: str, now: datetime) -> Notice | None:
    """What is to be pushed of one letter; whatever is wrong with it shows when it is mailed."""
    try:
        return notice_of(letter, devices, zone, now)
    except Exception:
        session.rollback()
        log.warning("letter %s cannot be pushed, so it is mailed", letter.id, exc_info=True)
        return None


def _send(notices: list[Notice], now: datetime) -> list[Outcome]:
    """Send it all, keep what the services said, and put off what somebody now has."""
    config = current_app.config
    sender = Sender(
        config["PUSH_KEY"],
        config["MAIL_FROM"],
        now,
        loopback=config.get("PUSH_TO_LOOPBACK", False),
    )
    answers = sender.send_all([message for notice in notices for message in notice.messages])
    results.keep(answers, now)
    outcomes: list[Outcome] = []
    for notice in notices:
        if _taken(notice.messages, answers):
            outcomes += _waits(notice.letter, now, notice.needed_by, now)
    return outcomes


def _taken(messages: Sequence[Message], answers: dict[Message, Answer]) -> bool:
    return any(answers.get(message) is Answer.TAKEN for message in messages)


def _waits(
    letter: Letter, pushed_at: datetime, needed_by: datetime | None, now: datetime
) -> list[Outcome]:
    """What becomes of a letter that a device has taken; nothing where the mail goes now."""
    due_at: datetime | None = None
    fate = Fate.DROPPED  # the test has done what it was for
    if letter.name != TEST:
        fate, due_at = Fate.WAITING, mail_follows_at(pushed_at, needed_by)
        if kind_of(letter.name) is not Kind.OFFER or due_at <= now:
            return []
    so_far = (letter.tries, letter.subject, letter.error)
    return [Outcome(letter.id, fate, *so_far, due_at=due_at, untried=True)]
