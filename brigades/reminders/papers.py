"""Papers that lapse: their holders hear 90, 30 and 7 days before, in the morning of their section.

Once a day and zone: a mark says when its people's papers were gone through. What is to be told of
several papers on the same morning is one letter.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, literal, or_, select
from sqlalchemy.orm import aliased

from brigades.accounts.models import Account
from brigades.clock import DAY, Wall, is_zone
from brigades.db import session
from brigades.people.models import Person, Standing
from brigades.qualifications.models import Kind as KindOfPaper
from brigades.qualifications.models import KindIncludes, Qualification
from brigades.reminders import mornings, rules
from brigades.reminders.lapsing import DAYS, crossed
from brigades.reminders.models import Told
from brigades.reminders.posting import Because, Posting, Reader
from brigades.reminders.stands import reader, reader_columns
from brigades.reminders.walk import Ahead
from brigades.sections.models import Section

NAME = "paper-lapses"
MORNING = "papers"  # the mark that the papers of a zone's people were gone through


@dataclass(frozen=True)
class Lapsing:
    """Letters about papers, and the marks to leave once they are posted.

    ``told``: of each paper and distance; ``looked``: of the zones whose people's were gone through.
    """

    postings: list[Posting] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    looked: list[str] = field(default_factory=list)


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


@dataclass(frozen=True)
class Morning:
    """When the people of a zone hear of their papers on one of its days."""

    at: datetime
    zone: str
    day: date


def due(now: datetime) -> Lapsing:
    """The letters that are due at ``now``; two small statements where there are none."""
    days = mornings.due(MORNING, _zones(), now)
    if not days:
        return Lapsing()
    today = [Morning(now, zone, day) for zone, day in days.items()]
    found = _lapsing_within(days.values(), Section.zone.in_(days))
    told = list(_told(found, today))
    return Lapsing(
        [one.posting for one in _letters(told)],
        [paper_mark(paper, days) for _at, paper, days in told],
        list(days),
    )


def ahead(which: ColumnElement[bool], now: datetime, until: datetime) -> list[Ahead]:
    """The letters of the mornings from ``now`` until then, to people of a condition.

    ``which`` may name ``Person`` and ``Section``. One statement.
    """
    days = (now.date() - timedelta(days=1), until.date() + timedelta(days=1))
    papers = _lapsing_within(days, which)
    coming = [
        morning
        for zone in {paper.zone for paper in papers}
        for morning in _coming(zone, now, until)
    ]
    return list(_letters(_told(papers, coming)))


def paper_mark(paper: Paper, days: int) -> str:
    """The mark that a paper's holder was told so many days before its end."""
    return f"paper:{paper.id}:{paper.valid_until.isoformat()}:{days}"


def _zones() -> list[str]:
    """The sections' zones; what is none is left out, the daily mail says so in the log."""
    return [zone for zone in session.scalars(select(Section.zone).distinct()) if is_zone(zone)]


def _coming(zone: str, now: datetime, until: datetime) -> list[Morning]:
    """The mornings of a zone that come until an instant."""
    found = []
    first = now.date() - timedelta(days=1)
    for number in range((until - now) // DAY + 4):
        day = first + timedelta(days=number)
        at = Wall(datetime.combine(day, rules.DIGEST_AT), zone).instant
        if now < at <= until:
            found.append(Morning(at, zone, day))
    return found


def _lapsing_within(days: Collection[date], which: ColumnElement[bool]) -> list[Paper]:
    """Papers that lapse soon after some of these days and that nothing replaces; one statement.

    Of people who are with us and reachable, of the condition ``which`` on ``Person``, ``Section``.
    """
    first, last = min(days), max(days) + timedelta(days=max(DAYS))
    query = _lapsing().where(Qualification.valid_until.between(first, last), which)
    found = []
    for paper_id, until, kind, zone, section_id, *more in session.execute(query):
        told = frozenset(days for days, was in zip(DAYS, more[: len(DAYS)], strict=True) if was)
        who = reader(*more[len(DAYS) :])
        if is_zone(zone):
            found.append(Paper(paper_id, kind, until, zone, section_id, who, told))
    return found


def _lapsing() -> Select[Any]:
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
            Person.standing.in_((Standing.ACTIVE, Standing.ON_LEAVE)),
            Person.email.is_not(None),
            or_(Account.id.is_(None), Account.active),
            ~replaced(),
        )
        .order_by(Person.id, Qualification.valid_until, Qualification.id)
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


def _told(papers: Iterable[Paper], on: Iterable[Morning]) -> Iterable[tuple[datetime, Paper, int]]:
    """What is told on which morning: of each paper the nearest distance reached, once."""
    by_zone: dict[str, list[Morning]] = defaultdict(list)
    for morning in on:
        by_zone[morning.zone].append(morning)
    for paper in papers:
        told = set(paper.told)
        for morning in by_zone[paper.zone]:
            days = crossed(paper.valid_until, morning.day, told)
            if days is not None:
                told.add(days)
                yield morning.at, paper, days


def _letters(told: Iterable[tuple[datetime, Paper, int]]) -> Iterable[Ahead]:
    """One letter to each holder on a morning."""
    together: dict[tuple[datetime, int], list[tuple[Paper, int]]] = defaultdict(list)
    for at, paper, days in told:
        together[at, paper.holder.id].append((paper, days))
    for (at, _holder), some in together.items():
        yield Ahead(at, _posting(some))


def _posting(some: Sequence[tuple[Paper, int]]) -> Posting:
    """The key names each paper and distance, and the last days that were told."""
    first, days = min(some, key=lambda one: one[0].valid_until)
    which = ",".join(f"{paper.id}-{days}-{paper.valid_until.isoformat()}" for paper, days in some)
    ends = Wall(datetime.combine(first.valid_until, time()), first.zone)
    return Posting(
        name=NAME,
        to=first.holder,
        about={"person": first.holder.id, "papers": [paper.id for paper, _days in some]},
        key=f"{NAME}:{first.holder.id}:{which}",
        section_id=first.section_id,
        because=Because(None, 24 * days, ", ".join(paper.kind for paper, _days in some), ends),
    )
