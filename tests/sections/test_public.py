"""What everybody may know of the sections."""

import pytest

from brigades.access import Role
from brigades.db import session
from tests.builders import a_person, a_section, signed_in
from tests.people.desks import a_desk
from tests.support.statements import counted


def test_the_tree_shows_each_section_with_country_and_whether_it_recruits(app, client):
    top = a_section(name="International", country=None, recruits=False)
    a_section(top, name="Kenya", country="KE", looks_for=["medical"])
    page = client.get("/sections").text
    for words in ("International", "Kenya", "Looks for people", "Not recruiting", "Medical"):
        assert words in page
    assert page.index("International") < page.index("<bdi>Kenya")


@pytest.mark.parametrize("typed", ["cote", "CÔTE", "ivoire", "Abidjan"])
def test_sections_are_found_by_name_and_by_country(app, client, typed):
    a_section(name="Abidjan", country="CI")
    a_section(name="Berlin", country="DE")
    page = client.get("/sections", query_string={"q": typed}).text
    assert "<bdi>Abidjan" in page
    assert "<bdi>Berlin" not in page
    assert "No section fits" in client.get("/sections?q=nowhere").text


def test_a_sections_page_is_public_and_its_people_are_not(app, client):
    section = a_section(
        name="Kenya",
        country="KE",
        zone="Africa/Nairobi",
        contact="kenya@example.org",
        about="We build.\n\nWe teach.",
        looks_for=["construction", "youth"],
    )
    person = a_person(section, given_name="Wanjiru", family_name="Kamau")
    for reader in (client, signed_in(app, person), a_desk(app, a_section())):
        page = reader.get(f"/sections/{section.slug}").text
        for words in ("We build.", "Africa/Nairobi", "kenya@example.org", "Construction"):
            assert words in page
        assert f'href="/join?section={section.slug}"' in page
        assert f"/people/{person.id}" not in page
    page = a_desk(app, section).get(f"/sections/{section.slug}").text
    assert "Wanjiru Kamau" in page
    assert "Coordinator" in page


def test_a_section_that_looks_for_nobody_has_no_join_button(app, client):
    section = a_section(recruits=False)
    assert "/join?section" not in client.get(f"/sections/{section.slug}").text


def test_a_section_that_is_not_there_is_not_found(client):
    assert client.get("/sections/nowhere").status_code == 404
    assert client.get("/sections/%00").status_code == 404


def test_pages_cost_the_same_for_one_section_and_for_thirty(app, client):
    top = a_section()
    desk = a_desk(app, top, Role.ADMINISTRATOR)
    a_person(a_section(top))

    def costs():
        found = {}
        for reader, name in ((client, "public"), (desk, "desk")):
            for address in ("/sections", f"/sections/{top.slug}", f"/sections/{top.slug}/trail"):
                session.commit()
                with counted() as seen:
                    reader.get(address)
                found[name, address] = len(seen)
        return found

    few = costs()
    for _ in range(29):
        a_section(top)
        a_desk(app, top, Role.TRAINER)
    assert costs() == few
    assert max(few.values()) <= 8, few
