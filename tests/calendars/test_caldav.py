"""A real calendar server takes in what we write: one place's mails, and whole feeds."""

from collections.abc import Iterator
from datetime import UTC, timedelta
from typing import Any

import pytest
import time_machine
import vobject

from brigades.access import Role
from brigades.calendars import feeds, ical, of_section, service
from brigades.db import session
from brigades.schedule import slots
from brigades.schedule.service import lock, move
from brigades.schedule.states import State
from tests import builders as b
from tests.builders import DAY, HOUR, NOON
from tests.support import radicale
from tests.support.databases import ONE_DATABASE

# What is written is the same from both databases: tests/calendars/test_feed.py.
pytestmark = ONE_DATABASE

TITLE = "مناوبة ليلية عند البوابة, حمولة; " * 3 + "😀"
CALENDAR = """<?xml version="1.0"?>
<C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">
<D:set><D:prop><D:displayname>Vera</D:displayname></D:prop></D:set></C:mkcalendar>"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[radicale.Server]:
    with radicale.running(tmp_path_factory.mktemp("radicale")) as started:
        yield started


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def mailed(place: Any, person: Any, method: str = "REQUEST") -> bytes:
    """The file of a mail as a program hands it on: servers refuse METHOD (RFC 4791, 4.1)."""
    session.expire_all()
    whole = service.place_of(place.id, person.id)
    assert whole is not None
    body = ical.invitation(whole, whole.slot, person, method)
    assert f"METHOD:{method}\r\n".encode() in body
    return body.replace(f"METHOD:{method}\r\n".encode(), b"")


def only(text: str) -> Any:
    [event] = vobject.readOne(text).vevent_list
    return event


def test_an_invitation_its_update_and_its_cancellation(app: Any, server: radicale.Server) -> None:
    section = b.a_section(contact="berlin@example.org")
    shift = b.a_shift(section, title=TITLE.strip(), starts_at=NOON + 20 * DAY, place="Gate B")
    vera = b.a_person(section, given_name="Vera", family_name='O"Hara')
    place = b.a_participation(shift, vera, State.OFFERED, answer_by=NOON + DAY)
    calendar = "/vera/places"
    assert server.ask("MKCALENDAR", f"{calendar}/", CALENDAR).status == 201
    at = f"{calendar}/place.ics"

    first = server.put(at, mailed(place, vera), If_None_Match="*")
    assert first.status == 201
    event = only(server.ask("GET", at).text)
    assert event.summary.value == TITLE.strip()
    assert event.dtstart.value == NOON + 20 * DAY
    assert (event.status.value, event.sequence.value) == ("TENTATIVE", "0")
    assert event.attendee.params["PARTSTAT"] == ["NEEDS-ACTION"]
    assert event.attendee.value == f"mailto:{vera.email}"
    assert event.organizer.value == "mailto:berlin@example.org"
    uid = event.uid.value

    move(place, State.CONFIRMED, by=vera.id, now=NOON + HOUR)
    slot = lock(shift.id)
    slot.starts_local, slot.ends_local = slot.starts_local + DAY, slot.ends_local + DAY
    slot.derive_instants()
    slots.changed(slot, by=vera.id, now=NOON + HOUR, was="", became="", moved=True)
    session.commit()
    assert server.put(at, mailed(place, vera), If_Match=first.etag).status in (201, 204)
    event = only(server.ask("GET", at).text)
    assert (event.uid.value, event.sequence.value, event.status.value) == (uid, "2", "CONFIRMED")
    assert event.dtstart.value == NOON + 21 * DAY
    assert event.attendee.params["PARTSTAT"] == ["ACCEPTED"]
    assert server.between(f"{calendar}/", *span(NOON + 20 * DAY)) == []
    assert len(server.between(f"{calendar}/", *span(NOON + 21 * DAY))) == 1

    slots.cancel(shift.id, by=vera.id, now=NOON + 2 * HOUR, why="storm")
    session.commit()
    assert server.put(at, mailed(place, vera, "CANCEL")).status in (201, 204)
    event = only(server.ask("GET", at).text)
    assert (event.uid.value, event.status.value) == (uid, "CANCELLED")
    assert int(event.sequence.value) > 2


def span(instant: Any) -> tuple[str, str]:
    """The first hour of something, as the server is asked for it."""
    ends = instant + timedelta(hours=1)
    return tuple(f"{each.astimezone(UTC):%Y%m%dT%H%M%SZ}" for each in (instant, ends))  # type: ignore[return-value]


def test_whole_feeds_of_a_person_and_of_a_section(app: Any, server: radicale.Server) -> None:
    section = b.a_section(zone="Asia/Gaza")
    vera = b.a_person(section)
    b.an_appointment(vera, section, Role.COORDINATOR)
    for days in range(1, 16):
        shift = b.a_shift(section, title=f"{TITLE}{days}", starts_at=NOON + days * DAY, hours=2)
        b.a_participation(shift, vera, State.CONFIRMED if days % 2 else State.OFFERED)
    session.expire_all()
    person_feed = ical.feed(service.places_of(vera.id, now=NOON), vera)
    section_feed = of_section.feed(section, feeds.slots_of(section.id, NOON))

    for name, body in (("person", person_feed), ("section", section_feed)):
        path = f"/vera/{name}/"
        assert server.put(path, body).status == 201
        every = server.between(path, "20260101T000000Z", "20270101T000000Z")
        assert len(every) == 15
        titles = {only(text).summary.value for text in every}
        assert len(titles) == 15
        assert all(TITLE.strip() in title for title in titles)
        [tenth] = server.between(path, *span(NOON + 10 * DAY))
        assert only(tenth).dtstart.value == NOON + 10 * DAY
        named = [event for text in every for event in vobject.readOne(text).components()]
        assert {event.name for event in named} == {"VEVENT"}


def test_other_peoples_parsers_read_the_same(app: Any) -> None:
    from tests.calendars.programs import read_feed

    section = b.a_section()
    vera = b.a_person(section)
    b.a_participation(b.a_shift(section, title=TITLE.strip(), note="a\nb; c, d\\e"), vera)
    session.expire_all()
    body = ical.feed(service.places_of(vera.id, now=NOON), vera).decode()
    [(uid, entry)] = read_feed(body).items()
    other = only(body)
    assert (uid, entry.title) == (other.uid.value, other.summary.value)
    assert (entry.starts, entry.ends) == (other.dtstart.value, other.dtend.value)
    assert "a\nb; c, d\\e" in other.description.value
