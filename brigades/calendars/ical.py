"""iCalendar text about places in slots: the same event in a mail and in the feed.

An event's UID names the participation and ends in our host, so a mail and a feed never show one
place twice. Times are UTC and need no VTIMEZONE. What has not changed gives the same bytes.
"""

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _

from brigades.clock import HOUR, Wall
from brigades.people.models import Person
from brigades.schedule.models import Participation, Slot, Status
from brigades.schedule.states import State
from brigades.texts import time_words
from brigades.web import link

if TYPE_CHECKING:
    from icalendar import Calendar, Event

# What a place means for the reader's calendar and for the answer that stands beside their name.
STATUS = {
    State.REQUESTED: ("TENTATIVE", "NEEDS-ACTION"),
    State.WAITLISTED: ("TENTATIVE", "NEEDS-ACTION"),
    State.OFFERED: ("TENTATIVE", "NEEDS-ACTION"),
    State.CONFIRMED: ("CONFIRMED", "ACCEPTED"),
    State.SEEKING_COVER: ("CONFIRMED", "ACCEPTED"),
    State.ATTENDED: ("CONFIRMED", "ACCEPTED"),
    State.ABSENT: ("CONFIRMED", "ACCEPTED"),
}
GONE = ("CANCELLED", "DECLINED")


def invitation(
    participation: Participation, slot: Slot, person: Person, method: str = "REQUEST"
) -> bytes:
    """A file for a mail with this one event; ``method`` is REQUEST or CANCEL.

    ``slot.section`` must be loaded. Runs in the reader's language.
    """
    calendar = _calendar()
    calendar.add("method", method)
    calendar.add_component(event(participation, slot, person, gone=method == "CANCEL"))
    return bytes(calendar.to_ical())


def feed(places: Iterable[Participation], person: Person) -> bytes:
    """All of a person's events as one calendar; ``slot`` and its ``section`` must be loaded."""
    calendar = _calendar()
    name = _("Shifts and trainings, %(organisation)s", organisation=_organisation())
    calendar.add("x-wr-calname", name)
    calendar.add("name", name)
    calendar.add("refresh-interval", HOUR, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for place in places:
        calendar.add_component(event(place, place.slot, person))
    return bytes(calendar.to_ical())


def single(participation: Participation, slot: Slot, person: Person) -> bytes:
    """A file with this one event, to be opened by whoever has the place."""
    calendar = _calendar()
    calendar.add("method", "PUBLISH")
    calendar.add_component(event(participation, slot, person))
    return bytes(calendar.to_ical())


def event(
    participation: Participation, slot: Slot, person: Person, *, gone: bool = False
) -> "Event":
    """The event of one place. ``gone``: it is to disappear, whatever its state says."""
    from icalendar import Event, vCalAddress

    changed = max(slot.changed_at, participation.changed_at)
    gone = gone or slot.status is Status.CANCELLED
    status, answer = GONE if gone else STATUS.get(participation.state, GONE)
    page = slot_link(slot)
    entry = Event()
    entry.add("uid", f"place-{participation.id}@{_host()}")
    entry.add("sequence", slot.sequence + participation.sequence)
    entry.add("dtstamp", changed)
    entry.add("last-modified", changed)
    entry.add("dtstart", _instant(slot.starts, slot.starts_at))
    entry.add("dtend", _instant(slot.ends, slot.ends_at))
    entry.add("summary", _line(slot.title))
    if where := slot.place or slot.online_url:
        entry.add("location", _line(where))
    entry.add("description", _description(slot, page))
    entry.add("url", page)
    entry.add("status", status)
    entry.add("transp", "TRANSPARENT" if status == "CANCELLED" else "OPAQUE")
    organizer = vCalAddress(f"mailto:{slot.section.contact or current_app.config['MAIL_FROM']}")
    organizer.params["CN"] = _name(slot.section.name)
    entry.add("organizer", organizer)
    if person.email:
        attendee = vCalAddress(f"mailto:{person.email}")
        attendee.params["CN"] = _name(person.name)
        attendee.params["ROLE"] = "REQ-PARTICIPANT"
        attendee.params["PARTSTAT"] = answer
        entry.add("attendee", attendee)
    return entry


def slot_link(slot: Slot) -> str:
    """The full address of a slot's page."""
    return f"{link('trainings.index' if slot.type == 'session' else 'shifts.index')}/{slot.id}"


def _calendar() -> "Calendar":
    from icalendar import Calendar  # a quarter of a second, only where a calendar is written

    calendar = Calendar()
    calendar.add("prodid", f"-//Brigades//{_host()}//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    return calendar


def _instant(wall: Wall, stored: datetime) -> datetime:
    """The instant under the zone rules of today: a feed is right before the rows are rederived.

    A row whose zone is none must not take the other events with it.
    """
    try:
        return wall.instant
    except ValueError:
        return stored


def _description(slot: Slot, page: str) -> str:
    meet = _("Meet at %(time)s.", time=time_words(slot.meets)) if slot.meet_before else ""
    online = slot.online_url if slot.place else ""
    parts = [meet, slot.note, online, _("Details: %(link)s", link=page)]
    return "\n\n".join(_clean(part) for part in parts if part)


def _organisation() -> str:
    return str(current_app.config["ORGANISATION"])


def _host() -> str:
    return urlsplit(current_app.config["BASE_URL"]).hostname or "localhost"


def _clean(words: str) -> str:
    """Text without control characters, which calendars choke on; line breaks are kept."""
    kept = words.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in kept if c == "\n" or unicodedata.category(c) != "Cc")


def _line(words: str) -> str:
    return " ".join(_clean(words).split("\n"))


def _name(words: str) -> str:
    """A name as a parameter's value, where a quotation mark cannot stand."""
    return _line(words).replace('"', "'")
