"""Hours served: by person, section, skill or month, and slot by slot. One set of rows for all.

A row counts where `schedule.hours` says so, so whatever is added up here agrees with each other
and with the profile. The month is the local one in which the slot starts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, extract, func, select

from brigades.access import Can, Scope
from brigades.clock import DAY, Wall
from brigades.db import session
from brigades.people.models import Person
from brigades.people.skills import Skill
from brigades.schedule import hours as served
from brigades.schedule.models import Need, Participation, Slot
from brigades.schedule.rules.presence import Span, credited
from brigades.sections.models import Section


class By(StrEnum):
    """What hours are added up by."""

    PERSON = "person"
    SECTION = "section"
    SKILL = "skill"
    MONTH = "month"


@dataclass(frozen=True)
class Filters:
    """Which hours: local days of the start, both inclusive; people's section with all below it."""

    by: By = By.PERSON
    since: date | None = None
    until: date | None = None
    section_id: int | None = None
    skill: Skill | None = None

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out."""
        return any((self.since, self.until, self.section_id, self.skill))


@dataclass(frozen=True)
class Line:
    """One line of the report. Which of the names are set follows from what it is added up by."""

    hours: float
    places: int
    people: int
    person_id: int = 0
    name: str = ""
    section: str = ""
    skill: Skill | None = None
    month: date | None = None


@dataclass(frozen=True)
class Total:
    """All lines together, over all pages."""

    lines: int
    hours: float
    places: int
    people: int


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


def total(scope: Scope, filters: Filters, now: datetime) -> Total:
    """What all lines add up to; one statement."""
    groups = _grouped(scope, filters, now).order_by(None).subquery()
    lines = select(func.count()).select_from(groups).scalar_subquery()
    query = _counted(scope, filters, now).with_only_columns(
        lines,
        func.coalesce(func.sum(served.seconds()), 0.0),
        func.count(Participation.id),
        func.count(func.distinct(Participation.person_id)),
        maintain_column_froms=True,
    )
    number, seconds, places, people = session.execute(query).one()
    return Total(number, seconds / 3600, places, people)


def lines(
    scope: Scope, filters: Filters, now: datetime, *, number: int = 1, per: int = 50
) -> list[Line]:
    """One page of lines; one statement."""
    query = _grouped(scope, filters, now).limit(per).offset((number - 1) * per)
    return [_line(filters.by, row) for row in session.execute(query)]


def every(scope: Scope, filters: Filters, now: datetime) -> list[Served]:
    """Slot by slot and person by person, for exports; one statement."""
    query = _counted(scope, filters, now).with_only_columns(
        *_SHOWN,
        Person.given_name,
        Person.family_name,
        Section.name.label("section"),
        maintain_column_froms=True,
    )
    ordered = query.order_by(Person.sort_name, Person.id, Slot.starts_at, Slot.id)
    return [
        _served(row, f"{row.given_name} {row.family_name}".strip(), row.section)
        for row in session.execute(ordered)
    ]


def of_person(
    person_id: int, now: datetime, since: date | None = None, until: date | None = None
) -> list[Served]:
    """What one person served, newest first; one statement."""
    query = (
        select(*_SHOWN)
        .join(Slot, Slot.id == Participation.slot_id)
        .join(Need, Need.id == Participation.need_id)
        .where(Participation.person_id == person_id, served.count(now), *_between(since, until))
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


def _counted(scope: Scope, filters: Filters, now: datetime) -> Select[Any]:
    """Every place that counts, of the people within the scope, with slot, need and section."""
    query = (
        select(Participation.id)
        .join(Slot, Slot.id == Participation.slot_id)
        .join(Need, Need.id == Participation.need_id)
        .join(Person, Person.id == Participation.person_id)
        .join(Section, Section.id == Person.section_id)
        .where(
            scope.within(Person, Can.SEE_PEOPLE),
            served.count(now),
            *_between(filters.since, filters.until),
        )
    )
    if filters.section_id is not None:
        above = select(Section.path).where(Section.id == filters.section_id).scalar_subquery()
        query = query.where(Section.path.startswith(above))
    if filters.skill is not None:
        query = query.where(Need.skill == filters.skill)
    return query


def _between(since: date | None, until: date | None) -> list[ColumnElement[bool]]:
    """The local day of the start lies between these, both inclusive."""
    conditions: list[ColumnElement[bool]] = []
    if since is not None:
        conditions.append(Slot.starts_local >= datetime.combine(since, time()))
    if until is not None:
        conditions.append(Slot.starts_local < datetime.combine(until, time()) + DAY)
    return conditions


def _grouped(scope: Scope, filters: Filters, now: datetime) -> Select[Any]:
    seconds = func.sum(served.seconds())
    year, month = extract("year", Slot.starts_local), extract("month", Slot.starts_local)
    groups: dict[By, tuple[tuple[Any, ...], tuple[Any, ...]]] = {
        By.PERSON: (
            (
                Person.id,
                Person.sort_name,
                Person.given_name,
                Person.family_name,
                Section.name.label("section"),
            ),
            (Person.sort_name, Person.id),
        ),
        By.SECTION: ((Section.id, Section.name.label("section")), (Section.name, Section.id)),
        By.SKILL: ((Need.skill,), (seconds.desc(), Need.skill)),
        By.MONTH: ((year.label("year"), month.label("month")), (year.desc(), month.desc())),
    }
    columns, order = groups[filters.by]
    return (
        _counted(scope, filters, now)
        .with_only_columns(
            *columns,
            seconds.label("seconds"),
            func.count(Participation.id).label("places"),
            func.count(func.distinct(Participation.person_id)).label("people"),
            maintain_column_froms=True,
        )
        .group_by(*columns)
        .order_by(*order)
    )


def _line(by: By, row: Any) -> Line:
    sums = {"hours": row.seconds / 3600, "places": row.places, "people": row.people}
    if by is By.PERSON:
        name = f"{row.given_name} {row.family_name}".strip()
        return Line(**sums, person_id=row.id, name=name, section=row.section)
    if by is By.SECTION:
        return Line(**sums, section=row.section)
    if by is By.SKILL:
        return Line(**sums, skill=row.skill)
    return Line(**sums, month=date(int(row.year), int(row.month), 1))
