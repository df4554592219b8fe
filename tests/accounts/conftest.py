"""A person who can sign in."""

import pytest

from brigades.accounts import passwords
from brigades.accounts.models import Account
from tests import builders

PASSWORD = "seven quiet lanterns"


@pytest.fixture
def mira(app) -> Account:
    """Mira's account, with a password; she is a member of a section."""
    person = builders.a_person(
        builders.a_section(),
        given_name="Mira",
        family_name="Keller",
        email="Mira.K@Example.org",
    )
    account = builders.an_account(person, password_hash=passwords.hashed(PASSWORD))
    account.person = person
    return account
