"""Values of a calendar file: days, wall times, lengths, offsets. Pure.

They are read by the library icalendar, which is told of no zone: which one a time stands in is
judged in `zones`.
"""

import re
from datetime import date, datetime, timedelta
from typing import Any

from brigades.calendars.reading.parts import Line

_OFFSET = re.compile(r"([+-])([0-9]{2}):?([0-9]{2})(?:[0-9]{2})?")


def value_of(words: str) -> Any:
    """A date, a datetime (aware if it is UTC, else naive), or a length; None for anything else."""
    from icalendar.prop import vDDDTypes

    try:
        found = vDDDTypes.from_ical(words.strip().upper())  # type: ignore[no-untyped-call]
    except (ValueError, TypeError, OverflowError):
        return None
    return found if isinstance(found, date | timedelta) else None


def wall_of(line: Line | None) -> datetime | None:
    """A wall time without its zone."""
    found = value_of(line.value) if line else None
    return found.replace(tzinfo=None) if isinstance(found, datetime) else None


def span_of(line: Line | None) -> timedelta | None:
    """How far a clock is ahead of UTC, less than a day."""
    found = _OFFSET.fullmatch(line.value.strip()) if line else None
    if found is None or int(found[2]) > 23 or int(found[3]) > 59:
        return None
    ahead = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return -ahead if found[1] == "-" else ahead
