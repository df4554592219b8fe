"""Hours served, added up by person, section, skill or month. One set of rows for all.

A row counts where `schedule.hours` says so, so whatever is added up here agrees with each other
and with the profile. The month is the local one in which the slot starts.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, extract, func, literal, select

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
    groups = _grouped(scope, filters, now).subquery()
    # Whoever is in one line only is counted there.
    people: Any = func.coalesce(func.sum(groups.c.people), 0)
    if filters.by in (By.SKILL, By.MONTH):
        each = func.count(func.distinct(Participation.person_id))
        people = _counted(scope, filters, now).with_only_columns(each, maintain_column_froms=True)
        people = people.scalar_subquery()
    query = select(
        func.count(),
        func.coalesce(func.sum(groups.c.seconds), 0.0),
        func.coalesce(func.sum(groups.c.places), 0),
        people,
    ).select_from(groups)
    number, seconds, places, persons = session.execute(query).one()
    return Total(number, float(seconds) / 3600, int(places), int(persons))


def lines(
    scope: Scope, filters: Filters, now: datetime, *, number: int = 1, per: int = 50
) -> list[Line]:
    """One page of lines; one statement."""
    query = _named(filters.by, _grouped(scope, filters, now).subquery())
    page = query.limit(per).offset((number - 1) * per)
    return [_line(filters.by, row) for row in session.execute(page)]


def counted(scope: Scope, filters: Filters, now: datetime) -> Select[Any]:
    """Every place that counts, of the people within the scope, with slot, need and section."""
    return _filtered(
        _places(now)
        .join(Need, Need.id == Participation.need_id)
        .join(Person, Person.id == Participation.person_id)
        .join(Section, Section.id == Person.section_id),
        scope,
        filters,
    )


def _counted(scope: Scope, filters: Filters, now: datetime) -> Select[Any]:
    """The same with the tables alone that are asked something: a table less is a look-up less."""
    query = _places(now)
    if filters.skill is not None or filters.by is By.SKILL:
        query = query.join(Need, Need.id == Participation.need_id)
    everybody = Can.SEE_PEOPLE in scope.everywhere
    if not everybody or filters.section_id is not None or filters.by is By.SECTION:
        query = query.join(Person, Person.id == Participation.person_id)
    if filters.section_id is not None:
        query = query.join(Section, Section.id == Person.section_id)
    return _filtered(query, scope, filters)


def _places(now: datetime) -> Select[Any]:
    return (
        select(Participation.id)
        .join(Slot, Slot.id == Participation.slot_id)
        .where(served.count(now))
    )


def _filtered(query: Select[Any], scope: Scope, filters: Filters) -> Select[Any]:
    query = query.where(*between(filters.since, filters.until))
    if Can.SEE_PEOPLE not in scope.everywhere:
        query = query.where(scope.within(Person, Can.SEE_PEOPLE))
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
    """The sums by what tells lines apart, before anything has a name."""
    keys: dict[By, tuple[Any, ...]] = {
        By.PERSON: (Participation.person_id,),
        By.SECTION: (Person.section_id,),
        By.SKILL: (Need.skill,),
        By.MONTH: (
            extract("year", Slot.starts_local).label("year"),
            extract("month", Slot.starts_local).label("month"),
        ),
    }
    distinct = func.count(func.distinct(Participation.person_id))
    people = literal(1) if filters.by is By.PERSON else distinct
    return (
        _counted(scope, filters, now)
        .with_only_columns(
            *keys[filters.by],
            func.sum(served.seconds()).label("seconds"),
            func.count(Participation.id).label("places"),
            people.label("people"),
            maintain_column_froms=True,
        )
        .group_by(*keys[filters.by])
    )


def _named(by: By, groups: Subquery) -> Select[Any]:
    """Lines with their names, in order; a page of them."""
    query = select(groups)
    if by is By.PERSON:
        return (
            query.add_columns(Person.id, Person.name, Section.name.label("section"))
            .join(Person, Person.id == groups.c.person_id)
            .join(Section, Section.id == Person.section_id)
            .order_by(Person.sort_name, Person.id)
        )
    if by is By.SECTION:
        named = query.add_columns(Section.name.label("section"))
        named = named.join(Section, Section.id == groups.c.section_id)
        return named.order_by(Section.name, Section.id)
    if by is By.SKILL:
        return query.order_by(groups.c.seconds.desc(), groups.c.skill)
    return query.order_by(groups.c.year.desc(), groups.c.month.desc())


def _line(by: By, row: Any) -> Line:
    sums = {"hours": row.seconds / 3600, "places": row.places, "people": row.people}
    if by is By.PERSON:
        return Line(**sums, person_id=row.id, name=row.name, section=row.section)
    if by is By.SECTION:
        return Line(**sums, section=row.section)
    if by is By.SKILL:
        return Line(**sums, skill=row.skill)
    return Line(**sums, month=date(int(row.year), int(row.month), 1))
