"""One's own page."""

from datetime import date

from sqlalchemy import select

from brigades.db import session
from brigades.people.models import Person, PersonLanguage, PersonSkill
from brigades.qualifications.models import Qualification
from tests.builders import NOON, a_kind, a_person, a_qualification, a_section, signed_in
from tests.people.test_editing import DETAILS


def test_a_volunteer_keeps_their_own_page(app):
    person = a_person(a_section(), email="mira@example.org")
    client = signed_in(app, person)
    page = client.get("/profile")
    assert page.status_code == 200
    assert "mira@example.org" in page.text
    assert client.get("/profile/edit").status_code == 200
    sent = DETAILS | {"phone": "+49 30 123456", "email": "else@example.org"}
    assert client.post("/profile/edit", data=sent).status_code == 302
    person = session.get_one(Person, person.id)
    assert (person.given_name, person.phone) == ("Mira", "+4930123456")
    assert person.email == "mira@example.org"


def test_skills_and_languages_are_added_and_removed(app):
    client = signed_in(app, a_person(a_section()))
    assert client.post("/profile/skills", data={"skill": "tiling", "years": ""}).status_code == 302
    sent = {"language": "sw", "level": "B2"}
    assert client.post("/profile/languages", data=sent).status_code == 302
    refused = client.post("/profile/skills", data={"skill": "tiling", "years": "x7"})
    assert refused.status_code == 422
    assert 'value="x7"' in refused.text
    skill = session.scalar(select(PersonSkill))
    language = session.scalar(select(PersonLanguage))
    assert client.post(f"/profile/skills/{skill.id}/remove").status_code == 302
    assert client.post(f"/profile/languages/{language.id}/remove").status_code == 302
    assert session.scalar(select(PersonSkill)) is None
    assert session.scalar(select(PersonLanguage)) is None


def test_what_is_changed_by_oneself_is_to_be_verified_again(app):
    section = a_section()
    person = a_person(section, "nursing")
    skill = session.scalar(select(PersonSkill))
    skill.verified_by, skill.verified_on = a_person(section).id, NOON.date()
    client = signed_in(app, person)
    assert (
        client.post("/profile/skills", data={"skill": "nursing", "years": "9"}).status_code == 302
    )
    assert session.scalar(select(PersonSkill)).verified_on is None


def test_own_qualifications_wait_for_a_coordinator(app):
    kind = a_kind("First aid", months=24)
    client = signed_in(app, a_person(a_section()))
    assert client.get("/profile/qualifications/new").status_code == 200
    sent = {"kind_id": kind.id, "issued_on": "2026-01-31", "number": "N 1", "seen": "y"}
    assert client.post("/profile/qualifications/new", data=sent).status_code == 302
    held = session.scalar(select(Qualification))
    assert (held.valid_until, held.verified_on) == (date(2028, 1, 31), None)
    assert "not verified yet" in client.get("/profile").text
    assert client.post(f"/qualifications/{held.id}/verify").status_code == 404
    assert client.post(f"/profile/qualifications/{held.id}/remove").status_code == 302
    assert session.scalar(select(Qualification)) is None


def test_what_belongs_to_others_or_was_verified_is_not_ones_own_to_remove(app):
    section, kind = a_section(), a_kind()
    person, other = a_person(section), a_person(section, "nursing", languages={"ar": "C1"})
    theirs = a_qualification(other, kind, verified_on=None)
    mine = a_qualification(person, kind)
    client = signed_in(app, person)
    skill, language = session.scalar(select(PersonSkill)), session.scalar(select(PersonLanguage))
    for address in (
        f"/profile/qualifications/{theirs.id}/remove",
        f"/profile/skills/{skill.id}/remove",
        f"/profile/languages/{language.id}/remove",
    ):
        assert client.post(address).status_code == 404, address
    assert client.post(f"/profile/qualifications/{mine.id}/remove").status_code == 302
    assert session.get(Qualification, mine.id) is not None


def test_a_volunteer_s_own_number_leads_to_the_profile_and_others_to_nothing(app):
    section = a_section()
    person, other = a_person(section), a_person(section)
    client = signed_in(app, person)
    own = client.get(f"/people/{person.id}")
    assert (own.status_code, own.location) == (302, "/profile")
    assert client.get(f"/people/{other.id}").status_code == 404
