"""Deciding: one decision, told to the applicant in their language, whoever clicks how often."""

import threading

import pytest
from sqlalchemy import select

from brigades.access import Role
from brigades.accounts.models import Account
from brigades.audit import service as audit
from brigades.db import session
from brigades.outbox import render
from brigades.outbox.models import Letter
from brigades.people.models import Membership, Person, PersonLanguage, PersonSkill, Standing
from brigades.recruiting.models import Stage
from tests.builders import NOON, a_person, a_section, an_appointment, signed_in
from tests.recruiting.conftest import applications, confirmed, letters, typed


@pytest.fixture
def section(app):
    return a_section(slug="north", name="North")


@pytest.fixture
def desk(app, section):
    """A coordinator of the section, signed in."""
    person = a_person(section, given_name="Cora", family_name="Desk")
    an_appointment(person, section, Role.COORDINATOR)
    return signed_in(app, person)


def test_accepting_makes_a_member_with_a_sign_in(client, desk, section):
    client.set_cookie("language", "ar")
    more = {"skills": ["carpentry", "youth"], "years-carpentry": "3", "languages": ["ar:C1", "de"]}
    application = confirmed(client, section, phone="015123456789", **more)

    answer = desk.post(f"/applications/{application.id}/accept")

    assert answer.status_code == 303
    (application,) = applications()
    assert application.stage is Stage.ACCEPTED
    person = session.scalars(select(Person).where(Person.email_key == "mira@example.org")).one()
    assert (person.name, person.locale, person.country) == ("Mira Koehler", "ar", "DE")
    assert (person.standing, person.section_id) == (Standing.ACTIVE, section.id)
    assert application.person_id == person.id
    of = {"person_id": person.id}
    assert session.query(Membership).filter_by(**of, section_id=section.id, until=None).count() == 1
    assert [
        (skill.trade or skill.skill.value, skill.years)
        for skill in session.query(PersonSkill).filter_by(**of).order_by(PersonSkill.id)
    ] == [("carpentry", 3), ("youth", None)]
    assert [
        (language.language, language.level.value)
        for language in session.query(PersonLanguage).filter_by(**of).order_by(PersonLanguage.id)
    ] == [("ar", "C1"), ("de", "A1")]
    assert session.query(Account).filter_by(**of).one().password_hash is None
    assert letters()[-1] == ("application-accepted", "mira@example.org")


# MAIL-11
def test_the_accepted_hear_it_in_their_language_with_a_link_for_a_password(client, desk, section):
    client.set_cookie("language", "ar")
    application = confirmed(client, section)
    desk.post(f"/applications/{application.id}/accept")

    letter = session.scalars(select(Letter).where(Letter.name == "application-accepted")).one()
    written = render.write(letter, NOON)
    assert letter.locale == "ar"
    assert 'lang="ar" dir="rtl"' in written.html
    assert "/me/mail" not in written.text + written.html  # they cannot sign in yet
    link = next(word for word in written.text.split() if word.startswith("http"))
    assert client.get(link).status_code == 200
    assert session.query(Account).filter_by(person_id=letter.person_id).one().epoch == 0


def test_declining_needs_a_reason_and_tells_it(client, desk, section):
    application = confirmed(client, section)
    address = f"/applications/{application.id}/decline"

    for empty in ({}, {"reason": "  "}, {"reason": "x" * 1001}, {"reason": "a\x00b"}):
        answer = desk.post(address, data=empty)
        assert answer.status_code == 422
        assert "br-error" in answer.text
    assert applications()[0].stage is Stage.CONFIRMED

    assert desk.post(address, data={"reason": "No <places> this year."}).status_code == 303
    assert applications()[0].stage is Stage.DECLINED
    letter = session.scalars(select(Letter).where(Letter.name == "application-declined")).one()
    written = render.write(letter, NOON)
    assert "No <places> this year." in written.text
    assert "No &lt;places&gt; this year." in written.html
    entry = audit.trail(application_id=application.id)[0]
    assert (entry.became, entry.why) == ("declined", "No <places> this year.")


