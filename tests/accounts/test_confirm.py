"""What matters asks for the password again where a cookie alone says who it is. # AUTH-04"""

import pytest
from flask import Blueprint

from brigades.access import Can, Role
from brigades.audit.models import Entry
from brigades.db import session
from brigades.web import needs
from tests import builders
from tests.accounts.conftest import PASSWORD
from tests.support.apps import beside

ELSEWHERE = {"User-Agent": "Another browser", "X-Forwarded-For": "203.0.113.9"}


@pytest.fixture
def sensitive(app, mira):
    """An application with a page that matters, and Mira appointed to use it."""
    body = builders.a_section()
    builders.an_appointment(mira.person, body, Role.ADMINISTRATOR)
    bp = Blueprint("vault", __name__)

    @bp.get("/vault")
    @needs(Can.APPOINT)
    def look(scope):
        return "the vault"

    @bp.post("/vault")
    @needs(Can.APPOINT)
    def put(scope):
        from flask import request

        words = " and ".join(request.form.getlist("thing"))
        session.add(Entry(what="vault", at=builders.NOON, became=words))
        return "kept"

    with beside(app) as other:
        if bp.name not in other.blueprints:  # `beside` gives the same one again
            other._got_first_request = False
            other.register_blueprint(bp)
        yield other


def signed_in_from_before(other, **more):
    client = other.test_client()
    client.post(
        "/login", data={"email": "mira.k@example.org", "password": PASSWORD, "remember": "y"}
    )
    client.delete_cookie("session")
    return client


def kept_things():
    return [entry.became for entry in session.query(Entry).filter_by(what="vault")]


def test_a_sign_in_just_made_is_not_asked_again(sensitive):
    client = sensitive.test_client()
    client.post("/login", data={"email": "mira.k@example.org", "password": PASSWORD})
    assert client.get("/vault").text == "the vault"


def test_a_remembered_one_reads_on_but_is_asked_before_what_matters(sensitive):
    client = signed_in_from_before(sensitive)
    assert client.get("/account/password").status_code == 200
    asked = client.get("/vault?of=gold")
    assert asked.status_code == 302
    page = client.get(asked.location)
    assert page.status_code == 200
    assert 'value="/vault?of=gold"' in page.text
    wrong = client.post(asked.location, data={"password": "not it at all"})
    assert wrong.status_code == 422
    assert "This is not your password." in wrong.text
    assert client.get("/vault").status_code == 302
    right = client.post(asked.location, data={"password": PASSWORD})
    assert right.location == "/vault?of=gold"
    assert client.get("/vault").text == "the vault"


def test_another_network_is_asked_in_the_middle_of_a_form_and_nothing_typed_is_lost(sensitive):
    client = sensitive.test_client()
    client.post("/login", data={"email": "mira.k@example.org", "password": PASSWORD})
    assert client.get("/account/password", headers=ELSEWHERE).status_code == 200
    typed = {"thing": ["gold & silver", "myrrh"]}
    asked = client.post("/vault", data=typed, headers=ELSEWHERE)
    assert asked.status_code == 403
    assert 'name="thing" value="gold &amp; silver"' in asked.text
    assert 'name="thing" value="myrrh"' in asked.text
    assert kept_things() == []
    wrong = client.post("/vault", data=typed | {"confirm_password": "no"}, headers=ELSEWHERE)
    assert wrong.status_code == 403
    assert "This is not your password." in wrong.text
    assert kept_things() == []
    right = client.post("/vault", data=typed | {"confirm_password": PASSWORD}, headers=ELSEWHERE)
    assert right.text == "kept"
    assert kept_things() == ["gold & silver and myrrh"]
    assert client.get("/vault", headers=ELSEWHERE).text == "the vault"
