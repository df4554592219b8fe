"""Calendar files to read, written by hand as programs write them."""

from datetime import UTC, datetime

from brigades.calendars.reading.found import Days, Found, Timed
from brigades.calendars.reading.reader import read

NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
HERE = "Europe/Zurich"
# Of Europe/Berlin or any other, with the summer's half alone.
SUMMER_ONLY = """BEGIN:VTIMEZONE
TZID:{}
BEGIN:DAYLIGHT
DTSTART:20180325T030000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE"""
OUTLOOK_ZONE = """BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE"""


def a_file(*events: str, before: str = "", head: str = "") -> bytes:
    """A calendar of events; each is its lines, but for UID and title where they do not matter."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", *head.splitlines(), *before.splitlines()]
    for number, event in enumerate(events, start=1):
        given = event.splitlines()
        names = {line.partition(":")[0].partition(";")[0] for line in given}
        lines += ["BEGIN:VEVENT"]
        lines += [f"UID:event-{number}@example.org"] if "UID" not in names else []
        lines += [f"SUMMARY:Event {number}"] if "SUMMARY" not in names else []
        lines += [*given, "END:VEVENT"]
    return ("\r\n".join([*lines, "END:VCALENDAR"]) + "\r\n").encode()


def found_in(*events: str, before: str = "", head: str = "") -> Found:
    """What is read of them."""
    return read(a_file(*events, before=before, head=head), zone=HERE, now=NOW)


def starts(found: Found) -> list[str]:
    """All starts, as instants or days."""
    return [_stamp(one) for event in found.events for one in event.times]


def spans(found: Found) -> list[tuple[str, str]]:
    """All starts and ends, as instants or first and last days."""
    return [
        (_stamp(one), one.last.isoformat() if isinstance(one, Days) else _utc(one.at.ends_at))
        for event in found.events
        for one in event.times
    ]


def _stamp(one: Timed | Days) -> str:
    return one.first.isoformat() if isinstance(one, Days) else _utc(one.at.starts_at)


def _utc(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%MZ")
