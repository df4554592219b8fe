"""The one place that reads the clock, and the way between wall time and instant.

A slot's truth is what stands on the wall: naive local time, zone name and fold. Instants are
derived. "Instant" means an aware datetime in UTC everywhere in this code.
"""

import logging
import os
import zoneinfo
from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones, reset_tzpath

log = logging.getLogger(__name__)

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

# The rules are those of the pinned wheel tzdata, the same on every machine, and their version is
# known. Who keeps newer ones elsewhere names the folder in PYTHONTZPATH.
if not os.environ.get("PYTHONTZPATH"):
    reset_tzpath(to=())


def now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


def zone(name: str) -> ZoneInfo:
    """The zone of an IANA name; raises ValueError for a name that is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"no such time zone: {name!r}") from error


def is_zone(name: str) -> bool:
    """Whether a zone of this name exists."""
    try:
        zone(name)
    except ValueError:
        return False
    return True


def zone_to_show(name: str) -> ZoneInfo:
    """The zone of a name that was kept; UTC for one that is none, so that no list falls over it.

    Such a row came in past the forms. It is shown with what is sure, its instants.
    """
    if is_zone(name):
        return zone(name)
    log.error("a row is kept with a time zone that is none: %r", name)
    return ZoneInfo("UTC")


def zone_names() -> list[str]:
    """Every zone a person may choose, sorted; without aliases of offset alone."""
    aliases = ("Etc/", "posix/", "right/", "SystemV/")
    named = (name for name in available_timezones() if "/" in name)
    return [*sorted(name for name in named if not name.startswith(aliases)), "UTC"]


def tzdata_version() -> str:
    """Version of the zone rules in use, such as ``2026f``; "unknown" where they do not say it."""
    for folder in zoneinfo.TZPATH:
        listed = Path(folder) / "tzdata.zi"
        if listed.exists():
            with listed.open() as lines:
                return lines.readline().removeprefix("# version").strip()
    try:
        return str(import_module("tzdata").IANA_VERSION)
    except (ModuleNotFoundError, AttributeError):
        return "unknown"


class Trouble(StrEnum):
    """Why a wall time does not name exactly one instant."""

    SKIPPED = "skipped"
    TWICE = "twice"


@dataclass(frozen=True)
class Wall:
    """What stands on the wall at a place: naive local time, zone name, and which of two (fold)."""

    local: datetime
    zone: str
    fold: int = 0

    @property
    def instant(self) -> datetime:
        """The UTC instant; a skipped time is moved on by the gap, as clocks are."""
        aware = self.local.replace(tzinfo=zone(self.zone), fold=self.fold)
        return aware.astimezone(UTC)

    @property
    def trouble(self) -> Trouble | None:
        """SKIPPED where clocks jump over this time, TWICE where they show it two times."""
        tz = zone(self.zone)
        early = self.local.replace(tzinfo=tz, fold=0).utcoffset()
        late = self.local.replace(tzinfo=tz, fold=1).utcoffset()
        if early == late:
            return None
        assert early is not None and late is not None
        return Trouble.SKIPPED if early < late else Trouble.TWICE


def to_wall(instant: datetime, zone_name: str) -> Wall:
    """The wall time that an instant shows in a zone."""
    local = instant.astimezone(zone_to_show(zone_name))
    return Wall(local.replace(tzinfo=None, fold=0), zone_name, local.fold)


def local_day(instant: datetime, zone_name: str) -> date:
    """The calendar day of an instant in a zone."""
    return instant.astimezone(zone_to_show(zone_name)).date()


def day_bounds(day: date, zone_name: str) -> tuple[datetime, datetime]:
    """Half-open instants [start, end) of a local day; 23 or 25 hours when the clocks change.

    Where midnight itself is skipped, the day starts at the first moment that exists; a day that is
    skipped as a whole (Apia left out 30 December 2011) has no moment: both are the same.
    """
    tz = zone_to_show(zone_name)
    return _first_moment(day, tz), _first_moment(day + DAY, tz)


def _first_moment(day: date, tz: ZoneInfo) -> datetime:
    """The first instant at which the day has begun on the wall; of two midnights the first."""
    midnight = datetime.combine(day, time())
    later = midnight.replace(tzinfo=tz).astimezone(UTC)
    if later.astimezone(tz).replace(tzinfo=None) == midnight:
        return later
    # The clocks jump over it: look for the moment of the jump, which lies between the two
    # instants that midnight would be by the offsets before and after.
    earlier = midnight.replace(tzinfo=tz, fold=1).astimezone(UTC)
    seconds = range(int((later - earlier).total_seconds()) + 1)
    jump = bisect_left(
        seconds,
        midnight,
        key=lambda after: (earlier + timedelta(seconds=after)).astimezone(tz).replace(tzinfo=None),
    )
    return earlier + timedelta(seconds=jump)


def hours_between(start: datetime, end: datetime) -> float:
    """Hours between two instants, whatever the wall clock did meanwhile."""
    return (end - start) / HOUR
