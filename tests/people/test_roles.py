"""Roles are given and ended by those who may."""

from datetime import date, timedelta

from sqlalchemy import select

from brigades import clock
from brigades.access import Role
from brigades.audit import service as audit
from brigades.db import session
from brigades.sections.models import Appointment
from tests.builders import a_person, a_section, an_account, sign_in
from tests.people.desks import a_desk


def a_role(section, **given):
    return {
        "role": "coordinator",
        "section": section.id,
        "since": "2026-01-01",
        "until": "",
    } | given


def test_a_role_works_at_once_and_ends_at_once(app):
    section = a_section()
    chief, person = a_desk(app, section, Role.ADMINISTRATOR), a_person(section)
    theirs = app.test_client()
    sign_in(theirs, an_account(person))
    assert theirs.get("/people").status_code == 404

    address = f"/people/{person.id}/appoint"
    assert chief.get(address).status_code == 200
    assert chief.post(address, data=a_role(section)).status_code == 302
    assert theirs.get("/people").status_code == 200
    page = chief.post(address, data=a_role(section))
    assert page.status_code == 422
    assert "already" in page.text

    given = session.scalar(select(Appointment).where(Appointment.person_id == person.id))
    assert "Coordinator" in chief.get(f"/sections/{section.slug}").text
    assert chief.post(f"/appointments/{given.id}/end").status_code == 302
    assert theirs.get("/people").status_code == 404
    assert session.get_one(Appointment, given.id).until == clock.now().date() - timedelta(days=1)
    assert chief.post(f"/appointments/{given.id}/end").status_code == 302
    assert [(e.what, e.became) for e in audit.trail(person_id=person.id)] == [
        ("appointment ended", f"coordinator, {section.name}"),
        ("appointment", f"coordinator, {section.name}"),
    ]


def test_a_role_begun_today_that_ends_today_is_gone(app):
    section = a_section()
    chief, person = a_desk(app, section, Role.ADMINISTRATOR), a_person(section)
    sent = a_role(section, since=clock.now().date().isoformat())
    assert chief.post(f"/people/{person.id}/appoint", data=sent).status_code == 302
    given = session.scalar(select(Appointment).where(Appointment.person_id == person.id))
    assert chief.post(f"/appointments/{given.id}/end").status_code == 302
    assert session.scalar(select(Appointment).where(Appointment.person_id == person.id)) is None


def test_roles_are_given_only_within_reach_and_with_sense(app):
    top = a_section()
    mine, other = a_section(top), a_section(top)
    chief, person = a_desk(app, mine, Role.ADMINISTRATOR), a_person(mine)
    address = f"/people/{person.id}/appoint"
    for odd in (
        a_role(other),
        a_role(top),
        a_role(mine, role="volunteer"),
        a_role(mine, role="king"),
        a_role(mine, since=""),
        a_role(mine, since="soon"),
        a_role(mine, since="2026-05-01", until="2026-04-30"),
        a_role(mine) | {"section": "x"},
    ):
        assert chief.post(address, data=odd).status_code == 422, odd
    assert session.scalar(select(Appointment).where(Appointment.person_id == person.id)) is None
    theirs = a_desk(app, other, Role.TRAINER)
    given = session.scalar(select(Appointment).where(Appointment.person_id == theirs.person.id))
    assert chief.post(f"/appointments/{given.id}/end").status_code == 404
    assert session.get_one(Appointment, given.id).since == date(2025, 1, 1)


def test_coordinators_give_no_roles(app):
    section = a_section()
    desk, person = a_desk(app, section), a_person(section)
    assert desk.post(f"/people/{person.id}/appoint", data=a_role(section)).status_code == 404


def test_somebody_is_appointed_as_deputy_and_every_list_says_so(app):
    section = a_section()
    chief, person = a_desk(app, section, Role.ADMINISTRATOR), a_person(section)
    theirs = app.test_client()
    sign_in(theirs, an_account(person))
    address = f"/people/{person.id}/appoint"
    assert chief.post(address, data=a_role(section, deputy="y")).status_code == 302
    assert session.scalar(select(Appointment.deputy).where(Appointment.person_id == person.id))
    assert "Coordinator, deputy" in chief.get(address).text
    assert "Coordinator, deputy" in chief.get(f"/sections/{section.slug}").text
    assert theirs.get("/people").status_code == 200  # a deputy may do the same
    assert [(e.what, e.became) for e in audit.trail(person_id=person.id)] == [
        ("appointment", f"coordinator, deputy, {section.name}"),
    ]
    assert "coordinator, deputy" in chief.get(f"/people/{person.id}").text
