"""What every event of ours has in common, whoever's calendar it stands in.

Times are instants in UTC: no zone is named, so none need be defined, and no program can take them
for another. What stands on the wall there is said in words.
"""

import unicodedata
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from flask import current_app
from flask_babel import gettext as _

from brigades.clock import HOUR, Wall, is_zone
from brigades.outbox.delivery.addresses import wire_address
from brigades.schedule.models import Slot
from brigades.texts import day_words, time_words, zone_words
from brigades.web import link

if TYPE_CHECKING:
    from icalendar import Calendar, Event

_IN_ADDRESSES = "@!$'*+"  # what stands in addresses and, as it is, in a URI (RFC 6068)


def a_calendar(name: str = "") -> "Calendar":
    """An empty file; with a ``name`` one to subscribe to, looked at again every hour."""
    from icalendar import Calendar  # a quarter of a second, only where a calendar is written

    calendar = Calendar()
    calendar.add("prodid", f"-//Brigades//{host()}//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if name:
        calendar.add("x-wr-calname", name)
        calendar.add("name", name)
        calendar.add("refresh-interval", HOUR, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT1H")
    return calendar


def an_event(slot: Slot, uid: str, *, sequence: int, changed: datetime) -> "Event":
    """The event of a slot: identity, when and where. ``uid`` gets our host."""
    from icalendar import Event

    entry = Event()
    entry.add("uid", f"{uid}@{host()}")
    entry.add("sequence", sequence)
    entry.add("dtstamp", changed)
    entry.add("last-modified", changed)
    entry.add("dtstart", _instant(slot.starts, slot.starts_at))
    entry.add("dtend", _instant(slot.ends, slot.ends_at))
    if where := slot.place or slot.online_url:
        entry.add("location", one_line(where))
    return entry


def local_time(slot: Slot) -> str:
    """From when to when on the wall of the place, with its zone; empty where that is none."""
    if not is_zone(slot.zone):
        return ""
    first, last = slot.starts.local.date(), slot.ends.local.date()
    zone = zone_words(slot.zone, _instant(slot.starts, slot.starts_at))
    start, end = time_words(slot.starts), time_words(slot.ends)
    if first == last:
        return str(
            _(
                "Local time: %(day)s, %(start)s to %(end)s, %(zone)s",
                day=day_words(first),
                start=start,
                end=end,
                zone=zone,
            )
        )
    return str(
        _(
            "Local time: %(day)s, %(start)s to %(last_day)s, %(end)s, %(zone)s",
            day=day_words(first),
            start=start,
            last_day=day_words(last),
            end=end,
            zone=zone,
        )
    )


def meeting(slot: Slot) -> str:
    """When people meet, in words; empty where that is the start."""
    return str(_("Meet at %(time)s.", time=time_words(slot.meets))) if slot.meet_before else ""


def slot_link(slot: Slot) -> str:
    """The full address of a slot's page."""
    return f"{link('trainings.index' if slot.type == 'session' else 'shifts.index')}/{slot.id}"


def host() -> str:
    """The host in what must be ours alone."""
    return urlsplit(current_app.config["BASE_URL"]).hostname or "localhost"


def paragraphs(*parts: str) -> str:
    """A description of those that say something, clean."""
    return "\n\n".join(clean(part) for part in parts if part)


def clean(words: str) -> str:
    """Text without control characters, which calendars choke on; line breaks are kept."""
    kept = words.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in kept if c == "\n" or unicodedata.category(c) != "Cc")


def one_line(words: str) -> str:
    """Clean text without line breaks."""
    return " ".join(clean(words).split("\n"))


def as_parameter(words: str) -> str:
    """A name as a parameter's value, where a quotation mark cannot stand."""
    return one_line(words).replace('"', "'")


def mailbox(address: str) -> str:
    """An address as a URI: its domain in ASCII, and what a URI cannot hold escaped."""
    with suppress(ValueError):  # one that is none stays as it is, and takes no event with it
        address = wire_address(address)
    return f"mailto:{quote(address, safe=_IN_ADDRESSES)}"


def _instant(wall: Wall, stored: datetime) -> datetime:
    """The instant under the zone rules of today: a feed is right before the rows are rederived.

    A row whose zone is none must not take the other events with it.
    """
    try:
        return wall.instant
    except ValueError:
        return stored
