"""The hours in which no mail comes, and the hour of the daily one, on the reader's wall. Pure."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from brigades.clock import DAY, HOUR, Wall, is_zone, to_wall

DAILY = 7  # o'clock, when the daily mail comes
TO_READ = 2 * HOUR  # what comes in the morning is read within this time
LONGEST = DAY  # what was put off for so long goes at whatever hour: nothing waits for ever


@dataclass(frozen=True)
class Hours:
    """Quiet from one full hour on the wall until another, 0 to 24; the same twice: never."""

    begin: int = 21
    end: int = 7

    def __bool__(self) -> bool:
        """Whether there are any."""
        return self.begin % 24 != self.end % 24


_present = [Hours()]


def hours() -> Hours:
    """The quiet hours that hold in this organisation."""
    return _present[0]


def use(wanted: Hours) -> None:
    """Keep to these quiet hours from now on."""
    _present[0] = wanted


def ends(now: datetime, zone: str, quiet: Hours) -> datetime | None:
    """When the quiet time ends in which ``now`` lies; None where it lies in none.

    A zone that is none is taken for UTC.
    """
    zone = zone if is_zone(zone) else "UTC"
    begin, end = quiet.begin % 24, quiet.end % 24
    wall = to_wall(now, zone).local
    since_begin, lasts = (wall.hour - begin) % 24, (end - begin) % 24
    if since_begin >= lasts:
        return None
    over_midnight = wall.hour >= begin > end
    day = wall.date() + timedelta(days=int(over_midnight))
    return Wall(datetime.combine(day, time(end)), zone).instant


def waits_until(
    now: datetime,
    zone: str,
    quiet: Hours,
    *,
    since: datetime,
    needed_by: datetime | None = None,
) -> datetime | None:
    """The morning for which a letter is put off at ``now``; None where it goes at once.

    ``since``: when it could have gone first. What is needed soon after the morning does not wait.
    """
    morning = ends(now, zone, quiet)
    if morning is None or now - since >= LONGEST:
        return None
    if needed_by is not None and needed_by < morning + TO_READ:
        return None
    return morning


def next_daily(now: datetime, zone: str, quiet: Hours) -> datetime:
    """The next daily mail after ``now``: at its hour, or at the end of a quiet time around it."""
    zone = zone if is_zone(zone) else "UTC"
    today = to_wall(now, zone).local.date()
    at = Wall(datetime.combine(today, time(DAILY)), zone).instant
    if at <= now:
        at = Wall(datetime.combine(today + timedelta(days=1), time(DAILY)), zone).instant
    return ends(at, zone, quiet) or at


def in_time(daily: datetime, needed_by: datetime | None) -> bool:
    """Whether what is needed by then can be read in that daily mail."""
    return needed_by is None or daily + TO_READ <= needed_by
