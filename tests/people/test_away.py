"""Weekdays on which somebody can come, and days on which they are away."""

from datetime import timedelta

from sqlalchemy import func, select

from brigades import clock
from brigades.audit import service as audit
from brigades.db import session
from brigades.people.models import Away, Person
from brigades.people.rules import weekdays_of
from tests.builders import a_person, a_section, signed_in
from tests.people.desks import a_desk
from tests.people.test_editing import DETAILS
from tests.support.statements import counted

TODAY = clock.now().date()
FIRST, LAST = TODAY + timedelta(days=10), TODAY + timedelta(days=14)
TRIP = {"first_day": FIRST.isoformat(), "last_day": LAST.isoformat(), "note": "With my mother"}


def times_away() -> list[tuple[object, ...]]:
    return [
        (one.person_id, one.first_day, one.last_day)
        for one in session.scalars(select(Away).order_by(Away.id))
    ]


def test_weekdays_are_ticked_and_all_of_them_are_any_day(app):
    person = a_person(a_section())
    client = signed_in(app, person)
    client.post("/profile/edit", data=DETAILS | {"weekdays": ["7", "6"], "locale": "en"})
    assert session.get_one(Person, person.id).weekdays == "67"
    assert "Saturday and Sunday" in client.get("/profile").text
    page = client.get("/profile/edit").text
    assert page.count("checked") == 2
    assert client.post("/profile/edit", data=DETAILS | {"weekdays": ["9"]}).status_code == 422
    assert session.get_one(Person, person.id).weekdays == "67"
    client.post("/profile/edit", data=DETAILS | {"weekdays": list("1234567")})
    assert session.get_one(Person, person.id).weekdays == ""


def test_a_coordinator_sets_them_too(app):
    section = a_section()
    person, desk = a_person(section), a_desk(app, section)
    desk.post(f"/people/{person.id}/edit", data=DETAILS | {"weekdays": ["1"]})
    assert session.get_one(Person, person.id).weekdays == "1"
    assert "Monday" in desk.get(f"/people/{person.id}").text


def test_numbers_are_kept_in_order_and_once():
    assert weekdays_of(["7", "1", "7", "x", "8"]) == "17"
    assert weekdays_of([]) == ""


def test_one_adds_and_removes_days_away(app):
    person = a_person(a_section())
    client = signed_in(app, person)
    assert client.post("/profile/away", data=TRIP).status_code == 302
    assert times_away() == [(person.id, FIRST, LAST)]
    page = client.get("/profile").text
    assert "With my mother" in page
    away = session.scalar(select(Away))
    assert client.post(f"/profile/away/{away.id}/remove").status_code == 302
    assert times_away() == []
    trail = {one.what for one in audit.trail(person_id=person.id)}
    assert {"away", "away removed"} <= trail


def test_a_blank_last_day_is_a_single_day_and_the_same_days_are_kept_once(app):
    person = a_person(a_section())
    client = signed_in(app, person)
    one_day = {"first_day": FIRST.isoformat()}
    for _press in range(2):
        assert client.post("/profile/away", data=one_day).status_code == 302
    assert times_away() == [(person.id, FIRST, FIRST)]


def test_days_that_cannot_be_are_refused_with_what_was_typed(app):
    client = signed_in(app, a_person(a_section()))
    for odd in (
        {"first_day": ""},
        {"first_day": "2026-02-30"},
        {"first_day": LAST.isoformat(), "last_day": FIRST.isoformat()},
        {"first_day": "2020-01-01", "last_day": "2020-01-05"},
        {"first_day": "2020-01-01", "note": "x" * 500},
    ):
        page = client.post("/profile/away", data={"note": "kept"} | odd)
        assert page.status_code == 422
        assert ("kept" if "note" not in odd else "xxx") in page.text
    assert times_away() == []


def test_a_coordinator_keeps_days_away_and_nobody_else_s(app):
    section = a_section()
    person, other, desk = a_person(section), a_person(section), a_desk(app, section)
    where = f"/people/{person.id}/away"
    assert "No days away" in desk.get(where).text
    assert desk.post(where, data=TRIP).status_code == 302
    assert "With my mother" in desk.get(f"/people/{person.id}").text
    away = session.scalar(select(Away))
    assert desk.post(f"/people/{other.id}/away/{away.id}/remove").status_code == 404
    stranger = signed_in(app, other)
    assert stranger.post(f"/profile/away/{away.id}/remove").status_code == 404
    assert stranger.post(where, data=TRIP).status_code == 404
    assert session.scalar(select(func.count(Away.id))) == 1
    assert desk.post(f"{where}/{away.id}/remove").status_code == 302
    assert times_away() == []


def test_the_profile_costs_the_same_for_one_time_away_and_for_thirty(app):
    person = a_person(a_section())
    client = signed_in(app, person)
    seen = []
    for many in (1, 29):
        session.add_all(
            Away(person_id=person.id, first_day=FIRST, last_day=LAST) for _ in range(many)
        )
        session.commit()
        with counted() as statements:
            assert client.get("/profile").status_code == 200
        seen.append(len(statements))
    assert seen[0] == seen[1] <= 8
