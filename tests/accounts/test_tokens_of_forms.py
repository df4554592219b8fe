"""Forms carry a token; one that was open too long loses nothing. # AUTH-08"""

import re

import pytest
import time_machine

from brigades.db import session
from brigades.outbox.models import Letter
from tests.accounts.conftest import PASSWORD
from tests.support.apps import beside


@pytest.fixture
def guarded(app, mira):
    """The application with the check of tokens on, each good for a second."""
    with beside(app, WTF_CSRF_ENABLED=True, WTF_CSRF_TIME_LIMIT=1) as other:
        yield other


def token(page) -> str:
    return re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page.text)[1]


def test_a_form_that_was_open_too_long_comes_back_with_all_that_was_typed(guarded, mira):
    client = guarded.test_client()
    with time_machine.travel("2026-06-10 12:00:00Z", tick=False) as clock:
        old = token(client.get("/password/forgot"))
        clock.shift(2.5)
        typed = {"email": "mira.k@example.org"}
        stale = client.post("/password/forgot", data=typed | {"csrf_token": old})
        assert stale.status_code == 422
        assert "open for too long" in stale.text
        assert 'value="mira.k@example.org"' in stale.text
        assert session.query(Letter).count() == 0
        again = client.post("/password/forgot", data=typed | {"csrf_token": token(stale)})
        assert again.status_code == 302
        assert session.query(Letter).count() == 1


def test_signing_in_in_another_tab_leaves_an_open_form_good(guarded, mira):
    client = guarded.test_client()
    with time_machine.travel("2026-06-10 12:00:00Z", tick=False):
        open_form = token(client.get("/password/forgot"))
        client.post(
            "/login",
            data={
                "email": "mira.k@example.org",
                "password": PASSWORD,
                "csrf_token": token(client.get("/login")),
            },
        )
        typed = {"email": "mira.k@example.org", "csrf_token": open_form}
        assert client.post("/password/forgot", data=typed).status_code == 302


def test_a_sign_in_form_without_its_token_keeps_the_address_and_signs_nobody_in(guarded, mira):
    client = guarded.test_client()
    answer = client.post("/login", data={"email": "mira.k@example.org", "password": PASSWORD})
    assert answer.status_code == 422
    assert 'value="mira.k@example.org"' in answer.text
    assert PASSWORD not in answer.text
    assert client.get("/account/password").status_code == 302


def test_a_button_that_is_too_old_says_so_and_does_nothing(guarded, mira):
    client = guarded.test_client()
    with time_machine.travel("2026-06-10 12:00:00Z", tick=False) as clock:
        page = client.get("/login")
        login = {"email": "mira.k@example.org", "password": PASSWORD, "csrf_token": token(page)}
        client.post("/login", data=login)
        old = token(client.get("/logout"))
        clock.shift(2.5)
        answer = client.post("/logout", data={"csrf_token": old})
        assert answer.status_code == 400
        assert "open for too long" in answer.text
        assert client.get("/account/password").status_code == 200
