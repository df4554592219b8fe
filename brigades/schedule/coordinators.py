"""Who answers for a slot: whoever leads it, and those appointed nearest to its section."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from brigades.access import Role
from brigades.clock import local_day
from brigades.db import session
from brigades.people.models import Person, Standing
from brigades.schedule.models import Slot
from brigades.schedule.rules.answering import Appointed, answering, upward
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

    ``paths`` are those of the sections, at least one; one statement. Deputies only where nobody
    else is appointed as near. Empty where nobody is appointed that high up.
    """
    above = set.intersection(*(set(upward(path)) for path in paths))
    rows = session.execute(
        select(Person, Section.path, Appointment.deputy)
        .join(Appointment, Appointment.person_id == Person.id)
        .join(Section, Section.id == Appointment.section_id)
        .where(
            Section.path.in_(sorted(above)),
            Appointment.role.in_(ANSWER),
            Appointment.holds_on(today),
            Person.standing == Standing.ACTIVE,
        )
        .order_by(Person.id)
    ).all()
    closest = max((len(path) for _person, path, _deputy in rows), default=0)
    here = [
        Appointed(person.id, path, deputy) for person, path, deputy in rows if len(path) == closest
    ]
    answer = answering(here)
    return [person for id, person in {row[0].id: row[0] for row in rows}.items() if id in answer]
