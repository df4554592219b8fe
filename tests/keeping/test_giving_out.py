"""Whoever asks what we keep of them gets all of it, and nothing that opens anything."""

import json

import pytest
from sqlalchemy import select

from brigades import clock
from brigades.access import Role
from brigades.accounts import passwords
from brigades.audit import service as audit
from brigades.audit.models import Entry
from brigades.db import session
from tests.access.world import a_world
from tests.builders import a_person, an_appointment, sign_in, signed_in
from tests.people.desks import a_desk


@pytest.fixture
def world(app):
    return a_world(clock.now())


def test_somebody_downloads_all_that_is_kept_of_them_and_of_nobody_else(app, world):
    client = app.test_client()
    sign_in(client, world.account)
    got = client.post("/profile/data")
    assert got.status_code == 200
    assert got.headers["Cache-Control"] == "no-store"
    assert "attachment" in got.headers["Content-Disposition"]
    found = json.loads(got.data)
    assert found["person"][0]["email"] == "quillon@example.org"
    assert found["person_skill"][0]["trade"] == "carpentry"
    assert found["qualification"][0]["number"] == "Zorblaxian 7"
    assert {slot["title"] for slot in found["slot"]} == {
        "Zorblaxian night watch",
        "Zorblaxian ropes",
    }
    for table in ("account", "away", "letter", "membership", "participation", "trail"):
        assert found[table], table
    assert "Umbriel" not in got.text


def test_nothing_in_it_opens_anything(app, world):
    client = app.test_client()
    sign_in(client, world.account)
    text = client.post("/profile/data").text
    for secret in ("argon2", "a-secret-that-nobody-guesses", "push.example.org/Zorblaxian"):
        assert secret not in text


def test_a_sign_in_from_before_gives_the_password_first(app, world):
    client = app.test_client()
    sign_in(client, world.account)
    with client.session_transaction() as cookie:
        cookie["_fresh"] = False
    assert client.post("/profile/data").status_code == 403
    given = client.post("/profile/data", data={"confirm_password": "seven quiet lanterns"})
    assert given.status_code == 200
    assert passwords.fits(world.account.password_hash, "seven quiet lanterns")


def test_an_administrator_answers_who_asked_in_another_way_and_the_trail_says_so(app, world):
    admin = a_desk(app, world.body, Role.ADMINISTRATOR)
    page = admin.get(f"/people/{world.owner.id}").text
    assert f'action="/people/{world.owner.id}/data"' in page
    assert admin.post(f"/people/{world.owner.id}/data").status_code == 200
    entry = session.scalars(select(Entry).where(Entry.what == "data given out")).one()
    assert (entry.person_id, entry.by_id) == (world.owner.id, admin.person.id)


def test_nobody_else_does(app, world):
    an_appointment(world.neighbour, world.a, Role.COORDINATOR)
    client = signed_in(app, world.neighbour)
    assert client.get(f"/people/{world.owner.id}").status_code == 200
    assert client.post(f"/people/{world.owner.id}/data").status_code == 404
    assert client.get(f"/people/{world.owner.id}/data").status_code == 405


def test_reasons_in_it_name_nobody_else(app, world):
    """Typed by coordinators, or the system's own of a swap."""
    near = a_person(
        world.a, given_name="Rosa", family_name="van der Berg", email="rosa@example.org"
    )
    far = a_person(world.b, given_name="Will", family_name="Okonkwo")
    for why in (
        "swapped with Rosa van der Berg",
        "Rosa rang (rosa@example.org), so did Will Okonkwo: Quillon Featherstone will come",
        "Will come on Monday",
    ):
        audit.record_of(world.owner, "participation", by=near.id, at=clock.now(), why=why)
    client = app.test_client()
    sign_in(client, world.account)
    found = json.loads(client.post("/profile/data").data)
    said = [entry["why"] for entry in found["trail"] if entry["what"] == "participation"]
    assert said == [
        "swapped with somebody else",
        "somebody else rang (somebody else), so did somebody else: Quillon Featherstone will come",
        "Will come on Monday",
    ]
    assert found["person"][0]["email"] == "quillon@example.org"
    assert far.given_name == "Will"
