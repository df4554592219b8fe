"""The address of a calendar: secret, renewable, and nobody else's."""

from typing import Any

import pytest
import time_machine

from brigades.audit.models import Entry
from brigades.db import session
from brigades.people.models import Person
from brigades.sections.models import Section
from tests.builders import NOON, a_participation, a_person, a_section, a_shift, signed_in


def test_the_page_makes_an_address_that_opens_the_feed(app: Any, client: Any) -> None:
    person = a_person(a_section())
    mine = signed_in(app, person)
    assert "no calendar address yet" in mine.get("/calendar").text
    assert session.get_one(Person, person.id).calendar_secret is None  # looking changes nothing

    assert mine.post("/calendar/renew").headers["Location"] == "/calendar"

    secret = session.get_one(Person, person.id).calendar_secret
    page = mine.get("/calendar").text
    assert f"http://localhost/calendar/{secret}.ics" in page
    assert f"webcal://localhost/calendar/{secret}.ics" in page
    assert client.get(f"/calendar/{secret}.ics").status_code == 200


def test_a_renewed_address_ends_the_old_one(app: Any, client: Any) -> None:
    person = a_person(a_section(), calendar_secret="old-secret")
    mine = signed_in(app, person)
    asked = mine.get("/calendar/renew")
    assert asked.status_code == 200
    assert "stops working at once" in asked.text
    assert client.get("/calendar/old-secret.ics").status_code == 200

    mine.post("/calendar/renew")

    assert client.get("/calendar/old-secret.ics").status_code == 404
    assert [entry.what for entry in session.query(Entry)] == ["calendar address renewed"]


@pytest.mark.parametrize(
    "token",
    ["", "x", "None", "%00", "../etc", "ü" * 300, "a" * 4000],
    ids=["none", "short", "the word None", "NUL", "a way up", "umlauts", "long"],
)
def test_a_secret_that_is_none_opens_nothing(app: Any, client: Any, token: str) -> None:
    a_person(a_section())  # has no secret at all
    assert client.get(f"/calendar/{token}.ics").status_code == 404


@time_machine.travel(NOON, tick=False)
def test_the_feed_is_for_one_reader_and_is_sent_again_only_when_it_changed(client: Any) -> None:
    person = a_person(a_section(), calendar_secret="secret")
    first = client.get("/calendar/secret.ics")

    assert first.content_type == "text/calendar; charset=utf-8"
    assert "private" in first.headers["Cache-Control"]
    assert first.headers["ETag"]
    again = client.get("/calendar/secret.ics", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")

    a_participation(a_shift(session.get_one(Section, person.section_id)), person)
    changed = client.get("/calendar/secret.ics", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_a_feed_speaks_its_owners_language_not_the_fetchers(client: Any) -> None:
    a_person(a_section(), calendar_secret="secret", locale="en")
    answer = client.get("/calendar/secret.ics", headers={"Accept-Language": "ar"})
    assert "Shifts and trainings" in answer.text


def test_one_event_is_for_whose_place_it_is(app: Any, client: Any) -> None:
    section = a_section()
    owner, stranger = a_person(section), a_person(section)
    place = a_participation(a_shift(section), owner)
    address = f"/calendar/place/{place.id}.ics"

    mine = signed_in(app, owner).get(address)
    assert mine.status_code == 200
    assert f"UID:place-{place.slot_id}-{owner.id}@localhost" in mine.text
    assert "attachment" in mine.headers["Content-Disposition"]
    assert "METHOD:PUBLISH" in mine.text  # and so nobody is named as invited
    assert "ATTENDEE" not in mine.text
    assert signed_in(app, stranger).get(address).status_code == 404
    assert client.get(address).status_code == 302  # to sign in


@pytest.mark.parametrize("odd", ["0", "-1", "x", str(2**31), str(2**63), str(10**40)])
def test_odd_numbers_of_places_are_not_found(app: Any, odd: str) -> None:
    mine = signed_in(app, a_person(a_section()))
    assert mine.get(f"/calendar/place/{odd}.ics").status_code == 404
