"""A person's name is the same whether it is read off the person or asked of the database."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import aliased

from brigades.db import session
from brigades.people.models import Person
from tests import builders as b


@pytest.mark.parametrize(
    ("given", "family"), [("Ana", "Pérez"), ("Madonna", ""), ("", "Pelé"), ("نور", "الدين")]
)
def test_a_name_is_asked_for_as_it_is_read(app, given, family):
    person = b.a_person(b.a_section(), given_name=given, family_name=family)
    other = aliased(Person)
    assert session.scalar(select(Person.name)) == person.name == f"{given} {family}".strip()
    assert session.scalar(select(other.id).where(other.name == person.name)) == person.id