def test_taking_into_review_is_said_in_the_trail(client, desk, section):
    application = confirmed(client, section)
    for _twice in range(2):
        assert desk.post(f"/applications/{application.id}/review").status_code == 303
    assert applications()[0].stage is Stage.IN_REVIEW
    assert [e.became for e in audit.trail(application_id=application.id)] == [
        "in review",
        "confirmed",
    ]


def test_the_second_decision_is_refused_and_says_so(client, desk, section):
    application = confirmed(client, section)
    desk.post(f"/applications/{application.id}/accept")
    before = letters()

    for action, data in (("accept", {}), ("decline", {"reason": "No"}), ("review", {})):
        answer = desk.post(f"/applications/{application.id}/{action}", data=data)
        assert answer.status_code == 409
        assert "does not wait for a decision any more" in answer.text
        assert "Cora Desk" in answer.text
    assert letters() == before
    assert session.query(Person).count() == 2


def test_two_who_decide_at_once_make_one_decision(app, client, section):
    application = confirmed(client, section)
    clients = []
    for _number in range(4):
        person = a_person(section)
        an_appointment(person, section, Role.COORDINATOR)
        clients.append(signed_in(app, person))
    session.commit()
    statuses: list[int] = []
    ready = threading.Barrier(4)

    def decide(number):
        ready.wait()
        address = f"/applications/{application.id}"
        data = {"reason": "No"}
        action = "accept" if number % 2 else "decline"
        with app.app_context():
            statuses.append(clients[number].post(f"{address}/{action}", data=data).status_code)

    threads = [threading.Thread(target=decide, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [303, 409, 409, 409]
    told = [name for name, _to in letters() if name != "application-confirm"]
    assert len(told) == 1


def test_an_unconfirmed_application_cannot_be_decided(client, desk, section):
    client.post("/join", data=typed(section))
    (application,) = applications()
    assert desk.post(f"/applications/{application.id}/accept").status_code == 409
    assert applications()[0].stage is Stage.SENT


def test_accepting_links_the_person_who_has_this_address(client, desk, section):
    elsewhere = a_section()
    person = a_person(elsewhere, "carpentry", email="mira@example.org", standing=Standing.LEFT)
    application = confirmed(client, section, skills=["carpentry", "roofing"])
    assert "We know somebody" in desk.get(f"/applications/{application.id}").text

    assert desk.post(f"/applications/{application.id}/accept").status_code == 303

    session.refresh(person)
    assert (person.standing, person.section_id) == (Standing.ACTIVE, section.id)
    skills = session.query(PersonSkill).filter_by(person_id=person.id)
    assert sorted(skill.trade for skill in skills) == ["carpentry", "roofing"]
    assert session.query(Person).filter_by(email_key="mira@example.org").count() == 1


def test_moving_hands_it_to_another_section_of_the_scope(app, client):
    top = a_section()
    north, south, foreign = a_section(top), a_section(top, name="South"), a_section()
    person = a_person(top)
    an_appointment(person, top, Role.COORDINATOR)
    desk = signed_in(app, person)
    application = confirmed(client, north)
    address = f"/applications/{application.id}/move"

    for wrong in (foreign.id, "", "x", 10**20, north.id):
        assert desk.post(address, data={"section": wrong}).status_code == 422
    assert desk.post(address, data={"section": south.id, "why": "Nearer"}).status_code == 303
    assert applications()[0].section_id == south.id
    entry = audit.trail(application_id=application.id)[0]
    assert (entry.was, entry.became, entry.why) == (north.name, "South", "Nearer")


def test_a_decline_form_that_was_open_too_long_keeps_the_reason(app, guarded, client, section):
    person = a_person(section)
    an_appointment(person, section, Role.COORDINATOR)
    signed = signed_in(guarded.application, person)
    application = confirmed(client, section)
    answer = signed.post(f"/applications/{application.id}/decline", data={"reason": "My words"})
    assert answer.status_code == 422
    assert "My words" in answer.text
    assert "open for too long" in answer.text
    assert applications()[0].stage is Stage.CONFIRMED
