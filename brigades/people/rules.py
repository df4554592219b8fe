"""What follows from a person's own dates. Pure."""

from calendar import isleap
from collections.abc import Iterable
from datetime import date


def age_on(born: date, day: date) -> int:
    """Age in full years on a local day.

    Who was born on 29 February has their birthday on 1 March in common years: where the age
    protects somebody, the later day counts.
    """
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def first_day_of_age(born: date, years: int) -> date:
    """The first local day on which somebody is so many years old; 1 March as in ``age_on``."""
    year = born.year + years
    if (born.month, born.day) == (2, 29) and not isleap(year):
        return date(year, 3, 1)
    return date(year, born.month, born.day)


def born_after(day: date, years: int) -> date:
    """Who was born after this day is younger than so many years on a local day."""
    year = day.year - years
    if (day.month, day.day) == (2, 29) and not isleap(year):
        return date(year, 2, 28)
    return date(year, day.month, day.day)


def weekdays_of(numbers: Iterable[str]) -> str:
    """ISO numbers in order, each once; all seven are the same as none: any day."""
    chosen = sorted(set(numbers) & set("1234567"))
    return "" if len(chosen) == 7 else "".join(chosen)
