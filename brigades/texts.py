"""Dates, times and numbers in the reader's language; times always with their zone at hand."""

import math
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from babel.dates import (
    format_date,
    format_datetime,
    format_skeleton,
    format_timedelta,
    get_day_names,
)
from babel.lists import format_list
from babel.numbers import format_decimal

from brigades.clock import DAY, HOUR, MINUTE, Wall, to_wall, zone_to_show
from brigades.reader import language

# What is written once is written often: the same days stand on every page. Finding CLDR's pattern
# costs more than a row of a list.
_kept = lru_cache(maxsize=4096)

# Plain English means the world's: day before month, and 24 hours.
_REGIONS = {"en": "en_GB"}


def _locale() -> str:
    locale = language()
    return _REGIONS.get(locale, locale)


def day_words(day: date) -> str:
    """A day with its weekday, such as "Wed, 30 Sep 2026"."""
    return _skeleton("yMMMEd", day, _locale())


def short_day(day: date) -> str:
    """A day with its weekday and no year."""
    return _skeleton("MMMEd", day, _locale())


def long_day(day: date) -> str:
    """A day in full: weekday, day and month, without the year."""
    return _skeleton("MMMMEEEEd", day, _locale())


def weekday_short(day: date) -> str:
    """The short name of the weekday."""
    return _pattern("EEE", day, _locale())


def weekday_name(number: int) -> str:
    """The name of a weekday by its ISO number, 1 for Monday."""
    names: dict[int, str] = get_day_names("wide", "stand-alone", _locale())  # type: ignore[assignment]
    return names[number - 1]


def weekday_list(numbers: str) -> str:
    """Weekdays by their ISO numbers, such as "67", as a list in words."""
    return format_list([weekday_name(int(number)) for number in numbers], locale=_locale())


def day_number(day: date) -> str:
    """The day of the month in the reader's digits."""
    return _pattern("d", day, _locale())


def time_words(wall: Wall) -> str:
    """The time on the wall, such as "20:00"; people on shifts read 24 hours."""
    return _clock(wall.local.time(), _locale())


def hour_words(wall: Wall) -> str:
    """The time on the wall where there is little room: "07" for a full hour, else "07:30"."""
    return _hour(wall.local.time(), _locale())


def month_words(day: date) -> str:
    """The month of a day with its year."""
    return _skeleton("yMMMM", day, _locale())


def month_only(day: date) -> str:
    """The short name of the month of a day."""
    return _pattern("LLL", day, _locale())


def month_and_year(day: date) -> str:
    """The short name of the month of a day, with its year."""
    return _skeleton("yMMM", day, _locale())


def full_day(day: date) -> str:
    """Day, month and year in full, without the weekday."""
    return _pattern("long", day, _locale())


def hours_words(hours: float) -> str:
    """A number of hours with one decimal, or two where it has them: "9.0", "7.25"."""
    return _hours(round(hours, 2), _locale())


def time_at(instant: datetime, zone_name: str) -> str:
    """The time of an instant on the wall of a zone."""
    return time_words(to_wall(instant, zone_name))


def moment_words(instant: datetime, zone_name: str) -> str:
    """Day and time of an instant in a zone, without the zone's name."""
    wall = to_wall(instant, zone_name)
    return f"{short_day(wall.local.date())} {time_words(wall)}"


def ahead_words(left: timedelta) -> str:
    """How far ahead something is, such as "in 7 days"; hours from a day and a half down."""
    if left >= 36 * HOUR:
        return _ahead(round(left / DAY) * DAY, "day", _locale())
    if left >= 90 * MINUTE:
        return _ahead(round(left / HOUR) * HOUR, "hour", _locale())
    return _ahead(max(MINUTE, round(left / MINUTE) * MINUTE), "minute", _locale())


def zone_words(zone_name: str, at: datetime) -> str:
    """A zone's place and offset at an instant, such as "Berlin (UTC+2)"."""
    offset = at.astimezone(zone_to_show(zone_name)).utcoffset()
    return _zone(zone_name, offset or timedelta(0))


def offset_words(zone_name: str, at: datetime) -> str:
    """A zone's offset at an instant without its name, such as "UTC+2"."""
    offset = at.astimezone(zone_to_show(zone_name)).utcoffset()
    return _offset(offset or timedelta(0))


def number_words(number: float, digits: int = 1) -> str:
    """A number with at most ``digits`` decimals in the reader's language."""
    return _decimal(round(number, digits), _locale())


@_kept
def _ahead(left: timedelta, unit: str, locale: str) -> str:
    """In that unit, whatever larger one would fit: the threshold is out of their reach."""
    return format_timedelta(
        left,
        granularity=unit,  # type: ignore[arg-type]
        threshold=math.inf,
        add_direction=True,
        locale=locale,
    )


@_kept
def _skeleton(fields: str, day: date, locale: str) -> str:
    return format_skeleton(fields, datetime.combine(day, time(12)), locale=locale)


@_kept
def _pattern(pattern: str, day: date, locale: str) -> str:
    return format_date(day, pattern, locale=locale)


@_kept
def _clock(at: time, locale: str) -> str:
    return format_datetime(datetime.combine(date(2000, 1, 1), at), "HH:mm", locale=locale)


@_kept
def _hour(at: time, locale: str) -> str:
    pattern = "HH:mm" if at.minute else "HH"
    return format_datetime(datetime.combine(date(2000, 1, 1), at), pattern, locale=locale)


@_kept
def _decimal(number: float, locale: str) -> str:
    return format_decimal(number, locale=locale)


@_kept
def _hours(hours: float, locale: str) -> str:
    return format_decimal(hours, format="#,##0.0#", locale=locale)


@_kept
def _zone(name: str, offset: timedelta) -> str:
    place = name.rsplit("/", 1)[-1].replace("_", " ") or "UTC"
    return f"{place} ({_offset(offset)})"


def _offset(offset: timedelta) -> str:
    minutes = abs(offset) // MINUTE
    sign = "-" if offset < timedelta(0) else "+"
    tail = f":{minutes % 60:02}" if minutes % 60 else ""
    return f"UTC{sign}{minutes // 60}{tail}"
