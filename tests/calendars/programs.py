"""A calendar program of somebody who takes in what mails bring, as RFC 5546 says.

It reads with the parser of Home Assistant, which has nothing to do with what we write with.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

from ical.calendar_stream import IcsCalendarStream


@dataclass(frozen=True)
class Entry:
    """One event as the program keeps it; times are instants."""

    sequence: int
    stamp: datetime
    starts: datetime
    ends: datetime
    title: str
    status: str
    answer: str


@dataclass
class Program:
    """What stands in one person's calendar, by UID; what was cancelled is kept as that."""

    address: str
    kept: dict[str, Entry] = field(default_factory=dict)

    def receive(self, message: EmailMessage) -> None:
        """Take a mail's event in; AssertionError where the mail is not as iTIP asks for."""
        parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
        for part in parts:
            assert part.get_content_charset() == "utf-8"
            text = part.get_payload(decode=True).decode()
            calendar = IcsCalendarStream.calendar_from_ics(text)
            assert calendar.method == part.get_param("method")
            [event] = calendar.events
            self._take_in(str(calendar.method), event)

    def _take_in(self, method: str, event: Any) -> None:
        assert event.organizer is not None
        [attendee] = event.attendees
        assert str(attendee.uri) == f"mailto:{self.address}"
        assert attendee.rsvp is False  # nothing reads an answer that the program would send
        entry = entry_of(event)
        assert (method == "CANCEL") == (entry.status == "CANCELLED")
        before = self.kept.get(event.uid)
        if before is not None:
            assert entry.sequence >= before.sequence, "an older state came after a newer one"
            same = (before.starts, before.ends, before.title, before.status, before.answer)
            if same != (entry.starts, entry.ends, entry.title, entry.status, entry.answer):
                assert entry.sequence > before.sequence, "changed under the same number"
                assert entry.stamp >= before.stamp
        self.kept[event.uid] = entry

    @property
    def live(self) -> dict[str, Entry]:
        """What it shows."""
        return {uid: one for uid, one in self.kept.items() if one.status != "CANCELLED"}


def entry_of(event: Any) -> Entry:
    """An event of the parser as the program keeps it."""
    starts, ends = event.dtstart, event.dtend
    assert starts.tzinfo is not None and ends.tzinfo is not None  # never floating
    answers = [attendee.status for attendee in event.attendees]
    return Entry(
        sequence=event.sequence,
        stamp=event.dtstamp.astimezone(UTC),
        starts=starts.astimezone(UTC),
        ends=ends.astimezone(UTC),
        title=event.summary,
        status=str(event.status.value if event.status else ""),
        answer=str(answers[0] or "") if answers else "",
    )


def read_feed(text: str) -> dict[str, Entry]:
    """A whole calendar as the program would subscribe to it; AssertionError for a UID twice."""
    events = IcsCalendarStream.calendar_from_ics(text).events
    found = {event.uid: entry_of(event) for event in events}
    assert len(found) == len(events)
    return found
