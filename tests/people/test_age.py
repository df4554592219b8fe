"""Dates of birth and guardians: said once by oneself, kept by a coordinator."""

import csv
import io
from datetime import date

import pytest

from brigades.audit import service as audit
from brigades.db import session
from brigades.people.models import Person
from brigades.people.rules import age_on, born_after
from brigades.schedule import limits
from brigades.schedule.rules import Limits
from tests.builders import DAY, NOON, a_person, a_section, signed_in
from tests.people.desks import a_desk
from tests.people.test_editing import DETAILS

MINOR = date(2010, 1, 1)


def again(person) -> Person:
    session.expire_all()
    return session.get_one(Person, person.id)


def test_a_day_that_does_not_exist_is_an_error_at_the_field(app):  # AGE-01
    section = a_section()
    person = a_person(section)
    sent = DETAILS | {"born": "2026-02-29"}
    for client, where in (
        (signed_in(app, person), "/profile/edit"),
        (a_desk(app, section), f"/people/{person.id}/edit"),
    ):
        refused = client.post(where, data=sent)
        assert refused.status_code == 422
        assert 'id="born-error"' in refused.text
        assert 'value="2026-02-29"' in refused.text
    assert again(person).born is None


def test_one_says_one_s_own_date_of_birth_once_and_a_coordinator_changes_it(app):
    section = a_section()
    person = a_person(section)
    client, desk = signed_in(app, person), a_desk(app, section)
    assert 'name="born"' in client.get("/profile/edit").text
    client.post("/profile/edit", data=DETAILS | {"born": "2010-05-01"})
    assert again(person).born == date(2010, 5, 1)
    assert 'name="born"' not in client.get("/profile/edit").text
    client.post("/profile/edit", data=DETAILS | {"born": "1990-05-01"})
    assert again(person).born == date(2010, 5, 1)
    desk.post(f"/people/{person.id}/edit", data=DETAILS | {"born": "2009-05-01"})
    assert again(person).born == date(2009, 5, 1)


def test_a_form_without_the_field_leaves_the_date_alone_and_a_blank_one_removes_it(app):
    section = a_section()
    person, desk = a_person(section, born=MINOR), a_desk(app, section)
    desk.post(f"/people/{person.id}/edit", data=DETAILS)
    assert again(person).born == MINOR
    desk.post(f"/people/{person.id}/edit", data=DETAILS | {"born": ""})
    assert again(person).born is None


def test_nobody_is_born_tomorrow(app):
    person = a_person(a_section())
    client = signed_in(app, person)
    for typed in ("2999-01-01", "1850-01-01", "never"):
        assert client.post("/profile/edit", data=DETAILS | {"born": typed}).status_code == 422


def test_the_trail_says_that_a_date_of_birth_changed_and_not_which_it_is(app):
    section = a_section()
    person, desk = a_person(section), a_desk(app, section)
    desk.post(f"/people/{person.id}/edit", data=DETAILS | {"born": "2010-05-01"})
    entries = [f"{one.was} {one.became}" for one in audit.trail(person_id=person.id)]
    assert "born" in " ".join(entries)
    assert "2010" not in " ".join(entries)
    assert "date of birth" in desk.get(f"/people/{person.id}").text


def test_a_coordinator_records_a_guardian_s_consent_and_its_end(app):
    section = a_section()
    person, desk = a_person(section, born=MINOR), a_desk(app, section)
    assert "No guardian has agreed yet" in desk.get(f"/people/{person.id}").text
    where = f"/people/{person.id}/guardian"
    assert desk.get(where).status_code == 200
    sent = {"guardian": "Samira K", "guardian_consent_on": "2026-05-01"}
    assert desk.post(where, data=sent).status_code == 302
    kept = again(person)
    assert (kept.guardian, kept.guardian_consent_on) == ("Samira K", date(2026, 5, 1))
    assert kept.guardian_consent_by == desk.person.id
    assert "Samira K agreed on" in desk.get(f"/people/{person.id}").text
    assert desk.post(f"{where}/withdraw", data={"why": ""}).status_code == 422
    assert again(person).guardian_consent_on is not None
    assert desk.post(f"{where}/withdraw", data={"why": "They called"}).status_code == 302
    assert again(person).guardian_consent_on is None
    entries = {(one.what, one.why) for one in audit.trail(person_id=person.id)}
    assert {("guardian", ""), ("guardian withdrawn", "They called")} <= entries


