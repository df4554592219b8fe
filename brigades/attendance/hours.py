"""Hours served, added up by person, section, skill or month. One set of rows for all.

A row counts where `schedule.hours` says so, so whatever is added up here agrees with each other
and with the profile. The month is the local one in which the slot starts.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, extract, func, select

from brigades.access import Can, Scope
from brigades.clock import DAY
from brigades.db import session
from brigades.people.models import Person
from brigades.people.skills import Skill
from brigades.schedule import hours as served
from brigades.schedule.models import Need, Participation, Slot
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


def total(scope: Scope, filters: Filters, now: datetime) -> Total:
    """What all lines add up to; one statement."""
    groups = _grouped(scope, filters, now).order_by(None).subquery()
    lines = select(func.count()).select_from(groups).scalar_subquery()
    query = counted(scope, filters, now).with_only_columns(
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


def counted(scope: Scope, filters: Filters, now: datetime) -> Select[Any]:
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
            *between(filters.since, filters.until),
        )
    )
    if filters.section_id is not None:
        above = select(Section.path).where(Section.id == filters.section_id).scalar_subquery()
        query = query.where(Section.path.startswith(above))
    if filters.skill is not None:
        query = query.where(Need.skill == filters.skill)
    return query


def between(since: date | None, until: date | None) -> list[ColumnElement[bool]]:
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
        counted(scope, filters, now)
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
