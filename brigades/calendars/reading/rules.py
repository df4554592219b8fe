"""How often an event repeats: the starts that a rule gives, on the wall, within bounds. Pure.

A rule is stepped by dateutil without a zone, as our own series are. It may come never (a 30
February) and would be looked for until the year 9999; so each day that is looked at is counted.
"""

from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from math import prod
from typing import Any

from dateutil import rrule as steps

from brigades.calendars.reading.found import Unread, Why
from brigades.clock import DAY

LOOKS = 500_000  # days looked at for one file; a series that goes on takes two years of them
MOST_A_DAY = 24

MOST_NUMBER = 10_000  # of an interval or a count
FURTHEST = 366  # of a day, a week, a place within a year, counted from either end

_OFTEN = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})
_EVERY = {name: getattr(steps, name) for name in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")}
_NUMBERS = {
    "BYMONTH": "bymonth",
    "BYMONTHDAY": "bymonthday",
    "BYYEARDAY": "byyearday",
    "BYWEEKNO": "byweekno",
    "BYSETPOS": "bysetpos",
    "BYHOUR": "byhour",
    "BYMINUTE": "byminute",
    "BYSECOND": "bysecond",
}
_KNOWN = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", *_NUMBERS}


class Patience:
    """How many days may still be looked at for a file."""

    def __init__(self, left: int = LOOKS) -> None:
        self.left = left

    def spend(self, days: int) -> None:
        """Look at so many; raises Unread once there are none left."""
        self.left -= days
        if self.left < 0:
            raise Unread(Why.ENDLESS)


class _Beyond(Exception):
    """A rule has looked at more days than there are until the last one that is read."""


class _Counted(tuple[int, ...]):
    """Months or weekdays of a rule; asked about once for each day that is looked at."""

    numbers: frozenset[int]
    patience: Patience
    days: int
    weight: int

    def __contains__(self, number: object) -> bool:
        self.days -= 1
        if self.days < 0:
            raise _Beyond
        self.patience.spend(self.weight)
        return number in self.numbers


class _Rule(steps.rrule):
    """A rule that looks at no more than so many days."""

    def __init__(self, patience: Patience, days: int, **given: Any) -> None:
        super().__init__(**given)
        # The first of its conditions that it asks for each day; a test finds it where that changes.
        name = "_bymonth" if vars(self)["_bymonth"] else "_byweekday"
        counted = _Counted(vars(self)[name] or range(7))
        counted.numbers, counted.patience, counted.days = frozenset(counted), patience, days
        # Which places within a day, a month or a year are meant is gone through each time.
        counted.weight = 1 + len(vars(self)["_bysetpos"] or ()) // 4
        vars(self)[name] = counted


def starts(
    words: str, first: datetime, since: datetime, last: datetime, patience: Patience
) -> Iterator[datetime]:
    """The starts of a rule until ``last``, all naive; ``first`` is among them only if it fits.

    Those before ``since`` may be left out. Until when the rule itself says is left to `until_of`:
    that is an instant. Raises Unread.
    """
    rule = _built(_said(words), first, since, last, patience)
    try:
        for start in rule:
            if start > last:
                return
            patience.spend(1)
            yield start
    except _Beyond:
        return
    except (ValueError, OverflowError) as error:
        raise Unread(Why.RULE, words[:100]) from error


def until_of(words: str) -> Any:
    """Until when a rule goes on, included: a date, a datetime or None. Raises Unread."""
    until = _said(words).get("UNTIL", [None])[0]
    if until is not None and not isinstance(until, date):
        raise Unread(Why.RULE, words[:100])
    return until


def endless(words: str) -> bool:
    """Whether a rule does not say when it ends."""
    said = _said(words)
    return "UNTIL" not in said and "COUNT" not in said


@lru_cache(maxsize=256)
def _said(words: str) -> dict[str, list[Any]]:
    from icalendar.prop import vRecur

    try:
        said = {name.upper(): list(values) for name, values in vRecur.from_ical(words).items()}
    except (ValueError, TypeError, KeyError) as error:
        raise Unread(Why.RULE, words[:100]) from error
    often = str(said.get("FREQ", [""])[0]).upper()
    if often in _OFTEN:
        raise Unread(Why.TOO_OFTEN)
    other = {name for name in said if not name.startswith("X-")} - _KNOWN
    if often not in _EVERY or other or not all(said.values()):
        raise Unread(Why.RULE, words[:100])
    if prod(len(said.get(name, "1")) for name in ("BYHOUR", "BYMINUTE", "BYSECOND")) > MOST_A_DAY:
        raise Unread(Why.TOO_OFTEN)
    return said


def _built(
    said: dict[str, list[Any]],
    first: datetime,
    since: datetime,
    last: datetime,
    patience: Patience,
) -> _Rule:
    try:
        given: dict[str, Any] = {
            own: _numbers(said[name]) for name, own in _NUMBERS.items() if name in said
        }
        for name in ("INTERVAL", "COUNT"):
            if name in said:
                given[name.lower()] = int(said[name][0])
                if not 1 <= given[name.lower()] <= MOST_NUMBER:
                    raise ValueError(name)
        if "WKST" in said:
            given["wkst"] = _weekday(str(said["WKST"][0]))
        if "BYDAY" in said:
            given["byweekday"] = [
                _weekday(day) for day in sorted({str(day) for day in said["BYDAY"]})
            ]
        every = str(said["FREQ"][0]).upper()
        if "count" not in given:
            _say_defaults(every, first, given)
            first = _nearer(every, first, since, given.get("interval", 1))
        # A yearly rule looks at whole years, also before its first and after the last.
        days = max(0, (last - first).days) + 2 * 366
        return _Rule(patience, days, freq=_EVERY[every], dtstart=first, **given)
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise Unread(Why.RULE) from error


def _numbers(said: list[Any]) -> list[int]:
    """Each number once: a file may say one of them a hundred thousand times."""
    found = sorted({int(one) for one in said})
    if max(map(abs, found)) > FURTHEST:
        raise ValueError(found[-1])
    return found


def _say_defaults(every: str, first: datetime, given: dict[str, Any]) -> None:
    """Say what a rule takes from its first start, so that it can begin at another one."""
    if {"byweekno", "byyearday", "bymonthday", "byweekday"} & given.keys():
        return
    if every == "WEEKLY":
        given["byweekday"] = first.weekday()
    elif every != "DAILY":
        given["bymonthday"] = first.day
        if every == "YEARLY":
            given.setdefault("bymonth", first.month)


def _nearer(every: str, first: datetime, since: datetime, interval: int) -> datetime:
    """Where to begin so that all starts from ``since`` on come, and not years of them before."""
    if since <= first:
        return first
    if every in ("DAILY", "WEEKLY"):
        step = interval * (DAY if every == "DAILY" else 7 * DAY)
        return first + (since - first) // step * step
    months = interval * (1 if every == "MONTHLY" else 12)
    number = first.year * 12 + first.month - 1
    number += (since.year * 12 + since.month - 1 - number) // months * months
    if (nearer := first.replace(year=number // 12, month=number % 12 + 1, day=1)) <= first:
        return first
    return nearer if every == "MONTHLY" else nearer.replace(month=1)


def _weekday(words: str) -> Any:
    """A weekday, perhaps with its number within the month, such as "-1FR"."""
    day = getattr(steps, words.strip().upper()[-2:])
    number = words.strip()[:-2]
    return day(int(number)) if number else day


def last_wall(last: datetime) -> datetime:
    """A wall time that no zone reaches before this instant does."""
    return last.replace(tzinfo=None) + DAY
