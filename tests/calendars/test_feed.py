"""What stands in a calendar: read as bytes, as other people's programs read it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from icalendar import Calendar

from brigades.calendars import ical, service
from brigades.db import session
from brigades.people.models import Standing
from brigades.schedule import slots
from brigades.schedule.models import Slot, Status
from brigades.schedule.service import lock
from brigades.schedule.states import State
from brigades.sections.models import Section
from tests.builders import (
    DAY,
    HOUR,
    NOON,
    a_course,
    a_participation,
    a_person,
    a_section,
    a_session,
    a_shift,
    an_account,
)
from tests.support.statements import counted


@pytest.fixture(autouse=True)
def noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


def feed(client: Any, person: Any) -> str:
    answer = client.get(f"/calendar/{person.calendar_secret}.ics")
    assert answer.status_code == 200
    return str(answer.data.decode())


def events(text: str) -> list[Any]:
    return list(Calendar.from_ical(text).walk("VEVENT"))


def line(text: str, name: str) -> str:
    unfolded = text.replace("\r\n ", "")
    return next(row for row in unfolded.split("\r\n") if row.startswith(name))


def a_reader(section: Any = None, **given: Any) -> Any:
    return a_person(section or a_section(), calendar_secret="s" * 43, **given)


@pytest.mark.parametrize(
    "title",
    ["مساء" * 20, "a" * 66 + "😀 and a bit more of it", "👩‍⚕️" * 20, "ü, ;\\" * 20],
    ids=["arabic", "emoji at the limit", "joined emoji", "escapes"],
)
def test_no_line_is_too_long_or_cut_inside_a_letter(client: Any, title: str) -> None:  # ICS-01
    person = a_reader()
    a_participation(a_shift(person_section(person), title=title, note=title), person)

    body = client.get(f"/calendar/{person.calendar_secret}.ics").data

    assert body.endswith(b"\r\n")
    for row in body.split(b"\r\n"):
        assert len(row) <= 75
        row.decode()
    assert b"\n" not in body.replace(b"\r\n", b"")
    assert events(body.decode())[0]["summary"] == title


def person_section(person: Any) -> Any:
    return session.get_one(Section, person.section_id)


def test_times_are_instants_over_the_night_the_clocks_change(client: Any) -> None:  # ICS-04
    person = a_reader()
    starts = datetime(2026, 10, 24, 20, tzinfo=UTC)
    a_participation(a_shift(person_section(person), starts_at=starts, hours=9), person)

    text = feed(client, person)

    assert line(text, "DTSTART") == "DTSTART:20261024T200000Z"
    assert line(text, "DTEND") == "DTEND:20261025T050000Z"
    assert line(text, "DTSTAMP") == "DTSTAMP:20260610T120000Z"


def test_no_zone_is_named_that_the_file_does_not_define(client: Any) -> None:  # ICS-06
    person = a_reader()
    for zone in ("Africa/Casablanca", "Asia/Gaza", "America/Sao_Paulo"):
        a_participation(a_shift(person_section(person), zone=zone), person)

    calendar = Calendar.from_ical(feed(client, person))

    named = {
        value.params["TZID"]
        for event in calendar.walk("VEVENT")
        for _, value in event.property_items()
        if hasattr(value, "params") and "TZID" in value.params
    }
    assert named <= {zone["tzid"] for zone in calendar.walk("VTIMEZONE")}


def test_an_event_keeps_its_identity_in_every_fetch_and_mail(client: Any) -> None:  # ICS-07
    person = a_reader()
    section = person_section(person)
    shift = a_shift(section, title="Before")
    place = a_participation(shift, person)

    first, second = feed(client, person), feed(client, person)
    assert first == second
    uid = events(first)[0]["uid"]
    assert uid.endswith("@localhost")

    edit(shift, person, title="After", at=NOON + HOUR)
    after = events(feed(client, person))[0]
    assert (after["uid"], after["sequence"], after["summary"]) == (uid, 1, "After")
    assert after["dtstamp"].dt == after["last-modified"].dt == NOON + HOUR

    mailed = events(mail(place, person))[0]
    assert mailed["uid"] == uid
    assert mailed["sequence"] == 1


def mail(place: Any, person: Any) -> str:
    whole = service.place_of(place.id, person.id)
    assert whole is not None
    return ical.invitation(whole, whole.slot, person).decode()


def edit(shift: Any, by: Any, *, at: datetime, **given: Any) -> None:
    slot = lock(shift.id)
    for name, value in given.items():
        setattr(slot, name, value)
    slot.derive_instants()
    slots.changed(slot, by=by.id, now=at, was="", became="", moved=True)
    session.commit()


def test_events_of_two_people_and_two_sections_never_share_an_identity(client: Any) -> None:
    one, other = a_reader(), a_person(a_section(), calendar_secret="t" * 43)  # ICS-07
    shift = a_shift(person_section(one))
    for person in (one, other):
        a_participation(shift, person)
        a_participation(a_shift(person_section(other)), person)

    uids = [event["uid"] for person in (one, other) for event in events(feed(client, person))]

    assert len(set(uids)) == 4


def test_a_shortened_shift_ends_earlier_and_counts_one_change(client: Any) -> None:  # SHIFT-11
    person = a_reader()
    shift = a_shift(person_section(person), hours=8)
    a_participation(shift, person)
    before = events(feed(client, person))[0]

    edit(shift, person, ends_local=shift.ends_local - timedelta(hours=2), at=NOON + HOUR)

    after = events(feed(client, person))[0]
    assert after["dtend"].dt - after["dtstart"].dt == 6 * HOUR
    assert after["sequence"] == before["sequence"] + 1


def test_what_is_cancelled_is_said_and_what_was_given_up_is_gone(client: Any) -> None:  # REM-05
    person = a_reader()
    section = person_section(person)
    stays, off, left = (a_shift(section, title=title) for title in ("Stays", "Off", "Left"))
    a_participation(stays, person)
    a_participation(off, person)
    a_participation(left, person, State.WITHDRAWN)
    slots.cancel(off.id, by=person.id, now=NOON, why="storm")
    session.commit()

    statuses = {event["summary"]: event["status"] for event in events(feed(client, person))}

    assert statuses == {"Stays": "CONFIRMED", "Off": "CANCELLED"}


def test_who_left_has_no_feed_any_more(client: Any) -> None:  # REM-05
    person = a_reader(standing=Standing.LEFT)
    assert client.get(f"/calendar/{person.calendar_secret}.ics").status_code == 404


def test_nor_has_whose_account_is_closed(client: Any) -> None:  # REM-05
    person = a_reader()
    account = an_account(person)
    a_participation(a_shift(person_section(person)), person)
    assert len(events(feed(client, person))) == 1
    account.active = False
    session.commit()
    assert client.get(f"/calendar/{person.calendar_secret}.ics").status_code == 404


@pytest.mark.parametrize("wall", [datetime(2023, 4, 1, 18), datetime(2023, 4, 30, 18)])
def test_a_feed_follows_the_wall_when_a_country_moves_its_clocks(
    client: Any, wall: datetime
) -> None:  # TIME-05
    person = a_reader()
    instants = {1: datetime(2023, 4, 1, 16, tzinfo=UTC), 30: datetime(2023, 4, 30, 15, tzinfo=UTC)}
    with time_machine.travel(datetime(2023, 3, 20, tzinfo=UTC)):
        starts = instants[wall.day]
        shift = a_shift(person_section(person), zone="Asia/Gaza", starts_at=starts, hours=2)
        assert shift.starts_local == wall
        shift.starts_at = datetime(2023, 4, wall.day, 15, tzinfo=UTC)  # under the older rule
        a_participation(shift, person)

        assert events(feed(client, person))[0]["dtstart"].dt == starts


def test_offers_are_tentative_and_waiting_is_not_in_the_calendar(client: Any) -> None:
    person = a_reader()
    section = person_section(person)
    for state in State:
        a_participation(a_shift(section, title=state.value), person, state)

    statuses = {event["summary"]: event["status"] for event in events(feed(client, person))}

    assert statuses == {
        "offered": "TENTATIVE",
        "confirmed": "CONFIRMED",
        "seeking cover": "CONFIRMED",
        "attended": "CONFIRMED",
    }


def test_the_feed_looks_back_sixty_days(client: Any) -> None:
    person = a_reader()
    section = person_section(person)
    for days in (59, 61):
        shift = a_shift(section, title=f"{days}", starts_at=NOON - days * DAY)
        a_participation(shift, person, State.ATTENDED)

    assert [event["summary"] for event in events(feed(client, person))] == ["59"]


def test_an_event_says_where_and_leads_to_its_page(client: Any) -> None:
    person = a_reader()
    section = person_section(person)
    section.contact = "berlin@example.org"
    shift = a_shift(section, place="Gate B", online_url="https://meet.example.org/x")
    a_participation(shift, person)
    a_participation(a_session(a_course(section), section, online_url="https://e.org/y"), person)

    found = {event["location"]: event for event in events(feed(client, person))}
    shown, training = found["Gate B"], found["https://e.org/y"]

    assert "https://meet.example.org/x" in shown["description"]
    assert shown["url"] == f"http://localhost/shifts/{shift.id}"
    assert shown["organizer"] == "mailto:berlin@example.org"
    assert shown["attendee"] == f"mailto:{person.email}"
    assert "/trainings/" in training["url"]


@pytest.mark.parametrize(
    ("typed", "uri"),
    [
        ("rosa@straße.example", "mailto:rosa@xn--strae-oqa.example"),
        ("o'neil+camp@example.org", "mailto:o'neil+camp@example.org"),
        ("50%&more@example.org", "mailto:50%25%26more@example.org"),
        ("jörg@example.org", "mailto:j%C3%B6rg@example.org"),
        ("no address", "mailto:no%20address"),
    ],
)
def test_an_event_names_addresses_as_programs_know_them(client: Any, typed: str, uri: str) -> None:
    person = a_reader(email=typed)
    section = person_section(person)
    section.contact = typed
    a_participation(a_shift(section), person)
    [shown] = events(feed(client, person))
    assert (shown["organizer"], shown["attendee"]) == (uri, uri)


def test_a_row_with_a_zone_that_is_none_takes_no_other_with_it(client: Any) -> None:  # TIME-10
    person = a_reader()
    section = person_section(person)
    odd = a_shift(section, title="Odd")
    a_participation(odd, person)
    a_participation(a_shift(section, title="Good"), person)
    odd.zone = ""

    assert {event["summary"] for event in events(feed(client, person))} == {"Odd", "Good"}


def test_odd_letters_in_names_and_titles_do_not_break_the_file(client: Any) -> None:
    person = a_reader(given_name='O"Hara', family_name="x\r\nATTENDEE:evil")
    section = person_section(person)
    section.name = 'The "best"; section'
    a_participation(a_shift(section, title="One\r\nSTATUS:CANCELLED", note="a\x01b"), person)

    text = feed(client, person)

    assert [event["status"] for event in events(text)] == ["CONFIRMED"]
    assert text.count("\r\nSTATUS") == 1
    assert text.count("\r\nATTENDEE") == 1
    assert "\x01" not in text


def test_a_feed_costs_the_same_for_one_event_and_for_thirty(client: Any) -> None:
    person = a_reader()
    section = person_section(person)
    a_participation(a_shift(section), person)
    with counted() as few:
        feed(client, person)
    for _ in range(29):
        a_participation(a_shift(section), person)
    with counted() as many:
        feed(client, person)

    assert len(few) == len(many) <= 2


def test_a_cancelled_slot_stays_silent_about_whom_it_never_had(client: Any) -> None:
    person = a_reader()
    shift = a_shift(person_section(person))
    a_participation(shift, person, State.CANCELLED)  # taken off by the coordinator

    assert events(feed(client, person)) == []
    assert session.get_one(Slot, shift.id).status is Status.PUBLISHED
