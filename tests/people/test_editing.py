"""A coordinator changes what is known of somebody."""

import pytest
from sqlalchemy import select

from brigades import clock
from brigades.access import Role
from brigades.audit import service as audit
from brigades.db import session
from brigades.people.models import Membership, Person, PersonSkill, Standing
from brigades.schedule.models import Participation
from brigades.schedule.states import State
from brigades.sections.models import Appointment
from tests.builders import (
    DAY,
    a_participation,
    a_person,
    a_section,
    a_shift,
    an_account,
    an_appointment,
)
from tests.people.desks import a_desk

DETAILS = {"given_name": "Mira", "family_name": "K", "locale": "de", "country": "PS"}


def trail_of(person):
    return [
        (entry.what, entry.was, entry.became, entry.why)
        for entry in audit.trail(person_id=person.id)
    ]


def test_details_are_kept_and_the_trail_says_which_changed(app):
    section = a_section()
    desk, person = a_desk(app, section), a_person(section)
    sent = DETAILS | {"email": "Mira.K@Example.org", "phone": "059 912 3456"}
    assert desk.post(f"/people/{person.id}/edit", data=sent).status_code == 302
    person = session.get_one(Person, person.id)
    assert (person.name, person.email, person.email_key) == (
        "Mira K",
        "Mira.K@Example.org",
        "mira.k@example.org",
    )
    assert person.phone == "+970599123456"
    changed = {name for entry in trail_of(person) for name in entry[2].split(", ")}
    assert changed == {"names", "email", "phone", "country", "locale"}
    assert "mira.k" not in str(trail_of(person)).lower()


def test_one_mailbox_stays_one_person(app):  # ID-01
    section = a_section()
    desk, person = a_desk(app, section), a_person(section, email="other@example.org")
    a_person(section, email="Mira.K@Example.org")
    page = desk.post(f"/people/{person.id}/edit", data=DETAILS | {"email": "mira.k@example.ORG"})
    assert page.status_code == 422
    assert "Somebody else has this address" in page.text
    assert 'value="mira.k@example.ORG"' in page.text
    assert session.get_one(Person, person.id).email == "other@example.org"


def test_plus_addresses_and_apostrophes_are_kept_as_typed(app):  # ID-03
    section = a_section()
    desk = a_desk(app, section)
    for address in ("mira+camp@example.org", "o'neil@example.org"):
        person = a_person(section)
        sent = DETAILS | {"email": address}
        assert desk.post(f"/people/{person.id}/edit", data=sent).status_code == 302
        assert session.get_one(Person, person.id).email == address


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("phone", "12", "country code"),
        ("phone", "call me", "country code"),
        ("email", "no address", "such as name@example.org"),
        ("country", "XX", ""),
        ("locale", "xx", ""),
        ("available_from", "2026-13-45", "year-month-day"),
        ("available_from", "0001-01-01", "Check the year"),
        ("given_name", "x" * 121, ""),
        ("given_name", "a\x00b", "cannot be kept"),
        ("availability_note", "x" * 2001, ""),
    ],
)
def test_odd_details_are_refused_and_stay_in_the_form(app, field, value, says):
    section = a_section()
    desk, person = a_desk(app, section), a_person(section, given_name="Before")
    page = desk.post(f"/people/{person.id}/edit", data=DETAILS | {field: value})
    assert page.status_code == 422
    assert says in page.text
    assert 'value="K"' in page.text
    assert session.get_one(Person, person.id).given_name == "Before"
    assert trail_of(person) == []


def test_no_name_at_all_is_refused_and_one_is_enough(app):
    section = a_section()
    desk, person = a_desk(app, section), a_person(section)
    nameless = DETAILS | {"given_name": "", "family_name": " "}
    page = desk.post(f"/people/{person.id}/edit", data=nameless)
    assert page.status_code == 422
    assert "at least one name" in page.text
    one = DETAILS | {"given_name": ""}
    assert desk.post(f"/people/{person.id}/edit", data=one).status_code == 302


def test_the_address_of_somebody_with_a_role_is_for_those_who_give_roles(app):
    section = a_section()
    desk, chief = a_desk(app, section), a_desk(app, section, Role.ADMINISTRATOR)
    sent = DETAILS | {"email": "mine@evil.example"}
    assert desk.post(f"/people/{chief.person.id}/edit", data=sent).status_code == 302
    assert session.get_one(Person, chief.person.id).email != "mine@evil.example"
    sent = DETAILS | {"email": "new@example.org"}
    assert chief.post(f"/people/{desk.person.id}/edit", data=sent).status_code == 302
    assert session.get_one(Person, desk.person.id).email == "new@example.org"


def test_leaving_ends_membership_role_sign_in_and_places(app):
    section = a_section()
    desk, person = a_desk(app, section, Role.ADMINISTRATOR), a_person(section)
    an_appointment(person, section, Role.TRAINER)
    account = an_account(person)
    place = a_participation(a_shift(section, starts_at=clock.now() + 3 * DAY), person)
    address = f"/people/{person.id}/standing"
    assert desk.get(address).status_code == 200
    assert desk.post(address, data={"standing": "left"}).status_code == 422
    sent = {"standing": "left", "why": "moved abroad"}
    assert desk.post(address, data=sent).status_code == 302
    assert session.get_one(Person, person.id).standing is Standing.LEFT
    assert session.get_one(Participation, place.id).state is State.CANCELLED
    assert session.get_one(type(account), account.id).active is False
    current = select(Membership).where(Membership.until.is_(None))
    assert session.scalar(current.where(Membership.person_id == person.id)) is None
    assert ("standing", "active", "left", "moved abroad") in trail_of(person)
    assert desk.get(f"/people/{person.id}").status_code == 200

    back = {"standing": "active", "why": "is back"}
    assert desk.post(address, data=back).status_code == 302
    assert session.get_one(type(account), account.id).active is True
    assert session.scalar(current.where(Membership.person_id == person.id)) is not None
    assert session.get_one(Person, person.id).standing is Standing.ACTIVE


