"""Administrators change the tree in their part of it."""

import pytest
from sqlalchemy import func, select, text

from brigades.access import Role
from brigades.audit import service as audit
from brigades.audit.models import Entry
from brigades.db import session
from brigades.sections.models import Section
from tests.builders import a_course, a_person, a_section, a_shift
from tests.people.desks import a_desk


def described(parent, **given):
    values = {"name": "Kenya", "slug": "kenya", "parent_id": str(parent.id if parent else "")}
    more = {"country": "KE", "zone": "Africa/Nairobi", "locale": "en", "recruits": "y"}
    return values | more | {"looks_for": ["medical", "youth"]} | given


@pytest.fixture
def top(app):
    return a_section(name="Top", slug="top")


@pytest.fixture
def chief(app, top):
    return a_desk(app, top, Role.ADMINISTRATOR)


def of(slug):
    return session.scalar(select(Section).where(Section.slug == slug))


def test_a_section_is_added_below_another(chief, top):
    assert chief.get("/sections/new").status_code == 200
    assert chief.post("/sections/new", data=described(top)).status_code == 302
    kenya = of("kenya")
    assert kenya.path == f"{top.path}{kenya.id}/"
    assert (kenya.zone, kenya.recruits, kenya.looks_for) == (
        "Africa/Nairobi",
        True,
        ["medical", "youth"],
    )
    assert audit.trail(section_id=kenya.id)[0].what == "section created"
    a_section(top, name="A first choice")
    page = chief.get("/sections/kenya/edit").text
    assert 'value="Africa/Nairobi"' in page
    assert f'<option selected value="{top.id}">' in page


@pytest.mark.parametrize("zone", ["", "   ", "Mars/Olympus", "Europe", "+02:00", "x" * 300])
def test_a_blank_or_unknown_zone_is_an_error_at_the_field(chief, top, zone):  # TIME-10
    page = chief.post("/sections/new", data=described(top, zone=zone))
    assert page.status_code == 422
    assert 'id="zone-error"' in page.text
    assert 'value="Kenya"' in page.text
    assert of("kenya") is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 121),
        ("name", "a\x00b"),
        ("slug", "Ke nya"),
        ("slug", "new"),
        ("slug", "-"),
        ("slug", "top"),
        ("slug", "x" * 61),
        ("parent_id", ""),
        ("parent_id", "x"),
        ("parent_id", "99999999999999999999"),
        ("country", "XX"),
        ("locale", "xx"),
        ("contact", "nobody"),
        ("looks_for", ["magic"]),
        ("about", "x" * 5001),
    ],
)
def test_odd_entries_are_refused_and_stay_in_the_form(chief, top, field, value):
    page = chief.post("/sections/new", data=described(top) | {field: value})
    assert page.status_code == 422
    assert 'value="Africa/Nairobi"' in page.text
    assert session.scalar(select(func.count(Section.id))) == 1


def test_a_slug_is_made_of_the_name_where_none_is_given(chief, top):
    assert (
        chief.post("/sections/new", data=described(top, slug="", name="Côte 2")).status_code == 302
    )
    assert of("cote-2") is not None
    page = chief.post("/sections/new", data=described(top, slug="", name="فلسطين"))
    assert page.status_code == 422
    assert "فلسطين" in page.text


def test_moving_a_section_takes_along_all_below_it(chief, top):
    east, west = a_section(top, slug="east"), a_section(top, slug="west")
    child = a_section(east, slug="child")
    grandchild = a_section(child, slug="grandchild")
    session.commit()
    sent = described(west, name="East", slug="east")
    assert chief.post("/sections/east/edit", data=sent).status_code == 302
    paths = {slug: of(slug).path for slug in ("east", "west", "child", "grandchild")}
    assert paths["east"] == f"{paths['west']}{east.id}/"
    assert paths["child"] == f"{paths['east']}{child.id}/"
    assert paths["grandchild"] == f"{paths['child']}{grandchild.id}/"


def test_a_section_cannot_be_moved_below_itself(chief, top):
    east = a_section(top, slug="east")
    child = a_section(east, slug="child")
    for parent in (east, child):
        page = chief.post("/sections/east/edit", data=described(parent, slug="east"))
        assert page.status_code == 422
        assert "cannot belong to itself" in page.text
    assert of("east").parent_id == top.id


def test_the_top_keeps_its_place(chief, top):
    child = a_section(top)
    assert chief.get("/sections/top/edit").status_code == 200
    sent = described(None, name="New name", slug="top", country="")
    assert chief.post("/sections/top/edit", data=sent).status_code == 302
    assert (of("top").name, of("top").parent_id) == ("New name", None)
    page = chief.post("/sections/top/edit", data=described(child, slug="top"))
    assert page.status_code == 422
    assert chief.post("/sections/top/delete").status_code == 422


def test_only_sections_within_reach_are_changed(app, top):  # AUTHZ-01
    east, west = a_section(top, slug="east"), a_section(top, slug="west")
    chief = a_desk(app, east, Role.ADMINISTRATOR)
    for address in ("edit", "delete", "trail"):
        assert chief.get(f"/sections/west/{address}").status_code == 404
        assert chief.get(f"/sections/top/{address}").status_code == 404
    assert chief.post("/sections/west/edit", data=described(east, slug="west")).status_code == 404
    assert chief.post("/sections/west/delete").status_code == 404
    assert chief.post("/sections/new", data=described(west)).status_code == 422
    # Their own section stands below one out of reach: it keeps that place.
    assert chief.post("/sections/east/edit", data=described(None, slug="east")).status_code == 302
    assert of("east").parent_id == top.id
    desk = a_desk(app, top)
    assert desk.get("/sections/new").status_code == 404
    assert desk.post("/sections/east/edit", data=described(top, slug="east")).status_code == 404


@pytest.mark.parametrize("what", ["person", "shift", "course", "child"])
def test_a_section_to_which_something_belongs_stays(chief, top, what):  # DB-03
    east = a_section(top, slug="east")
    {"person": a_person, "shift": a_shift, "course": a_course, "child": a_section}[what](east)
    page = chief.post("/sections/east/delete")
    assert page.status_code == 422
    assert "cannot be deleted" in page.text
    assert of("east") is not None
    assert "cannot be deleted" in chief.get("/sections/east/delete").text


def test_an_empty_section_is_deleted_and_its_trail_stays_above(app, chief, top):  # DB-03
    chief.post("/sections/new", data=described(top))
    kenya = of("kenya").id
    assert chief.get("/sections/kenya/delete").status_code == 200
    assert chief.post("/sections/kenya/delete").status_code == 302
    assert of("kenya") is None
    whats = session.scalars(select(Entry.what).where(Entry.section_id == top.id)).all()
    assert {"section created", "section deleted"} <= set(whats)
    assert session.scalar(select(func.count(Entry.id)).where(Entry.section_id == kenya)) == 0
    if session.get_bind().dialect.name == "sqlite":
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
        assert session.execute(text("PRAGMA foreign_key_check")).all() == []
