"""The zone that a person's day follows."""

from sqlalchemy import select

from brigades.db import session
from brigades.outbox.above import day_zone
from brigades.people.models import Person
from brigades.sections.models import Section


def zone_of(person_id: int) -> str:
    """An IANA name: of where somebody lives if they say so, else of their section."""
    query = select(day_zone()).join(Section, Section.id == Person.section_id)
    return session.scalars(query.where(Person.id == person_id)).one()
