"""The people list and a person's page."""

from datetime import date

import pytest

from brigades.db import session
from brigades.people.models import Standing
from tests.builders import (
    NOON,
    a_kind,
    a_participation,
    a_person,
    a_qualification,
    a_section,
    a_shift,
    signed_in,
)
from tests.people.desks import a_desk
from tests.support.statements import counted


def a_full_person(section, kind, shift, **given):
    person = a_person(
        section, "carpentry", "medical", languages={"ar": "native", "en": "B2"}, **given
    )
    a_qualification(person, kind)
    a_participation(shift, person)
    return person


def test_a_coordinator_sees_the_list_and_each_person(app):
    section = a_section()
    desk = a_desk(app, section)
    person = a_full_person(
        section, a_kind(), a_shift(section, title="Clinic"), given_name="Amina", family_name="Saleh"
    )
    assert "Amina Saleh" in desk.get("/people").text
    page = desk.get(f"/people/{person.id}").text
    for words in ("Carpentry", "First aid", "mother tongue", "Clinic", "Confirmed", "not verified"):
        assert words in page


def test_volunteers_see_neither_the_list_nor_each_other(app):
    section = a_section()
    other = a_person(section)
    client = signed_in(app, a_person(section))
    for address in ("/people", f"/people/{other.id}", "/people.csv", "/people.xlsx", "/kinds"):
        assert client.get(address).status_code == 404, address
    assert app.test_client().get("/people").status_code == 302


def test_people_of_another_section_do_not_exist(app):  # AUTHZ-01
    mine, other = a_section(), a_section(name="Secret Section")
    desk = a_desk(app, mine)
    stranger = a_person(other, given_name="Hidden")
    assert desk.get(f"/people/{stranger.id}").status_code == 404
    for address in ("edit", "standing", "move", "skills", "qualifications/new", "appoint"):
        assert desk.get(f"/people/{stranger.id}/{address}").status_code == 404, address
        assert desk.post(f"/people/{stranger.id}/{address}").status_code == 404, address
    page = desk.get(f"/people?section={other.slug}").text
    assert "Hidden" not in page
    assert "Secret Section" not in page
    assert "Hidden" not in desk.get("/people.csv").text


@pytest.mark.parametrize("name", ["O'Hara", "N’golo", "al-ʿAttar", "Jean-Luc"])
def test_names_with_apostrophes_are_kept_found_and_exported(app, name):  # NAME-01
    section = a_section()
    desk = a_desk(app, section)
    person = a_person(section, given_name="", family_name=name)
    escaped = name.replace("'", "&#39;")
    for typed in (name, name.upper(), name.replace("’", "'").replace("ʿ", "'")):
        found = desk.get("/people", query_string={"q": typed})
        assert found.status_code == 200
        assert escaped in found.text, typed
    assert escaped in desk.get(f"/people/{person.id}").text
    assert name in desk.get("/people.csv").get_data(as_text=True)


def test_search_and_filters_narrow_together(app):
    top = a_section()
    below, desk = a_section(top), a_desk(app, top)
    kind = a_kind("First aid")
    wanted = a_person(below, "carpentry", languages={"ar": "C1"}, given_name="Zoë")
    a_qualification(wanted, kind)
    a_person(below, "nursing", languages={"en": "C1"}, given_name="Zora")
    a_person(top, given_name="Left Behind", standing=Standing.LEFT)
    for query in (
        "q=zoe",
        f"section={below.slug}&skill=construction",
        "skill=carpentry",
        "language=ar",
        f"qualification={kind.id}",
        f"q=zo&skill=carpentry&language=ar&standing=active&qualification={kind.id}&sort=newest",
    ):
        text = desk.get(f"/people?{query}").text
        assert "Zoë" in text, query
        assert "Zora" not in text, query
        assert "Left Behind" not in text, query
    assert "Left Behind" in desk.get("/people?standing=left").text
    assert "Nobody fits" in desk.get("/people?q=nobody-at-all").text


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=999",
        "page=abc",
        "q=%25_%5C",
        "skill=x",
        "language=%00x",
        "qualification=99999999999999999999",
        "qualification=abc",
        "section=nowhere",
        "standing=odd",
        "sort=odd",
        "q=" + "x" * 3000,
    ],
)
def test_odd_filters_never_break_the_list(app, query):
    desk = a_desk(app, a_section())
    assert desk.get(f"/people?{query}").status_code in (200, 400)


@pytest.mark.parametrize("sort", ["name", "newest"])
def test_every_page_together_shows_everybody_once(app, sort):  # DB-05
    section = a_section()
    desk = a_desk(app, section)
    people = [a_person(section, given_name="Same", family_name="Name") for _ in range(59)]
    seen: list[int] = []
    for number in (1, 2):
        page = desk.get(f"/people?sort={sort}&page={number}").text
        seen += [int(part.split('"')[0]) for part in page.split('href="/people/')[1:]]
    assert sorted(seen) == sorted([desk.person.id, *(person.id for person in people)])


def test_phone_and_address_read_left_to_right_and_can_be_pressed(app):  # I18N-03
    section = a_section()
    desk = a_desk(app, section, locale="ar")
    person = a_person(section, phone="+970599123456", email="mira+camp@example.org")
    page = desk.get(f"/people/{person.id}").text
    assert 'dir="rtl"' in page
    assert 'href="tel:+970599123456"' in page
    assert '<bdi dir="ltr" class="text-nowrap">+970 599 123 456</bdi>' in page
    assert 'href="mailto:mira%2Bcamp@example.org"' in page
    assert not any(mark in page for mark in "\u200e\u200f\u202a\u202b\u202c\u2066\u2069")


def test_an_expired_certificate_is_listed_with_its_last_day(app):  # QUAL-01
    section = a_section()
    desk = a_desk(app, section)
    person = a_person(section)
    a_qualification(person, a_kind(), valid_until=date(2020, 4, 30))
    page = desk.get(f"/people/{person.id}").text
    assert "expired on" in page
    assert "2020" in page


def test_pages_cost_the_same_for_one_person_and_for_thirty(app):
    section, kind = a_section(), a_kind()
    desk = a_desk(app, section)
    first = a_full_person(section, kind, a_shift(section))

    def costs():
        found = {}
        for address in ("/people", f"/people/{first.id}", "/profile", "/people.csv"):
            session.commit()
            with counted() as seen:
                assert desk.get(address).status_code == 200
            found[address] = len(seen)
        return found

    few = costs()
    for _ in range(29):
        a_full_person(section, kind, a_shift(section))
        a_qualification(first, kind)
        a_qualification(desk.person, kind)
        a_participation(a_shift(section, starts_at=NOON), first)
    assert costs() == few
    assert max(few.values()) <= 8, few


def test_ids_that_no_row_can_have_are_not_found(app):
    desk = a_desk(app, a_section())
    for number in ("0", "2147483648", "99999999999999999999", "-1", "x"):
        assert desk.get(f"/people/{number}").status_code == 404, number
        assert desk.post(f"/qualifications/{number}/verify").status_code == 404, number
        assert desk.post(f"/appointments/{number}/end").status_code == 404, number
