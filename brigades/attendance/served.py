"""Hours served, slot by slot: of all that count, and of one person by month.

The month is the local one in which the slot starts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from brigades.access import Scope
from brigades.attendance.hours import Filters, between, counted
from brigades.clock import Wall
from brigades.db import session
from brigades.people.models import Person
from brigades.people.skills import Skill
from brigades.schedule import hours
from brigades.schedule.models import Need, Participation, Slot
from brigades.schedule.rules.presence import Span, credited
from brigades.sections.models import Section


@dataclass(frozen=True)
class Served:
    """One slot in which somebody served."""

    slot_id: int
    kind: str  # "shift" or "session"
    title: str
    place: str
    starts: Wall
    starts_at: datetime
    hours: float
    no_check_out: bool
    skill: Skill | None
    trade: str
    person: str = ""
    section: str = ""

    @property
    def day(self) -> date:
        """The local day on which it started."""
        return self.starts.local.date()

    @property
    def month(self) -> date:
        """The first day of the local month in which it started."""
        return self.day.replace(day=1)


@dataclass(frozen=True)
class Month:
    """What somebody served in one local month, newest first."""

    first: date
    served: list[Served]

    @property
    def hours(self) -> float:
        """All of it."""
        return sum(one.hours for one in self.served)


def every(scope: Scope, filters: Filters, now: datetime) -> list[Served]:
    """Slot by slot and person by person, for exports; one statement."""
    query = counted(scope, filters, now).with_only_columns(
        *_SHOWN,
        Person.name,
        Section.name.label("section"),
        maintain_column_froms=True,
    )
    ordered = query.order_by(Person.sort_name, Person.id, Slot.starts_at, Slot.id)
    return [_served(row, row.name, row.section) for row in session.execute(ordered)]


def of_person(
    person_id: int, now: datetime, since: date | None = None, until: date | None = None
) -> list[Served]:
    """What one person served, newest first; one statement."""
    query = (
        select(*_SHOWN)
        .join(Slot, Slot.id == Participation.slot_id)
        .join(Need, Need.id == Participation.need_id)
        .where(Participation.person_id == person_id, hours.count(now), *between(since, until))
        .order_by(Slot.starts_at.desc(), Slot.id.desc())
    )
    return [_served(row) for row in session.execute(query)]


def months(found: Sequence[Served]) -> list[Month]:
    """The same by month, in their order."""
    by_month: dict[date, list[Served]] = {}
    for one in found:
        by_month.setdefault(one.month, []).append(one)
    return [Month(first, inside) for first, inside in by_month.items()]


_SHOWN: tuple[Any, ...] = (
    Participation.came_at,
    Participation.left_at,
    Participation.more_hours,
    Slot.id,
    Slot.type,
    Slot.title,
    Slot.place,
    Slot.zone,
    Slot.starts_local,
    Slot.starts_fold,
    Slot.starts_at,
    Slot.ends_at,
    Need.skill,
    Need.trade,
)


def _served(row: Any, person: str = "", section: str = "") -> Served:
    span = Span(row.starts_at, row.starts_at, row.ends_at)
    return Served(
        slot_id=row.id,
        kind=row.type,
        title=row.title,
        place=row.place,
        starts=Wall(row.starts_local, row.zone, row.starts_fold),
        starts_at=row.starts_at,
        hours=credited(span, row.came_at, row.left_at, stated=row.more_hours) / 3600,
        no_check_out=row.came_at is not None and row.left_at is None,
        skill=row.skill,
        trade=row.trade,
        person=person,
        section=section,
    )
