"""Whoever looks after a section's mail sees what was sent, what waits, what failed and why."""

import pytest
from sqlalchemy import select

from brigades.access import Role
from brigades.audit.models import Entry
from brigades.clock import DAY
from brigades.db import session, unit
from brigades.outbox import service
from brigades.outbox.letters_page.preview import cover
from brigades.outbox.models import Fate, Letter
from brigades.schedule import service as schedule
from tests.builders import (
    NOON,
    a_person,
    a_section,
    a_shift,
    an_appointment,
    signed_in,
)
from tests.shifts.test_capacity import at_once
from tests.support.statements import counted


@pytest.fixture
def section(app):
    return a_section()


@pytest.fixture
def coordinator(app, section):
    person = a_person(section)
    an_appointment(person, section, Role.COORDINATOR)
    return signed_in(app, person)


def a_letter(section, key="one", **given) -> Letter:
    """A letter to somebody of that section; none for the organisation as a whole."""
    service.post_to(
        given.pop("name", "password-changed"),
        address=given.pop("address", "rosa@example.org"),
        to_name=given.pop("to_name", "Rosa"),
        locale="en",
        about={},
        key=key,
        now=NOON,
        section_id=section.id if section else None,
    )
    letter = session.scalars(select(Letter).where(Letter.key == key)).one()
    for field, value in given.items():
        setattr(letter, field, value)
    session.commit()
    return letter


def test_the_list_says_to_whom_what_and_what_became_of_it(coordinator, section):
    a_letter(section, "a", subject="Your place", fate=Fate.SENT, sent_at=NOON)
    a_letter(section, "b", fate=Fate.FAILED, error="550 no such mailbox")
    page = coordinator.get("/letters").text
    for words in (
        "Your place",
        "rosa@example.org",
        "Sent",
        "Failed",
        "550 no such mailbox",
        "UTC+2",
        "14:00",
    ):
        assert words in page


def test_an_empty_list_says_what_comes_there(coordinator):
    assert "No letter yet" in coordinator.get("/letters").text
    assert "No letter fits" in coordinator.get("/letters?q=nothing").text


@pytest.mark.parametrize(
    ("address", "there", "away"),
    [
        ("/letters?q=ROSA", "rosa@example.org", "ali@example.org"),
        ("/letters?q=roof", "ali@example.org", "rosa@example.org"),
        ("/letters?fate=failed", "rosa@example.org", "ali@example.org"),
        ("/letters?name=slot-moved", "ali@example.org", "rosa@example.org"),
    ],
)
def test_letters_are_found_by_words_and_filters(coordinator, section, address, there, away):
    a_letter(section, "a", fate=Fate.FAILED)
    a_letter(
        section, "b", to_name="Ali", address="ali@example.org", subject="Roof", name="slot-moved"
    )
    page = coordinator.get(address).text
    assert there in page
    assert away not in page


@pytest.mark.parametrize(
    "address",
    ["/letters?fate=odd", "/letters?page=99999999999", "/letters?page=-1", "/letters?q=%25_%5C"],
)
def test_odd_filters_are_no_fault(coordinator, section, address):
    a_letter(section)
    assert coordinator.get(address).status_code == 200


def test_letters_of_other_sections_are_not_there(app, section):
    letter = a_letter(section)
    stranger = a_person(a_section())
    an_appointment(stranger, session.merge(a_section()), Role.COORDINATOR)
    client = signed_in(app, stranger)
    assert "rosa@example.org" not in client.get("/letters").text
    assert client.get(f"/letters/{letter.id}").status_code == 404
    assert client.post(f"/letters/{letter.id}/again").status_code == 404


def test_who_has_no_business_with_letters_does_not_see_the_page(app, section):
    assert signed_in(app, a_person(section)).get("/letters").status_code == 404


def test_letters_of_no_section_are_for_who_administers_the_top(app):
    top = a_section()
    below = a_section(top)
    letter = a_letter(None)
    seen = {}
    for role, where in (
        (Role.ADMINISTRATOR, top),
        (Role.COORDINATOR, top),
        (Role.ADMINISTRATOR, below),
    ):
        person = a_person(where)
        an_appointment(person, where, role)
        seen[role, where.id] = signed_in(app, person).get(f"/letters/{letter.id}").status_code
    assert list(seen.values()) == [200, 404, 404]


@pytest.mark.parametrize("odd", ["0", "2147483648", "99999999999999999999", "-1", "x"])
def test_a_letter_that_cannot_be_there_is_not_found(coordinator, odd):
    assert coordinator.get(f"/letters/{odd}").status_code == 404


def test_a_letters_page_covers_what_would_act_for_the_reader(app, coordinator, section):
    shift = a_shift(section, starts_at=NOON + 400 * DAY)
    whom, other = a_person(section), a_person(section)
    with unit():
        schedule.assign(shift.id, shift.needs[0].id, whom, by=other.id, now=NOON)
    letter = session.scalars(select(Letter)).one()
    letter.fate, letter.sent_at = Fate.SENT, NOON
    session.commit()
    page = coordinator.get(f"/letters/{letter.id}").text
    assert "You are asked to take a place" in page
    assert "/answer/•••" in page
    assert "Please answer by" in page


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        (
            "http://localhost/answer/MTI.aR_x-9.AbCdEfGhIjKlMnOp now",
            "http://localhost/answer/••• now",
        ),
        ("http://localhost/password/abcdefghijklmnopqrstuv", "http://localhost/password/•••"),
        ("http://localhost/calendar/abcdefghijklmnopqrstuv.ics", "http://localhost/calendar/•••"),
        ("http://localhost/shifts/12", "http://localhost/shifts/12"),
        ("https://example.org/room/abcdefghijklmnopqrstuv", None),
    ],
)
def test_only_long_parts_of_our_own_links_are_covered(app, text, covered):
    assert cover(text) == (covered or text)


