"""Who answers for a slot: whoever leads it, and those appointed nearest to its section."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, or_, select

from brigades.access import Role
from brigades.clock import local_day
from brigades.db import session
from brigades.people.models import Person, Standing
from brigades.schedule.models import Slot
from brigades.sections.models import Appointment, Section

ANSWER = (Role.COORDINATOR, Role.ORGANIZER)


def coordinators_of(slot: Slot, now: datetime) -> list[Person]:
    """The slot's lead, and who answers for its section, each once."""
    path = session.get_one(Section, slot.section_id).path
    found = {person.id: person for person in nearest([path], local_day(now, slot.zone))}
    if slot.leader_id is not None and slot.leader_id not in found:
        lead = session.get_one(Person, slot.leader_id)
        if lead.standing is Standing.ACTIVE:
            found[lead.id] = lead
    return [found[id] for id in sorted(found)]


def nearest(paths: Sequence[str], today: date) -> list[Person]:
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
            Appointment.role.in_(ANSWER),
            Appointment.since <= today,
            or_(Appointment.until.is_(None), Appointment.until >= today),
            Person.standing == Standing.ACTIVE,
        )
        .order_by(Person.id)
    ).all()
    closest = max((length for _person, length in rows), default=0)
    return list({person.id: person for person, length in rows if length == closest}.values())


def _upward(path: str) -> list[str]:
    """The paths of a section and of all above it: "/1/7/" and "/1/"."""
    ids = path.strip("/").split("/")
    return [f"/{'/'.join(ids[:number])}/" for number in range(1, len(ids) + 1)]
