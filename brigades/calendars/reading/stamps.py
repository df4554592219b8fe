"""When an event is: a day, or a wall time in a zone; and how long it takes. Pure."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from brigades.calendars.reading.found import Unread, Why
from brigades.calendars.reading.parts import Line, Part
from brigades.calendars.reading.values import value_of
from brigades.calendars.reading.zones import UTC_ZONE, Block, Named, Zone, Zones
from brigades.clock import DAY, Wall, to_wall
from brigades.schedule.rules.series import Placed, placed

FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST = 31 * DAY
_DAYS = re.compile(r"[+]?P(?:([0-9]+)W)?(?:([0-9]+)D)?", re.ASCII)


@dataclass(frozen=True)
class Stamp:
    """A wall time and the zone that it stands in; ``floating``: the file names none."""

    local: datetime
    zone: Zone
    floating: bool = False

    @property
    def instant(self) -> datetime:
        """The UTC instant."""
        return self.zone.instant(self.local)


def when(line: Line, zones: Zones, here: str) -> Stamp | date:
    """A time or a day; ``here``: the zone of what names none. Raises Unread."""
    found = value_of(line.value)
    if isinstance(found, datetime):
        return _stamp(found, line, zones, here)
    if isinstance(found, date):
        return in_sight(found)
    raise Unread(Why.NO_DATE, line.value.strip()[:50])


def _stamp(found: datetime, line: Line, zones: Zones, here: str) -> Stamp:
    in_sight(found.date())
    local, name = found.replace(tzinfo=None), line.params.get("TZID", "")
    if found.tzinfo is not None:
        return Stamp(local, UTC_ZONE)
    if name.strip():
        return Stamp(local, zones.of(name))
    return Stamp(local, Named(here), floating=True)


def in_sight(day: date) -> date:
    """The day; raises Unread for one in a year that nobody means."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Unread(Why.FAR, str(day.year))
    return day


def end_of(part: Part, start: Stamp, zones: Zones, here: str) -> datetime:
    """The instant of an event's end. Raises Unread."""
    if (line := part.one("DTEND")) is not None:
        end = when(line, zones, here)
        if not isinstance(end, Stamp):
            raise Unread(Why.NO_DATE, line.value.strip()[:50])
        ends = end.instant
    elif (line := part.one("DURATION")) is not None:
        ends = after(start, _length(line), _days_of(line))
    else:
        raise Unread(Why.NO_END)
    return checked(start.instant, ends)


def last_day_of(part: Part, first: date, zones: Zones, here: str) -> date:
    """The last of an event's whole days; a file names the day after it, or none for one day.

    Raises Unread.
    """
    last = first
    if (line := part.one("DTEND")) is not None:
        end = when(line, zones, here)
        if isinstance(end, Stamp):
            raise Unread(Why.NO_DATE, line.value.strip()[:50])
        last = end if end == first else end - DAY  # some programs name the day itself
    elif (line := part.one("DURATION")) is not None:
        last = first + max(_length(line), DAY) - DAY
    if last < first:
        raise Unread(Why.ENDS_FIRST)
    if last - first >= LONGEST:
        raise Unread(Why.LONG)
    return last


def after(start: Stamp, length: timedelta, days: timedelta) -> datetime:
    """When something ends that takes so long: its days on the wall, the rest as time goes by."""
    return start.zone.instant(start.local + days) + (length - days)


def checked(starts: datetime, ends: datetime) -> datetime:
    """The end, if it can be one; raises Unread."""
    if ends == starts:
        raise Unread(Why.NO_END)
    if ends < starts:
        raise Unread(Why.ENDS_FIRST)
    if ends - starts > LONGEST:
        raise Unread(Why.LONG)
    return ends


def _length(line: Line) -> timedelta:
    found = value_of(line.value)
    if not isinstance(found, timedelta):
        raise Unread(Why.NO_DATE, line.value.strip()[:50])
    if found < timedelta(0):
        raise Unread(Why.ENDS_FIRST)
    if found > LONGEST:
        raise Unread(Why.LONG)
    return found


def _days_of(line: Line) -> timedelta:
    """The days and weeks that a length names; 24 hours are no day where the clocks change."""
    found = _DAYS.match(line.value.strip().upper())
    return timedelta(weeks=int(found[1] or 0), days=int(found[2] or 0)) if found else timedelta(0)


@dataclass(frozen=True)
class Frame:
    """Start and end of an event, from which those of its series follow.

    ``here``: the zone that a slot gets where the file's own is none of ours.
    """

    start: Stamp
    ends_at: datetime
    here: str

    @property
    def zone(self) -> str:
        """The name of the zone that the walls stand in."""
        zone = self.start.zone
        return zone.name if isinstance(zone, Named) and zone != UTC_ZONE else self.here

    def at(self, local: datetime) -> Placed:
        """Start and end of the one that starts at this wall time of the file's zone.

        A series keeps both on the wall. What is a moment and no wall (UTC, a zone of the file's
        own) is put on the wall of the zone that the slot gets.
        """
        zone, base = self.start.zone, self.start.local
        if isinstance(zone, Block) or zone == UTC_ZONE:
            starts_at = zone.instant(local)
            ends_at = starts_at + (self.ends_at - self.start.instant)
            starts, ends = to_wall(starts_at, self.here), to_wall(ends_at, self.here)
            return Placed(starts, ends, (starts, ends), (None, None))
        starts, ends = Wall(base, zone.name), to_wall(self.ends_at, zone.name)
        if local != base:
            return placed(starts, ends, local - base, local - base)
        first = placed(starts, starts, timedelta(0), timedelta(0), anew=True)
        return Placed(first.starts, ends, (first.wanted[0], ends), (first.troubles[0], None))


def key_of(instant: datetime | date) -> str:
    """What names one of a series: the start that its rule gave it."""
    if isinstance(instant, datetime):
        return instant.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    return instant.strftime("%Y%m%d")
