"""Coordinators look after people's qualifications, administrators after the kinds."""

from datetime import date

import pytest
from sqlalchemy import select

from brigades.access import Role
from brigades.audit import service as audit
from brigades.clock import now
from brigades.db import session
from brigades.qualifications.models import Kind, KindIncludes, Qualification
from tests.builders import (
    DAY,
    a_kind,
    a_person,
    a_qualification,
    a_section,
    an_appointment,
    signed_in,
)
from tests.people.desks import a_desk
from tests.support.statements import counted


def a_paper(kind, **given):
    return {"kind_id": kind.id, "issued_on": "2026-01-31", "valid_until": "", "number": "7"} | given


def test_a_qualification_is_added_verified_corrected_and_removed(app):
    section, kind = a_section(), a_kind("First aid", months=1)
    desk, person = a_desk(app, section), a_person(section)
    new = f"/people/{person.id}/qualifications/new"
    assert desk.get(new).status_code == 200
    assert desk.post(new, data=a_paper(kind)).status_code == 302
    held = session.scalar(select(Qualification))
    one = f"/qualifications/{held.id}"
    assert (held.valid_until, held.verified_on) == (date(2026, 2, 28), None)
    assert desk.post(f"{one}/verify").status_code == 302
    assert desk.post(f"{one}/verify").status_code == 302
    assert "verified by Cora Desk" in desk.get(f"/people/{person.id}").text

    page = desk.get(f"{one}/edit").text
    assert 'value="2026-02-28"' in page
    assert f'<option selected value="{kind.id}">' in page
    sent = a_paper(kind, valid_until="2027-01-01", seen="y")
    assert desk.post(f"{one}/edit", data=sent).status_code == 302
    assert session.get_one(Qualification, held.id).valid_until == date(2027, 1, 1)
    assert desk.post(f"{one}/edit", data=a_paper(kind)).status_code == 302
    assert session.get_one(Qualification, held.id).verified_on is None

    assert desk.get(f"{one}/remove").status_code == 200
    assert desk.post(f"{one}/remove", data={"why": ""}).status_code == 422
    assert desk.post(f"{one}/remove", data={"why": "a copy"}).status_code == 302
    assert session.scalar(select(Qualification)) is None
    trail = [(entry.what, entry.why) for entry in audit.trail(person_id=person.id)]
    assert trail == [
        ("qualification removed", "a copy"),
        ("qualification changed", ""),
        ("qualification changed", ""),
        ("qualification verified", ""),
        ("qualification added", ""),
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind_id", ""),
        ("kind_id", "x"),
        ("kind_id", "99999999999999999999"),
        ("issued_on", ""),
        ("issued_on", "31.01.2026"),
        ("issued_on", "1234-01-01"),
        ("issued_on", (now() + 3 * DAY).date().isoformat()),
        ("valid_until", "2026-01-30"),
        ("valid_until", "9999-12-31"),
        ("number", "x" * 121),
        ("authority", "a\x00b"),
    ],
)
def test_odd_papers_are_refused_and_stay_in_the_form(app, field, value):
    section, kind = a_section(), a_kind()
    desk, person = a_desk(app, section), a_person(section)
    sent = a_paper(kind, authority="Red House") | {field: value}
    page = desk.post(f"/people/{person.id}/qualifications/new", data=sent)
    assert page.status_code == 422
    if field != "authority":
        assert 'value="Red House"' in page.text
    if field == "issued_on":
        assert f'value="{value}"' in page.text
    assert session.scalar(select(Qualification)) is None


def test_nobody_verifies_their_own(app):
    section, kind = a_section(), a_kind()
    desk = a_desk(app, section)
    own = a_qualification(desk.person, kind, verified_on=None)
    assert desk.post(f"/qualifications/{own.id}/verify").status_code == 302
    sent = a_paper(kind, seen="y")
    assert desk.post(f"/qualifications/{own.id}/edit", data=sent).status_code == 302
    new = f"/people/{desk.person.id}/qualifications/new"
    assert desk.post(new, data=sent).status_code == 302
    assert {held.verified_on for held in session.scalars(select(Qualification))} == {None}


def test_qualifications_of_another_section_do_not_exist(app):  # AUTHZ-01
    desk = a_desk(app, a_section())
    held = a_qualification(a_person(a_section()), a_kind(), verified_on=None)
    for address in ("edit", "remove"):
        assert desk.get(f"/qualifications/{held.id}/{address}").status_code == 404
    for address in ("edit", "remove", "verify"):
        assert desk.post(f"/qualifications/{held.id}/{address}").status_code == 404
    assert session.get_one(Qualification, held.id).verified_on is None


def kind_of(name):
    return session.scalar(select(Kind).where(Kind.name == name))


def included(kind):
    return set(
        session.scalars(select(KindIncludes.includes_id).where(KindIncludes.kind_id == kind.id))
    )


