"""Browsers of people who look after a section."""

from typing import Any

from brigades.access import Role
from brigades.sections.models import Section
from tests.builders import a_person, an_appointment, signed_in


def a_desk(app: Any, section: Section, role: Role = Role.COORDINATOR, **given: Any) -> Any:
    """A client in which somebody with a role in the section is signed in (``client.person``)."""
    person = a_person(section, **{"given_name": "Cora", "family_name": "Desk"} | given)
    an_appointment(person, section, role)
    client = signed_in(app, person)
    client.person = person
    return client
