"""Who answers for a slot: whoever leads it, and those appointed nearest to its section."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, select

from brigades.access import Role
from brigades.clock import local_day
from brigades.db import session
from brigades.people.models import Person, Standing
from brigades.schedule.models import Slot
from brigades.schedule.rules import answering
from brigades.schedule.rules.answering import Appointed
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
    """Coordinators and organizers who answer for every one of these sections; one statement.

    ``paths`` are those of the sections, at least one. Empty where nobody is appointed so high up.
    """
    rows = session.execute(
        select(Person, Section.path, Appointment.deputy)
        .join(Appointment, Appointment.person_id == Person.id)
        .join(Section, Section.id == Appointment.section_id)
        .where(Section.path.in_(sorted(answering.above_all(paths))), *appointed_on(today))
        .order_by(Person.id)
    ).all()
    people, appointed = dict[int, Person](), defaultdict[str, list[Appointed]](list)
    for person, path, deputy in rows:
        people[person.id] = person
        appointed[path].append(Appointed(person.id, path, deputy))
    return [people[id] for id in sorted(answering.nearest(paths, appointed))]


def appointed_on(today: date) -> tuple[ColumnElement[bool], ...]:
    """The conditions under which an appointment counts; for a query that joins its person."""
    return (
        Appointment.role.in_(ANSWER),
        Appointment.holds_on(today),
        Person.standing == Standing.ACTIVE,
    )
