"""Papers that lapse and that nothing replaces: whose they are, and what was told of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, literal, or_, select
from sqlalchemy.orm import aliased

from brigades.accounts.models import Account
from brigades.clock import is_zone
from brigades.db import session
from brigades.people.models import STILL_HERE, Person
from brigades.qualifications.models import Kind as KindOfPaper
from brigades.qualifications.models import KindIncludes, Qualification
from brigades.reminders.lapsing import DAYS
from brigades.reminders.models import Told
from brigades.reminders.posting import Reader
from brigades.reminders.stands import reader, reader_columns
from brigades.sections.models import Section


@dataclass(frozen=True)
class Paper:
    """A paper that lapses, whose it is, and at which distances that was told; days."""

    id: int
    kind: str
    valid_until: date
    zone: str
    section_id: int
    holder: Reader
    told: frozenset[int]


def paper_mark(paper: Paper, days: int) -> str:
    """The mark that a paper's holder was told so many days before its end."""
    return f"paper:{paper.id}:{paper.valid_until.isoformat()}:{days}"


def read(days: Collection[date], which: ColumnElement[bool]) -> list[Paper]:
    """Papers of which something is untold by the last of these days, and that nothing replaces.

    One statement. Of people who are with us and reachable, of the condition ``which`` on
    ``Person``, ``Section``.
    """
    first, last = min(days), max(days) + timedelta(days=max(DAYS))
    ends = Qualification.valid_until
    query = _all().where(ends.between(first, last), _untold(max(days)), which)
    found = []
    for paper_id, until, kind, zone, section_id, *more in session.execute(query):
        told = frozenset(days for days, was in zip(DAYS, more[: len(DAYS)], strict=True) if was)
        who = reader(*more[len(DAYS) :])
        if is_zone(zone):
            found.append(Paper(paper_id, kind, until, zone, section_id, who, told))
    return found


def _all() -> Select[Any]:
    return (
        select(
            Qualification.id,
            Qualification.valid_until,
            KindOfPaper.name,
            Section.zone,
            Person.section_id,
            *(_was_told(days) for days in DAYS),
            *reader_columns(Person),
        )
        .join(KindOfPaper, KindOfPaper.id == Qualification.kind_id)
        .join(Person, Person.id == Qualification.person_id)
        .join(Section, Section.id == Person.section_id)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(
            Person.standing.in_(STILL_HERE),
            Person.email.is_not(None),
            or_(Account.id.is_(None), Account.active),
            ~replaced(),
        )
        .order_by(Person.id, Qualification.valid_until, Qualification.id)
    )


def _untold(day: date) -> ColumnElement[bool]:
    """Whether `crossed` may have something to say by a day: most papers were told before."""
    return or_(
        *(
            and_(
                Qualification.valid_until <= day + timedelta(days=days),
                *(~_was_told(nearer) for nearer in DAYS if nearer <= days),
            )
            for days in DAYS
        )
    )


def _was_told(days: int) -> ColumnElement[bool]:
    """Whether the mark of `paper_mark` is there."""
    key = literal("paper:") + cast(Qualification.id, String) + literal(":")
    key = key + cast(Qualification.valid_until, String) + literal(f":{days}")
    return exists(Told.key).where(Told.key == key)


def replaced() -> ColumnElement[bool]:
    """Whether the holder of a `Qualification` has another that holds longer and is as good.

    Of the same kind or of one that includes it. Nobody's word counts for more than what was
    verified.
    """
    newer = aliased(Qualification)
    wider = select(KindIncludes.kind_id).where(KindIncludes.includes_id == Qualification.kind_id)
    return exists(newer.id).where(
        newer.person_id == Qualification.person_id,
        newer.id != Qualification.id,
        or_(newer.kind_id == Qualification.kind_id, newer.kind_id.in_(wider)),
        or_(newer.verified_on.is_not(None), Qualification.verified_on.is_(None)),
        or_(
            newer.valid_until.is_(None),
            newer.valid_until > Qualification.valid_until,
            and_(newer.valid_until == Qualification.valid_until, newer.id > Qualification.id),
        ),
    )
