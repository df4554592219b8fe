"""The sections of somebody's scope, each with its coordinator and how many people it has."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from brigades.access import Can, Role, Scope, named_inside
from brigades.db import built_once, session
from brigades.people.models import Person, Standing
from brigades.recruiting.models import WAITING_STAGES, Application
from brigades.sections.models import Appointment, Section

SECTIONS = 20
CAN = Can.RUN_SHIFTS


@dataclass(frozen=True)
class Branch:
    """A section with its coordinator ("" is nobody), people active and applications open."""

    slug: str
    name: str
    coordinator: str
    people: int
    applications: int


def branches(scope: Scope, today: date) -> tuple[list[Branch], int]:
    """The first sections by name, and how many there are in all; one statement."""
    given = scope.given(CAN) | {"today": today}
    found = [
        Branch(slug, name, (coordinator or "").strip(), n_people, n_applications)
        for slug, name, coordinator, n_people, n_applications in session.execute(
            _first(scope.everywhere), given
        )
    ]
    return found, len(scope.sections(CAN))


@built_once
def _first(everywhere: frozenset[Can]) -> Select[Any]:
    people = (
        select(func.count(Person.id))
        .where(Person.section_id == Section.id, Person.standing == Standing.ACTIVE)
        .scalar_subquery()
    )
    applications = (
        select(func.count(Application.id))
        .where(Application.section_id == Section.id, Application.stage.in_(WAITING_STAGES))
        .scalar_subquery()
    )
    return (
        select(Section.slug, Section.name, _coordinator(), people, applications)
        .where(named_inside(Section.id, CAN, everywhere))
        .order_by(Section.name, Section.id)
        .limit(SECTIONS)
    )


def _coordinator() -> Any:
    """Name of the first who coordinates this very section today."""
    query: Select[Any] = (
        select(Person.name)
        .join(Appointment, Appointment.person_id == Person.id)
        .where(
            Appointment.section_id == Section.id,
            Appointment.role == Role.COORDINATOR,
            Appointment.holds_on(bindparam("today")),
        )
        .order_by(Appointment.since, Appointment.id)
        .limit(1)
    )
    return query.correlate(Section).scalar_subquery()
