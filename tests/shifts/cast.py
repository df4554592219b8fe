"""The people of these tests, and what a coordinator types."""

from dataclasses import dataclass, field
from typing import Any

from brigades.access import Role
from brigades.people.models import Person
from brigades.sections.models import Section
from tests import builders as b


@dataclass
class Cast:
    """A section under an international body, its coordinator and a volunteer; a stranger beside."""

    app: Any
    top: Section
    section: Section
    coordinator: Person
    volunteer: Person
    strange_section: Section
    strange_coordinator: Person
    stranger: Person
    clients: dict[int, Any] = field(default_factory=dict)

    def as_(self, person: Person) -> Any:
        """A browser in which this person is signed in."""
        if person.id not in self.clients:
            self.clients[person.id] = b.signed_in(self.app, person)
        return self.clients[person.id]


def a_cast(app: Any) -> Cast:
    """Everybody, with names that a page can be searched for."""
    top = b.a_section()
    here, there = b.a_section(top), b.a_section(top)
    boss = b.a_person(here, given_name="Cora", family_name="Coordinator")
    other_boss = b.a_person(there, given_name="Otto", family_name="Other")
    b.an_appointment(boss, here, Role.COORDINATOR)
    b.an_appointment(other_boss, there, Role.COORDINATOR)
    volunteer = b.a_person(here, "bricklaying", given_name="Vera", family_name="Volunteer")
    stranger = b.a_person(there, "bricklaying", given_name="Stan", family_name="Stranger")
    return Cast(app, top, here, boss, volunteer, there, other_boss, stranger)


def typed(section: Section, **given: Any) -> dict[str, Any]:
    """What a coordinator types for a shift with one place for anybody."""
    values = {
        "section": str(section.id),
        "title": "Night pour",
        "zone": section.zone,
        "starts": "2026-08-14T08:00",
        "ends": "2026-08-14T16:00",
        "starts_fold": "",
        "ends_fold": "",
        "place": "Gate B",
        "online_url": "",
        "note": "",
        "lead": "",
        "signup": "open",
        "waitlist": "y",
        "signup_until": "",
    }
    return values | a_row(0) | given


def a_row(number: int, **given: Any) -> dict[str, Any]:
    """One row of the list of needs."""
    values = {
        "id": "",
        "ability": "",
        "language": "",
        "language_to": "",
        "level": "",
        "kind": "",
        "least": "1",
        "most": "",
    }
    return {f"needs-{number}-{name}": value for name, value in (values | given).items()}
