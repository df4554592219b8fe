"""Dates, times and numbers in the reader's language; times always with their zone at hand."""

from datetime import date, datetime, time

from babel.dates import format_date, format_datetime, format_skeleton, get_timezone_gmt
from babel.numbers import format_decimal
from flask_babel import get_locale

from brigades.clock import Wall, to_wall, zone


# Plain English means the world's: day before month, and 24 hours.
_REGIONS = {"en": "en_GB"}


def _locale() -> str:
    locale = str(get_locale() or "en")
    return _REGIONS.get(locale, locale)


def day_words(day: date) -> str:
    """A day with its weekday, such as "Wed, 30 Sep 2026"."""
    return format_skeleton("yMMMEd", _noon(day), locale=_locale())


def short_day(day: date) -> str:
    """A day with its weekday and no year."""
    return format_skeleton("MMMEd", _noon(day), locale=_locale())


def long_day(day: date) -> str:
    """A day in full: weekday, day and month, without the year."""
    return format_skeleton("MMMMEEEEd", _noon(day), locale=_locale())


def weekday_short(day: date) -> str:
    """The short name of the weekday."""
    return format_date(day, "EEE", locale=_locale())


def day_number(day: date) -> str:
    """The day of the month in the reader's digits."""
    return format_date(day, "d", locale=_locale())


def time_words(wall: Wall) -> str:
    """The time on the wall, such as "20:00"; people on shifts read 24 hours."""
    return format_datetime(wall.local, "HH:mm", locale=_locale())


def moment_words(instant: datetime, zone_name: str) -> str:
    """Day and time of an instant in a zone, without the zone's name."""
    wall = to_wall(instant, zone_name)
    return f"{short_day(wall.local.date())} {time_words(wall)}"


def zone_words(zone_name: str, at: datetime) -> str:
    """A zone's place and offset at an instant, such as "Berlin (UTC+2)"."""
    place = zone_name.rsplit("/", 1)[-1].replace("_", " ")
    offset = get_timezone_gmt(at.astimezone(zone(zone_name)), "iso8601", locale="en")
    hours, minutes = offset[:3], offset[4:]
    short = f"{hours[0]}{int(hours[1:])}" if hours[0] in "+-" else "+0"
    tail = f":{minutes}" if minutes and minutes != "00" else ""
    return f"{place} (UTC{short}{tail})"


def number_words(number: float, digits: int = 1) -> str:
    """A number with at most ``digits`` decimals in the reader's language."""
    return format_decimal(round(number, digits), locale=_locale())


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12))
