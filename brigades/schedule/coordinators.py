"""Who answers for a slot: whoever leads it, and its coordinators."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased

from brigades.access import Role
from brigades.clock import local_day
from brigades.db import session
from brigades.people.models import Person, Standing
from brigades.schedule.models import Slot
from brigades.sections.models import Appointment, Section


def coordinators_of(slot: Slot, now: datetime) -> list[Person]:
    """The slot's lead, and who coordinates its section, each once, in two statements.

    Where nobody is appointed there: who coordinates the nearest section above it.
    """
    today = local_day(now, slot.zone)
    nearest = (
        _appointed(slot.section_id, today, func.max(func.length(Section.path)))
    ).scalar_subquery()
    appointed = _appointed(slot.section_id, today, Appointment.person_id).where(
        func.length(Section.path) == nearest
    )
    return list(
        session.scalars(
            select(Person)
            .where(
                or_(Person.id == slot.leader_id, Person.id.in_(appointed)),
                Person.standing == Standing.ACTIVE,
            )
            .order_by(Person.id)
        )
    )


def _appointed(section_id: int, today: date, column: Any) -> Select[Any]:
    """A column over the coordinators of a section and of all above it, as of a local day."""
    own = aliased(Section)
    return (
        select(column)
        .select_from(Appointment)
        .join(Section, Section.id == Appointment.section_id)
        .join(own, own.path.startswith(Section.path, autoescape=False))
        .where(
            own.id == section_id,
            Appointment.role == Role.COORDINATOR,
            Appointment.since <= today,
            or_(Appointment.until.is_(None), Appointment.until >= today),
        )
    )
