"""Papers that lapse: their holders hear 90, 30 and 7 days before, in the morning of their section.

Once a day and zone: a mark says when its people's papers were gone through. What is to be told of
several papers on the same morning is one letter.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, select

from brigades.clock import DAY, Wall, is_zone
from brigades.db import session
from brigades.reminders import lapsing_papers, mornings, rules
from brigades.reminders.lapsing import crossed
from brigades.reminders.lapsing_papers import Paper, paper_mark
from brigades.reminders.posting import Because, Posting
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
    found = lapsing_papers.read(days.values(), Section.zone.in_(days))
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
    papers = lapsing_papers.read(days, which)
    coming = [
        morning
        for zone in {paper.zone for paper in papers}
        for morning in _coming(zone, now, until)
    ]
    return list(_letters(_told(papers, coming)))


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
