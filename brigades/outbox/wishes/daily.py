"""The daily mail: what else would have been a letter each, in one, by the wish of its reader."""

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import InterfaceError, OperationalError

from brigades.db import session
from brigades.outbox import above
from brigades.outbox.held import going
from brigades.outbox.kinds import DAILY_MAIL, How, Kind
from brigades.outbox.letters import Content, NothingToTell, kind_of, letter, now
from brigades.outbox.models import Fate, Letter
from brigades.outbox.outcomes import Told
from brigades.outbox.reasons import NO_LONGER, NOT_WANTED
from brigades.outbox.render import FOOT, Written, write
from brigades.outbox.wishes import service as wishes
from brigades.web import link

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
    """Every gathered letter as it holds now, and is wanted now; raises NothingToTell where none is.

    One that cannot be written is left out, and fails by itself; one that is held back waits.
    """
    wanted = wishes.of(to.person_id) if to.person_id is not None else {}
    looked_at = [_look(one, goes, wanted) for one, goes in _gathered(to)]
    told = tuple(one.told for one in looked_at)
    items = [one.item for one in looked_at if one.item is not None]
    if not items:
        broken = [one.broken for one in looked_at if one.broken is not None]
        raise NothingToTell(told, broken[-1] if broken else None)
    content = Content(
        why=_("You get this once a day: you asked for such letters in one daily mail."),
        context={"items": items, "events": 0, "feed": link("calendars.settings")},
        reply_to=_contact(to),
        told=told,
    )
    return _with_events(content, [one.written for one in looked_at if one.written is not None])


def _with_events(content: Content, told: Sequence[Written]) -> Content:
    """The same with the events of what it tells.

    A single one goes as an invitation, as in a letter by itself. Of several mail programs would
    take the first and pass over the rest, so each is a file.
    """
    having = [one.content for one in told if one.content.calendar is not None]
    content = replace(content, context=content.context | {"events": len(having)})
    if len(having) == 1:
        return replace(content, calendar=having[0].calendar, method=having[0].method)
    return replace(content, events=tuple(one.calendar or b"" for one in having))


@dataclass(frozen=True)
class _Looked:
    """What was found of a gathered letter; ``item`` where the mail tells it."""

    told: Told
    item: Item | None = None
    written: Written | None = None
    broken: Exception | None = None


def _gathered(to: Letter) -> Sequence[tuple[Letter, bool]]:
    """What the mail is to tell, or told when it was sent, and whether nobody holds it back."""
    query = (
        select(Letter, going())
        .where(Letter.told_in_id == to.id, Letter.fate != Fate.DROPPED)
        .order_by(Letter.posted_at, Letter.id)
    )
    return session.execute(query).tuples().all()


def _look(one: Letter, goes: bool, wanted: Mapping[Kind, How]) -> _Looked:
    """Judge a gathered letter as it holds now, and write it."""
    if one.fate is not Fate.SENT:
        if not goes:
            return _Looked(Told(one.id, Fate.GATHERED))
        if wanted.get(kind_of(one.name)) is How.NEVER:
            return _Looked(Told(one.id, Fate.DROPPED, error=NOT_WANTED))
    try:
        with session.begin_nested():  # a failing statement must not end it for the others
            written = write(one, now())
    except (OperationalError, InterfaceError):
        raise  # the database is at fault, it may be well by the next try
    except Exception as error:
        log.exception("letter %s (%s) could not be written", one.id, one.name)
        words = f"{type(error).__name__}: {error}"
        return _Looked(Told(one.id, Fate.FAILED, error=words), broken=error)
    if written is None:
        return _Looked(Told(one.id, Fate.DROPPED, error=NO_LONGER))
    told = Told(one.id, Fate.SENT, written.subject)
    return _Looked(told, in_short(one, written), written)


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
    to_do = _to_do(body)
    if not to_do:
        return Item(written.subject, rest.strip().splitlines(), "")
    lines = [line for line in rest.splitlines() if line.strip() and not _ours(line)]
    return Item(written.subject, lines[:LINES], to_do)


def _to_do(body: str) -> str:
    """The link to the thing to do: the first of ours, for what people typed may hold others."""
    found = _ours(body) or _LINK.findall(body)
    return found[0].rstrip(".,;)") if found else ""


def _ours(text: str) -> list[str]:
    """The links in a text that lead to our own pages."""
    home = link("home.index")
    return [one for one in _LINK.findall(text) if one.startswith(home)]
