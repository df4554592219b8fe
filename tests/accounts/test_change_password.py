"""Changing the password while signed in, and signing out other devices."""

import pytest

from brigades.accounts import passwords
from brigades.accounts.models import Account
from brigades.db import session
from tests.accounts.conftest import PASSWORD

NEW = "nine loud trumpets"


@pytest.fixture
def here(client, mira):
    """Mira's laptop."""
    sign_in = {"email": "mira.k@example.org", "password": PASSWORD, "remember": "y"}
    client.post("/login", data=sign_in)
    return client


@pytest.fixture
def phone(app, mira):
    """Mira's phone."""
    client = app.test_client()
    client.post("/login", data={"email": "mira.k@example.org", "password": PASSWORD})
    return client


def is_in(client) -> bool:
    return client.get("/account/password").status_code == 200


def test_a_new_password_ends_other_sessions_and_this_one_goes_on(here, phone, mira):
    answer = here.post("/account/password", data={"old": PASSWORD, "password": NEW, "repeat": NEW})
    assert answer.status_code == 302
    assert passwords.fits(session.get(Account, mira.id).password_hash, NEW)
    assert not is_in(phone)
    assert is_in(here)
    here.delete_cookie("session")  # still remembered here
    assert is_in(here)


@pytest.mark.parametrize(
    ("old", "new", "repeat", "words"),
    [
        ("not the old one", NEW, NEW, "This is not your present password."),
        ("", NEW, NEW, "Enter your password."),
        (PASSWORD, "short", "short", "Use at least 10 characters."),
        (PASSWORD, NEW, "", "Enter the new password once more."),
        (PASSWORD, NEW, NEW + "s", "This is not the same"),
    ],
)
def test_the_old_password_is_asked_for_and_the_new_one_is_judged(
    here, mira, old, new, repeat, words
):
    answer = here.post("/account/password", data={"old": old, "password": new, "repeat": repeat})
    assert answer.status_code == 422
    assert words in answer.text
    assert passwords.fits(session.get(Account, mira.id).password_hash, PASSWORD)
    assert is_in(here)


def test_one_button_signs_out_every_other_device(here, phone):
    assert here.post("/account/sign-out-everywhere").status_code == 302
    assert is_in(here)
    assert not is_in(phone)