def test_a_letter_that_cannot_be_written_still_has_a_page(coordinator, section):
    letter = a_letter(section, name="place-offered", fate=Fate.FAILED, error="KeyError")
    got = coordinator.get(f"/letters/{letter.id}")
    assert got.status_code == 200
    assert "cannot be written" in got.text


def test_a_letter_that_no_longer_holds_says_so(coordinator, section):
    letter = a_letter(section, name="digest", fate=Fate.DROPPED, error="no longer holds")
    letter.about = {"person": 0, "day": "2026-06-10"}
    session.commit()
    page = coordinator.get(f"/letters/{letter.id}").text
    assert "Not needed any more" in page
    assert "no longer holds" in page


def test_a_failed_letter_is_tried_again_and_the_trail_says_who(coordinator, section):
    letter = a_letter(section, fate=Fate.FAILED, error="550 no", tries=8)
    assert "Try again" in coordinator.get(f"/letters/{letter.id}").text
    assert coordinator.post(f"/letters/{letter.id}/again").status_code == 303
    session.expire_all()
    assert (letter.fate, letter.tries) == (Fate.WAITING, 0)
    [entry] = session.scalars(select(Entry)).all()
    assert (entry.what, entry.was, entry.became, entry.why) == (
        "letter",
        "failed",
        "waiting",
        "550 no",
    )
    assert entry.by_id is not None


def test_a_letter_that_has_not_failed_is_not_sent_twice(coordinator, section):
    letter = a_letter(section, fate=Fate.SENT)
    coordinator.post(f"/letters/{letter.id}/again")
    session.expire_all()
    assert letter.fate is Fate.SENT
    assert session.scalars(select(Entry)).all() == []


def test_the_top_of_the_list_says_how_all_of_them_stand(coordinator, section):
    for n in range(60):
        a_letter(section, f"s{n}", fate=Fate.SENT, sent_at=NOON)
    a_letter(section, "w", tries=2, due_at=NOON + DAY, error="450 busy")
    a_letter(section, "f", fate=Fate.FAILED, error="550 no")
    page = coordinator.get("/letters").text
    for words in ("<b>60</b> Sent", "<b>1</b> Waiting", "<b>1</b> Failed", "2 tries", "Next try"):
        assert words in page, words
    assert "The oldest that waits was written on" in page
    assert "<b>60</b> Sent" in coordinator.get("/letters?fate=failed").text
    assert "<b>60</b>" not in coordinator.get("/letters?q=nobody").text


def test_all_that_failed_and_fit_are_tried_again_at_once(coordinator, section):
    for key, name in (("a", "Rosa"), ("b", "Rosa"), ("c", "Ali")):
        address = f"{name}@example.org"
        a_letter(section, key, to_name=name, address=address, fate=Fate.FAILED, error="550 no")
    a_letter(section, "d", to_name="Rosa", fate=Fate.SENT)
    a_letter(a_section(), "e", to_name="Rosa", fate=Fate.FAILED)
    page = coordinator.get("/letters?q=rosa&fate=failed").text
    assert "Try 2 failed letters again" in page
    assert coordinator.post("/letters/again?q=rosa&fate=failed").status_code == 303
    session.expire_all()
    fates = {one.key: (one.fate, one.tries) for one in session.scalars(select(Letter))}
    assert fates["a"] == fates["b"] == (Fate.WAITING, 0)
    assert fates["c"][0] is Fate.FAILED
    assert fates["d"][0] is Fate.SENT
    assert fates["e"][0] is Fate.FAILED
    assert [entry.why for entry in session.scalars(select(Entry))] == ["550 no", "550 no"]
    coordinator.post("/letters/again?q=rosa&fate=failed")  # pressed twice
    assert len(session.scalars(select(Entry)).all()) == 2


def test_pressed_by_four_at_once_each_is_tried_again_once(app, coordinator, section):
    for key in "abc":
        a_letter(section, key, fate=Fate.FAILED, error="550 no")
    assert at_once(app, [(coordinator, "/letters/again", {})] * 4) == [303] * 4
    assert len(session.scalars(select(Entry)).all()) == 3


def test_the_list_leaves_as_a_file(coordinator, section):
    a_letter(section, "a", subject="=1+1", fate=Fate.FAILED, error="550 no", tries=1)
    a_letter(section, "b", to_name="Ali", address="ali@example.org")
    sheet = coordinator.get("/letters.csv?fate=failed")
    assert sheet.mimetype == "text/csv"
    lines = sheet.data.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "'=1+1" in lines[1]
    assert "550 no" in lines[1]
    book = coordinator.get("/letters.xlsx")
    assert book.data[:2] == b"PK"
    assert "filename*=UTF-8''Letters" in book.headers["Content-Disposition"]


def test_the_list_costs_the_same_for_one_letter_and_for_thirty(coordinator, section):
    cost = []
    for keys in (range(1), range(1, 30)):
        for n in keys:
            a_letter(section, f"n{n}")
        with counted() as statements:
            coordinator.get("/letters")
        cost.append(len(statements))
    assert cost[0] == cost[1] <= 8


def test_every_page_says_where_letters_are_kept_while_there_is_no_mail_server(app, client):
    assert "Mail is not sent from here" in client.get("/login").text
    app.config["MAIL_URL"] = "smtp://127.0.0.1"
    try:
        assert "Mail is not sent from here" not in client.get("/login").text
    finally:
        app.config["MAIL_URL"] = ""
