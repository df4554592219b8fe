"""The people list and a person's page."""

import pytest

from brigades.access import Role
from tests.builders import (
    a_kind,
    a_participation,
    a_person,
    a_qualification,
    a_section,
    a_shift,
    an_appointment,
    signed_in,
)


@pytest.fixture
def desk(app):
    """A coordinator's browser, with their section and themselves on it."""
    section = a_section()
    person = a_person(section, given_name="Cora", family_name="Desk")
    an_appointment(person, section, Role.COORDINATOR)
    client = signed_in(app, person)
    client.section, client.person = section, person
    return client


def test_a_coordinator_sees_the_list_and_each_person(desk):
    person = a_person(
        desk.section,
        "carpentry",
        "medical",
        languages={"ar": "native"},
        given_name="Amina",
        family_name="Saleh",
        phone="+970599123456",
    )
    a_qualification(person, a_kind())
    a_participation(a_shift(desk.section, title="Clinic"), person)
    page = desk.get("/people")
    assert page.status_code == 200
    assert "Amina Saleh" in page.text
    page = desk.get(f"/people/{person.id}")
    assert page.status_code == 200
    for words in ("Carpentry", "First aid", "mother tongue", "Clinic", "Confirmed"):
        assert words in page.text
