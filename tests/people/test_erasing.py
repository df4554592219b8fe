"""Whoever asks to be erased is: nothing names them any more, and what they did still counts."""

import json
from datetime import date

import pytest
from sqlalchemy import select

from brigades.access import Role
from brigades.audit import service as audit
from brigades.db import Base, session
from brigades.outbox import service as outbox
from brigades.outbox.models import Fate, Letter
from brigades.people import erasing
from brigades.people.models import Away, Person, PersonSkill, Standing
from brigades.recruiting.models import Application, Stage
from brigades.schedule import service
from brigades.schedule.states import State
from tests import builders as b

NAMES = ("Amal", "Haddad-Weiss", "amal.hw@example.org", "+491511234567", "Grandmother")


@pytest.fixture
def amal(app) -> Person:
    section = b.a_section()
    person = b.a_person(
        section,
        "nursing",
        given_name="Amal",
        family_name="Haddad-Weiss",
        email="amal.hw@example.org",
        phone="+491511234567",
        country="DE",
        born=date(2009, 5, 4),
        guardian="Grandmother",
        languages={"ar": "C1"},
    )
    b.an_account(person)
    b.a_qualification(person, b.a_kind(), number="Amal-1")
    application = {"given_name": "Amal", "email": "amal.hw@example.org", "country": "DE"}
    session.add(
        Application(
            **application,
            email_key="amal.hw@example.org",
            section_id=section.id,
            person_id=person.id,
            consent_version="1",
            consented_at=b.NOON,
            sent_at=b.NOON,
            stage=Stage.ACCEPTED,
        )
    )
    session.add(Away(person_id=person.id, first_day=b.NOON, last_day=b.NOON, note="Amal is away"))
    session.commit()
    return person


def everything_kept() -> str:
    """Every value of every row, as text."""
    rows = []
    for table in Base.metadata.sorted_tables:
        rows += [repr(tuple(row)) for row in session.execute(select(table))]
    return json.dumps(rows, ensure_ascii=False)


def test_nothing_names_them_any_more_and_what_they_did_still_counts(amal):
    section = amal.section_id
    done = b.a_shift(session.get_one(type(b.a_section()), section), starts_at=b.NOON - 2 * b.DAY)
    place = b.a_participation(done, amal, State.ATTENDED)
    other = b.a_person(b.a_section())
    for why, about in (("Amal rang", amal), ("swapped with Amal Haddad-Weiss", other)):
        audit.record("participation", by=None, at=b.NOON, why=why, person_id=about.id)
    outbox.post("place-confirmed", to=amal, about={"participation": place.id}, key="k", now=b.NOON)
    about = {"participation": place.id, "why": "Amal came late twice"}
    outbox.post("place-removed", to=amal, about=about, key="typed", now=b.NOON)
    session.commit()
    assert all(name in everything_kept() for name in NAMES)

    erasing.erase(amal, by=other.id, now=b.NOON, why="asked for it by mail")
    session.commit()
    kept = everything_kept()
    assert [name for name in (*NAMES, "Amal-1", "2009") if name in kept] == []
    assert session.get_one(Person, amal.id).name == f"№ {amal.id}"
    assert session.get_one(type(place), place.id).state is State.ATTENDED
    assert session.scalars(select(Letter.fate)).all() == [Fate.DROPPED] * 2
    assert f"swapped with № {amal.id}" in kept
    assert session.scalars(select(PersonSkill)).all() == []


def test_the_place_goes_to_whoever_waits_with_one_letter(amal):  # WAIT-05
    section = session.get_one(type(b.a_section()), amal.section_id)
    shift = b.a_shift(section, needs=[b.a_need(most=1)])
    b.a_participation(shift, amal)
    waits = b.a_person(section)
    service.join(shift.id, waits, now=b.NOON)
    session.commit()
    erasing.erase(amal, by=waits.id, now=b.NOON, why="asked for it")
    erasing.erase(amal, by=waits.id, now=b.NOON, why="pressed twice")
    session.commit()
    query = select(Letter.name).where(Letter.person_id == waits.id).order_by(Letter.id)
    assert session.scalars(query).all() == ["place-waitlisted", "place-free"]


def test_an_administrator_erases_after_saying_why_and_that_it_is_meant(app, amal):
    section = session.get_one(type(b.a_section()), amal.section_id)
    boss = b.a_person(section)
    b.an_appointment(boss, section, Role.ADMINISTRATOR)
    client = b.signed_in(app, boss)
    at = f"/people/{amal.id}/erase"
    assert "This cannot be undone." in client.get(at).text
    assert at in client.get(f"/people/{amal.id}").text
    refused = client.post(at, data={"why": "asked for it"})
    assert refused.status_code == 422
    assert "asked for it" in refused.text and "Tick this if you mean it." in refused.text
    assert client.post(at, data={"why": "asked for it", "sure": "y"}).status_code == 303
    page = client.get(f"/people/{amal.id}").text
    assert f"№ {amal.id}" in page and "Haddad" not in page
    assert session.get_one(Person, amal.id).standing is Standing.ARCHIVED
    assert client.get(at).status_code == 303
    assert "erased before" in client.get(f"/people/{amal.id}").text


def test_nobody_erases_themselves_nor_the_last_administrator(app):
    section = b.a_section()
    boss = b.a_person(section)
    b.an_appointment(boss, section, Role.ADMINISTRATOR)
    client = b.signed_in(app, boss)
    sent = client.post(f"/people/{boss.id}/erase", data={"why": "tired", "sure": "y"})
    assert sent.status_code == 422 and "Ask another administrator" in sent.text


def test_a_coordinator_does_not_find_the_page(app, amal):
    section = session.get_one(type(b.a_section()), amal.section_id)
    boss = b.a_person(section)
    b.an_appointment(boss, section, Role.COORDINATOR)
    assert b.signed_in(app, boss).get(f"/people/{amal.id}/erase").status_code == 404