def test_nobody_ends_their_own_membership_and_the_last_administrator_stays(app):
    section = a_section()
    chief, desk = a_desk(app, section, Role.ADMINISTRATOR), a_desk(app, section)
    sent = {"standing": "left", "why": "x"}
    own = chief.post(f"/people/{chief.person.id}/standing", data=sent)
    assert own.status_code == 422
    last = desk.post(f"/people/{chief.person.id}/standing", data=sent)
    assert last.status_code == 422
    assert "last administrator" in last.text
    assert session.get_one(Person, chief.person.id).standing is Standing.ACTIVE
    appointment = session.scalar(
        select(Appointment).where(Appointment.person_id == chief.person.id)
    )
    assert appointment.until is None
    assert chief.post(f"/appointments/{appointment.id}/end").status_code == 302
    assert session.get_one(Appointment, appointment.id).until is None


def test_moving_ends_one_membership_and_starts_another(app):
    top = a_section(name="Top")
    here, there, outside = a_section(top, name="Here"), a_section(top, name="There"), a_section()
    desk, person = a_desk(app, top), a_person(here)
    address = f"/people/{person.id}/move"
    assert desk.get(address).status_code == 200
    for odd in ("", "x", str(outside.id), str(here.id), "99999999999"):
        page = desk.post(address, data={"section": odd, "why": "kept"})
        assert page.status_code == 422, odd
        assert "kept" in page.text
    assert desk.post(address, data={"section": there.id, "why": "moved"}).status_code == 302
    person = session.get_one(Person, person.id)
    assert person.section_id == there.id
    rows = session.scalars(select(Membership).where(Membership.person_id == person.id)).all()
    assert sorted((row.section_id, row.until is None) for row in rows) == [
        (here.id, False),
        (there.id, True),
    ]
    assert trail_of(person) == [("membership", "Here", "There", "moved")]


def test_skills_and_languages_are_added_verified_and_removed(app):
    section = a_section()
    desk, person = a_desk(app, section), a_person(section)
    base = f"/people/{person.id}"
    assert desk.get(f"{base}/skills").status_code == 200
    assert desk.post(f"{base}/skills", data={"skill": "nursing", "years": "4"}).status_code == 302
    skill = session.scalar(select(PersonSkill).where(PersonSkill.person_id == person.id))
    assert (skill.trade, skill.years, skill.verified_on) == ("nursing", 4, None)
    assert desk.post(f"{base}/skills/{skill.id}/verify").status_code == 302
    assert "verified by Cora Desk" in desk.get(base).text
    sent = {"language": "ar", "level": "native"}
    assert desk.post(f"{base}/languages", data=sent).status_code == 302
    page = desk.get(base).text
    assert "Arabic" in page
    for address, data in (
        ("skills", {"skill": "", "years": "4"}),
        ("skills", {"skill": "magic"}),
        ("skills", {"skill": "nursing", "years": "-1"}),
        ("skills", {"skill": "nursing", "years": "99999999999999999999"}),
        ("skills", {"skill": "nursing", "years": "abc"}),
        ("languages", {"language": "xx", "level": "C1"}),
        ("languages", {"language": "ar", "level": "Z9"}),
    ):
        assert desk.post(f"{base}/{address}", data=data).status_code == 422, data
    gone = f"{base}/skills/{skill.id}/remove"
    assert desk.post(gone).status_code == 302
    assert desk.post(gone).status_code == 404
    assert [entry[:3] for entry in trail_of(person)][:2] == [
        ("skill removed", "nursing", ""),
        ("language", "", "ar native"),
    ]


def test_a_name_typed_in_parts_is_found_by_whoever_types_it_in_one(app):
    section = a_section()
    desk, person = a_desk(app, section), a_person(section)
    names = {"given_name": "Zoe\u0308", "family_name": "مُحَمـــَّد"}
    assert desk.post(f"/people/{person.id}/edit", data=DETAILS | names).status_code == 302
    person = session.get_one(Person, person.id)
    assert person.given_name == "Zoë"
    assert person.family_name == names["family_name"]  # stretched, with its vowels
    for typed in ("Zoë", "Zoe\u0308", "zoe", "محمد", "مُحَمَّد"):
        assert "Zoë" in desk.get("/people", query_string={"q": typed}).text


@pytest.mark.parametrize("name", ["\u202e", "\u200b \ufeff", "\u200d", "\u3164"])
def test_what_nobody_sees_is_no_name(app, name):
    section = a_section()
    desk, person = a_desk(app, section), a_person(section)
    sent = DETAILS | {"given_name": name, "family_name": name}
    page = desk.post(f"/people/{person.id}/edit", data=sent)
    assert page.status_code == 422
    assert "Write at least one name." in page.text


def test_a_name_cannot_turn_around_what_is_read_or_break_a_line(app):  # MAIL-02
    section = a_section()
    desk, person = a_desk(app, section), a_person(section)
    sent = DETAILS | {"given_name": "Sam\u202e\r\nBcc: x@evil.example"}
    assert desk.post(f"/people/{person.id}/edit", data=sent).status_code == 302
    assert session.get_one(Person, person.id).given_name == "Sam Bcc: x@evil.example"