def test_kinds_include_others_and_all_that_those_include(app):
    chief = a_desk(app, a_section(), Role.ADMINISTRATOR)
    for name, lasts, includes in (
        ("First aid", {"lasts": "months", "months": "24"}, []),
        ("Ambulance", {"lasts": "year_end", "year_end": "0"}, ["First aid"]),
        ("Paramedic", {"lasts": "endless"}, ["Ambulance"]),
    ):
        sent = {"name": name, **lasts, "includes": [kind_of(other).id for other in includes]}
        assert chief.post("/kinds/new", data=sent).status_code == 302, name
    aid, ambulance, medic = (kind_of(n) for n in ("First aid", "Ambulance", "Paramedic"))
    assert (aid.months, ambulance.year_end, medic.months) == (24, 0, None)
    assert included(medic) == {aid.id, ambulance.id}
    page = chief.get("/kinds").text
    assert "until the end of the year of issue" in page
    assert chief.get(f"/kinds/{medic.id}").status_code == 200

    ring = {"name": "First aid", "lasts": "endless", "includes": [medic.id]}
    refused = chief.post(f"/kinds/{aid.id}", data=ring)
    assert refused.status_code == 422
    assert "includes this kind already" in refused.text
    assert kind_of("First aid").months == 24

    # What came through another goes with it.
    alone = {"name": "Ambulance", "lasts": "year_end", "year_end": "1"}
    assert chief.post(f"/kinds/{ambulance.id}", data=alone).status_code == 302
    assert included(kind_of("Paramedic")) == {ambulance.id}
    assert included(kind_of("Ambulance")) == set()


@pytest.mark.parametrize(
    "given",
    [
        {"name": ""},
        {"name": "x" * 121},
        {"lasts": ""},
        {"lasts": "ever"},
        {"lasts": "months", "months": ""},
        {"lasts": "months", "months": "0"},
        {"lasts": "months", "months": "99999999999999999999"},
        {"lasts": "year_end", "year_end": ""},
        {"lasts": "year_end", "year_end": "-1"},
        {"includes": ["7777"]},
    ],
)
def test_odd_kinds_are_refused(app, given):
    chief = a_desk(app, a_section(), Role.ADMINISTRATOR)
    page = chief.post("/kinds/new", data={"name": "Kept", "lasts": "endless"} | given)
    assert page.status_code == 422
    assert session.scalar(select(Kind)) is None


def test_a_kind_says_what_slots_ask_of_it(app):
    chief = a_desk(app, a_section(), Role.ADMINISTRATOR)
    passport = {"name": "Passport", "lasts": "endless", "travel": "y", "months_past_end": "6"}
    assert chief.post("/kinds/new", data=passport).status_code == 302
    check = {"name": "Check", "lasts": "endless", "safeguarding": "y", "months_past_end": ""}
    assert chief.post("/kinds/new", data=check).status_code == 302
    kinds = {kind.name: kind for kind in session.scalars(select(Kind))}
    kept = kinds["Passport"]
    assert (kept.travel, kept.months_past_end, kept.safeguarding) == (True, 6, False)
    assert (kinds["Check"].safeguarding, kinds["Check"].months_past_end) == (True, 0)
    page = chief.get("/kinds").text
    assert "6 months past the end" in page
    assert "allows work with children" in page
    form = chief.get(f"/kinds/{kept.id}").text
    assert 'value="6"' in form
    assert form.count("checked") == 2
    refused = chief.post(f"/kinds/{kept.id}", data=passport | {"months_past_end": "-1"})
    assert refused.status_code == 422
    assert chief.post(f"/kinds/{kept.id}", data=passport | {"travel": ""}).status_code == 302
    session.expire_all()
    assert not session.get_one(Kind, kept.id).travel


def test_coordinators_read_the_kinds_and_administrators_change_them(app):
    desk, kind = a_desk(app, a_section()), a_kind()
    assert desk.get("/kinds").status_code == 200
    assert desk.get("/kinds/new").status_code == 404
    assert desk.post("/kinds/new", data={"name": "x", "lasts": "endless"}).status_code == 404
    assert desk.post(f"/kinds/{kind.id}", data={"name": "x"}).status_code == 404


def test_the_kinds_cost_the_same_for_one_and_for_thirty(app):
    chief, kind = a_desk(app, a_section(), Role.ADMINISTRATOR), a_kind()

    def costs():
        found = {}
        for address in ("/kinds", f"/kinds/{kind.id}", "/kinds/new"):
            session.commit()
            with counted() as seen:
                assert chief.get(address).status_code == 200
            found[address] = len(seen)
        return found

    few = costs()
    for _ in range(29):
        a_qualification(chief.person, a_kind("Other", kind))
    assert costs() == few
    assert max(few.values()) <= 8, few


def test_an_administrator_of_one_section_does_not_change_what_all_share(app):
    body = a_section()
    section = a_section(body)
    local = a_person(section)
    an_appointment(local, section, Role.ADMINISTRATOR)
    kind = a_kind()
    client = signed_in(app, local)
    assert client.get("/kinds").status_code == 200
    assert client.get(f"/kinds/{kind.id}").status_code == 404
    assert client.post("/kinds/new", data={"name": "x", "lasts": "endless"}).status_code == 404
