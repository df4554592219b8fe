"""The daily mail: what else would have been a letter each, in one, by the wish of its reader."""

import logging
import re
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import InterfaceError, OperationalError

from brigades.db import session
from brigades.outbox import above
from brigades.outbox.kinds import DAILY_MAIL, Kind
from brigades.outbox.letters import Content, kind_of, letter, now
from brigades.outbox.models import Fate, Letter
from brigades.outbox.outcomes import Told
from brigades.outbox.render import FOOT, Written, write

log = logging.getLogger(__name__)

LINES = 3  # what is said of a letter before its link
_LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Item:
    """A letter in short. ``link`` leads to the thing to do; without one ``lines`` are all of it."""

    subject: str
    lines: list[str]
    link: str


@letter(DAILY_MAIL, Kind.REMINDER)
def daily(to: Letter) -> Content | None:
    """Every gathered letter as it holds now; dropped where none does.

    One that cannot be written is left out, and fails by itself.
    """
    found = session.scalars(
        select(Letter)
        .where(Letter.told_in_id == to.id, Letter.fate != Fate.DROPPED)
        .order_by(Letter.posted_at, Letter.id)
    ).all()
    items: list[Item] = []
    told: list[Told] = []
    events: list[bytes] = []
    broken: Exception | None = None
    for one in found:
        try:
            with session.begin_nested():  # a failing statement must not end it for the others
                written = write(one, now())
        except (OperationalError, InterfaceError):
            raise  # the database is at fault, it may be well by the next try
        except Exception as error:
            log.exception("letter %s (%s) could not be written", one.id, one.name)
            told.append(Told(one.id, error=f"{type(error).__name__}: {error}"))
            broken = error
            continue
        if written is not None:
            items.append(in_short(one, written))
            told.append(Told(one.id, written.subject))
            events += [event] if (event := written.content.calendar) else []
    if not items:
        if broken is not None:
            raise broken
        return None
    return Content(
        why=_("You get this once a day: you asked for such letters in one daily mail."),
        context={"items": items},
        reply_to=_contact(to),
        told=tuple(told),
        events=tuple(events),
    )


def _contact(to: Letter) -> str | None:
    """The address of the reader's own section; what is told may come from several."""
    person, section = above.person(), above.section()
    query = select(section.c.contact).join(person, person.c.section_id == section.c.id)
    return session.scalar(query.where(person.c.id == to.person_id))


def in_short(one: Letter, written: Written) -> Item:
    """A letter's subject, its first lines and its link; what many are written, in whole."""
    body = written.text.rpartition(FOOT)[0].strip()
    if one.mailing_id is not None or kind_of(one.name) is Kind.NEWS:
        return Item(written.subject, body.splitlines(), "")
    _greeting, _line, rest = body.partition("\n\n")
    link = _LINK.search(body)
    if link is None:
        return Item(written.subject, rest.strip().splitlines(), "")
    lines = [line for line in rest.splitlines() if line.strip() and not _LINK.search(line)]
    return Item(written.subject, lines[:LINES], link[0].rstrip(".,;)"))
