"""iCalendar text about places in slots: the same event in a mail and in the feed.

An event's UID names slot and person and ends in our host, so a mail and a feed never show one place
twice. Who gives a place up and comes in again has the same event, with a higher SEQUENCE: what an
earlier mail left in a calendar is set right and not shown beside it. What has not changed gives the
same bytes.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import current_app
from flask_babel import gettext as _

from brigades.calendars.parts import (
    a_calendar,
    an_event,
    as_parameter,
    local_time,
    mailbox,
    meeting,
    one_line,
    paragraphs,
    slot_link,
)
from brigades.outbox.delivery.mime import sender
from brigades.people.models import Person
from brigades.schedule.models import Participation, Slot, Status
from brigades.schedule.states import State

if TYPE_CHECKING:
    from icalendar import Event, vCalAddress

__all__ = ["event", "feed", "invitation", "single", "slot_link"]

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
    """A file for a mail with this one event; ``method`` is REQUEST or CANCEL (iTIP, RFC 5546).

    ``slot.section`` must be loaded. Runs in the reader's language.
    """
    calendar = a_calendar()
    calendar.add("method", method)
    calendar.add_component(event(participation, slot, person, gone=method == "CANCEL"))
    return bytes(calendar.to_ical())


def feed(places: Iterable[Participation], person: Person) -> bytes:
    """All of a person's events as one calendar; ``slot`` and its ``section`` must be loaded."""
    organisation = str(current_app.config["ORGANISATION"])
    calendar = a_calendar(_("Shifts and trainings, %(organisation)s", organisation=organisation))
    for place in places:
        calendar.add_component(event(place, place.slot, person))
    return bytes(calendar.to_ical())


def single(participation: Participation, slot: Slot, person: Person) -> bytes:
    """A file with this one event, to be opened by whoever has the place.

    It is published, not an invitation: nobody is named as invited (RFC 5546, 3.2.1).
    """
    calendar = a_calendar()
    calendar.add("method", "PUBLISH")
    entry = event(participation, slot, person)
    entry.pop("attendee", None)
    calendar.add_component(entry)
    return bytes(calendar.to_ical())


def event(
    participation: Participation, slot: Slot, person: Person, *, gone: bool = False
) -> "Event":
    """The event of one place. ``gone``: it is to disappear, whatever its state says."""
    gone = gone or slot.status is Status.CANCELLED
    status, answer = GONE if gone else STATUS.get(participation.state, GONE)
    page = slot_link(slot)
    entry = an_event(
        slot,
        f"place-{slot.id}-{person.id}",
        sequence=slot.sequence + participation.sequence,
        changed=max(slot.changed_at, participation.changed_at),
    )
    entry.add("summary", one_line(slot.title))
    online = slot.online_url if slot.place else ""
    details = _("Details: %(link)s", link=page)
    entry.add(
        "description", paragraphs(local_time(slot), meeting(slot), slot.note, online, details)
    )
    entry.add("url", page)
    entry.add("status", status)
    entry.add("transp", "TRANSPARENT" if status == "CANCELLED" else "OPAQUE")
    entry.add("organizer", _organizer(slot))
    if person.email:
        entry.add("attendee", _attendee(person, answer))
    return entry


def _organizer(slot: Slot) -> "vCalAddress":
    from icalendar import vCalAddress

    organizer = vCalAddress(mailbox(slot.section.contact or sender()))
    organizer.params["CN"] = as_parameter(slot.section.name)
    return organizer


def _attendee(person: Person, answer: str) -> "vCalAddress":
    """Whose place it is. No answer is asked of their calendar: nothing reads it, the link does."""
    from icalendar import vCalAddress

    attendee = vCalAddress(mailbox(person.email or ""))
    attendee.params["CN"] = as_parameter(person.name)
    attendee.params["ROLE"] = "REQ-PARTICIPANT"
    attendee.params["PARTSTAT"] = answer
    attendee.params["RSVP"] = "FALSE"
    return attendee