@pytest.mark.parametrize(
    "sent",
    [
        {"guardian": "", "guardian_consent_on": "2026-05-01"},
        {"guardian": "Samira K", "guardian_consent_on": ""},
        {"guardian": "Samira K", "guardian_consent_on": "2999-01-01"},
        {"guardian": "Samira K", "guardian_consent_on": "2026-02-30"},
    ],
)
def test_consent_needs_a_name_and_a_day_that_was(app, sent):
    section = a_section()
    person, desk = a_person(section, born=MINOR), a_desk(app, section)
    refused = desk.post(f"/people/{person.id}/guardian", data=sent)
    assert refused.status_code == 422
    assert again(person).guardian_consent_on is None


def test_nobody_records_the_consent_for_themselves(app):
    section = a_section()
    desk = a_desk(app, section, born=MINOR)
    sent = {"guardian": "Me", "guardian_consent_on": "2026-05-01"}
    own = desk.person.id
    assert desk.post(f"/people/{own}/guardian", data=sent).status_code == 422
    volunteer = a_person(section, born=MINOR)
    client = signed_in(app, volunteer)
    assert client.post(f"/people/{volunteer.id}/guardian", data=sent).status_code == 404
    assert again(volunteer).guardian_consent_on is None


def test_the_guardian_consent_list_goes_by_the_age_on_the_day(app):  # AGE-02
    section = a_section()
    desk = a_desk(app, section, born=date(1980, 1, 1))
    a_person(section, given_name="Yara", family_name="Young", born=date(2008, 6, 15))
    agreed = {"guardian": "Samira", "guardian_consent_on": date(2026, 5, 1)}
    a_person(section, given_name="Omar", family_name="Agreed", born=date(2009, 1, 1), **agreed)
    a_person(section, given_name="Nobody", family_name="Knows")
    training = desk.get("/people?minor_on=2026-06-14").text
    assert "Yara Young" in training
    assert "no guardian agreed" in training
    assert "guardian agreed" in training
    assert "aged 17" in training
    assert "Nobody Knows" not in training
    deployment = desk.get("/people?minor_on=2026-07-01").text
    assert "Yara Young" not in deployment
    assert "Omar Agreed" in deployment


def test_the_list_s_export_says_age_and_guardian(app):  # AGE-02
    section = a_section()
    desk = a_desk(app, section)
    agreed = {"guardian": "Samira", "guardian_consent_on": date(2026, 5, 1)}
    a_person(section, given_name="Omar", family_name="Agreed", born=date(2009, 1, 1), **agreed)
    sheet = desk.get("/people.csv?minor_on=2026-06-14").data.decode("utf-8-sig")
    head, row = list(csv.reader(io.StringIO(sheet)))
    told = dict(zip(head, row, strict=True))
    assert told["Age on 2026-06-14"] == "17"
    assert (told["Guardian"], told["Guardian agreed on"]) == ("Samira", "2026-05-01")
    everybody = desk.get("/people.csv").data.decode("utf-8-sig")
    assert "Guardian" not in everybody
    assert "2009" not in everybody
    assert desk.get("/people.xlsx?minor_on=2026-06-14").status_code == 200


def test_a_day_that_is_none_finds_nobody(app):
    desk = a_desk(app, a_section(), born=MINOR)
    for odd in ("2026-02-30", "soon", "9999-12-31", "1"):
        page = desk.get("/people", query_string={"minor_on": odd})
        assert page.status_code == 200
        assert "Nobody fits" in page.text


@pytest.mark.parametrize(
    "day", [NOON.date(), date(2028, 2, 29), date(2026, 2, 28), date(2026, 3, 1)]
)
def test_the_select_and_the_rule_agree_on_who_is_under_age(day):
    edge = born_after(day, 18)
    for born in (edge - DAY, edge, edge + DAY, date(2008, 2, 29), date(2008, 3, 1)):
        assert (born > edge) is (age_on(born, day) < 18)


def test_the_list_follows_the_organisation_s_own_age(app):
    section = a_section()
    desk = a_desk(app, section)
    a_person(section, given_name="Twenty", family_name="Years", born=date(2006, 1, 1))
    limits.use(Limits(adult=21))
    try:
        assert "Twenty Years" in desk.get("/people?minor_on=2026-06-14").text
    finally:
        limits.use(Limits())
    assert "Twenty Years" not in desk.get("/people?minor_on=2026-06-14").text
