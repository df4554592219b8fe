"""Taking away what was kept long enough: finding it, and doing it in batches.

A letter's row goes; those of a mailing stay without a name and an address, since they say how many
it reached and who has had it. What is told of a place stays until the slot is over as long: it
says what stands in its reader's calendar. An application stays as a number of its section.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    cast,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased

from brigades.calendars.models import CalendarFile
from brigades.db import session, spelled
from brigades.keeping.rules import Keep, before
from brigades.outbox.models import Fate, Letter, Mailbox
from brigades.people.models import Person
from brigades.recruiting import erasing
from brigades.recruiting.models import Application, Stage
from brigades.schedule.models import Participation, Slot

BATCH = 500  # rows in one transaction
DAYS_OF_A_FILE = 1  # that is being brought in: whoever began goes on the same day

_present = [Keep()]


def keep() -> Keep:
    """How long things are kept here."""
    return _present[0]


def use(wanted: Keep) -> None:
    """Keep things so long from now on."""
    _present[0] = wanted


@dataclass(frozen=True)
class Kind:
    """Something that is kept for a while: what goes by now, and how a batch of it goes."""

    name: str  # as the trail says it
    days: Callable[[Keep], int]
    going: Callable[[datetime], Select[tuple[Any]]]
    take: Callable[[Sequence[Any]], None]


def _ended(limit: datetime) -> ColumnElement[bool]:
    """Letters that ended before this instant, and so did what they are about."""
    told = aliased(Letter)
    coming = (
        select(Participation.id)
        .join(Slot, Slot.id == Participation.slot_id)
        .where(
            Participation.id == Letter.about["participation"].as_integer(),
            Slot.ends_at >= limit,
        )
    )
    return and_(
        Letter.fate.not_in((Fate.WAITING, Fate.GATHERED)),
        Letter.due_at < limit,
        Letter.posted_at < limit,
        or_(Letter.sent_at.is_(None), Letter.sent_at < limit),
        or_(Letter.needed_by.is_(None), Letter.needed_by < limit),
        ~coming.exists(),
        ~select(told.id).where(told.told_in_id == Letter.id).exists(),
    )


def _letters(limit: datetime) -> Select[tuple[Any]]:
    ended = Letter.fate.in_((Fate.SENT, Fate.DROPPED, Fate.FAILED))
    indexed = and_(ended, Letter.rank.in_((0, 1, 2)))  # so that the index on what is due is used
    return select(Letter.id).where(_ended(limit), indexed, Letter.mailing_id.is_(None))


def _take_letters(ids: Sequence[int]) -> None:
    session.execute(delete(Letter).where(Letter.id.in_(ids)))


def _of_mailings(limit: datetime) -> Select[tuple[Any]]:
    named = Letter.to_address != spelled("", Letter.to_address)  # as the index over them has it
    return select(Letter.id).where(_ended(limit), Letter.mailing_id.is_not(None), named)


def _take_names(ids: Sequence[int]) -> None:
    number = literal("№ ") + func.coalesce(cast(Letter.person_id, String), "")
    session.execute(
        update(Letter)
        .where(Letter.id.in_(ids))
        .values(to_address="", to_name=number, subject="", error="")
        .execution_options(synchronize_session=False)
    )


def _mailboxes(limit: datetime) -> Select[tuple[Any]]:
    theirs = select(Person.id).where(Person.email_key == Mailbox.address)
    return select(Mailbox.address).where(Mailbox.changed_at < limit, ~theirs.exists())


def _take_mailboxes(addresses: Sequence[str]) -> None:
    session.execute(delete(Mailbox).where(Mailbox.address.in_(addresses)))


def _applications(limit: datetime) -> Select[tuple[Any]]:
    return select(Application.id).where(
        Application.stage.in_((Stage.DECLINED, Stage.WITHDRAWN)),
        Application.decided_at < limit,
        Application.email.contains("@"),  # not yet emptied
    )


def _files(limit: datetime) -> Select[tuple[Any]]:
    return select(CalendarFile.id).where(CalendarFile.brought_at < limit)


def _take_files(ids: Sequence[int]) -> None:
    session.execute(delete(CalendarFile).where(CalendarFile.id.in_(ids)))


KINDS = (
    Kind("letters", lambda keep: keep.letters, _letters, _take_letters),
    Kind("letters of mailings", lambda keep: keep.letters, _of_mailings, _take_names),
    Kind("addresses that sent mail back", lambda keep: keep.letters, _mailboxes, _take_mailboxes),
    Kind("calendar files", lambda _keep: DAYS_OF_A_FILE, _files, _take_files),
    Kind("applications", lambda keep: keep.applications, _applications, erasing.empty),
)


def due(now: datetime) -> dict[str, int]:
    """How many of each kind were kept long enough; takes nothing away."""
    found = {}
    for kind in KINDS:
        limit = before(now, kind.days(keep()))
        query = kind.going(limit).subquery() if limit is not None else None
        found[kind.name] = (
            session.scalar(select(func.count()).select_from(query)) or 0 if query is not None else 0
        )
    return found


def take(kind: Kind, now: datetime) -> int:
    """Take one batch of a kind away; returns how many. Workers do not wait for each other."""
    limit = before(now, kind.days(keep()))
    if limit is None:
        return 0
    some = kind.going(limit).limit(BATCH).with_for_update(skip_locked=True)
    found = session.scalars(some).all()
    if found:
        kind.take(found)
    return len(found)
