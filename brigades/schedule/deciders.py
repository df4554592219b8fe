"""Whom to ask where a coordinator decides: those appointed nearest to what it is about."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, or_, select

from brigades.access import Role
from brigades.db import session
from brigades.people.models import Person, Standing
from brigades.sections.models import Appointment, Section

ASKED = (Role.COORDINATOR, Role.ORGANIZER)


def deciders(paths: Sequence[str], today: date) -> list[Person]:
    """Coordinators and organizers who run every one of these sections, those nearest to them.

    ``paths`` are those of the sections, at least one; one statement. Empty where nobody is
    appointed that high up.
    """
    above = set.intersection(*(set(_upward(path)) for path in paths))
    rows = session.execute(
        select(Person, func.length(Section.path))
        .join(Appointment, Appointment.person_id == Person.id)
        .join(Section, Section.id == Appointment.section_id)
        .where(
            Section.path.in_(sorted(above)),
            Appointment.role.in_(ASKED),
            Appointment.since <= today,
            or_(Appointment.until.is_(None), Appointment.until >= today),
            Person.standing == Standing.ACTIVE,
            Person.email.is_not(None),
        )
        .order_by(Person.id)
    ).all()
    nearest = max((length for _person, length in rows), default=0)
    return list({person.id: person for person, length in rows if length == nearest}.values())


def _upward(path: str) -> list[str]:
    """The paths of a section and of all above it: "/1/7/" and "/1/"."""
    ids = path.strip("/").split("/")
    return [f"/{'/'.join(ids[:number])}/" for number in range(1, len(ids) + 1)]
