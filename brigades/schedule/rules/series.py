"""On which days slots repeat, and which wall times they get there. Pure.

Days are stepped on the calendar, without a zone. Only then the wall time is put on each of them,
so an evening stays an evening whatever the clocks do in between.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice

from dateutil.rrule import DAILY, WEEKLY, rrule

from brigades.clock import Trouble, Wall, to_wall

MOST = 366  # slots of one series: every day of a year


class Every(StrEnum):
    """How a series goes on."""

    DAY = "day"
    WEEK = "week"


class TooMany(Exception):
    """A series would have more than ``MOST`` slots."""


@dataclass(frozen=True)
class Pattern:
    """How a series goes on from its first day: until a day, which is included, or for a count.

    ``weekdays``: ISO numbers, 1 for Monday; weeks begin on Monday.
    """

    every: Every
    step: int = 1
    weekdays: frozenset[int] = frozenset()
    until: date | None = None
    count: int | None = None


def days(first: date, pattern: Pattern) -> list[date]:
    """The days of a series in order. The first is always among them, and counts.

    Raises TooMany, also where the pattern does not say when it ends.
    """
    wanted = MOST + 1 if pattern.count is None else pattern.count
    found = [first, *islice(_later(first, pattern), max(0, wanted - 1))]
    if len(found) > MOST:
        raise TooMany
    return found


def _later(first: date, pattern: Pattern) -> Iterator[date]:
    weekly = pattern.every is Every.WEEK
    rule = rrule(
        WEEKLY if weekly else DAILY,
        dtstart=datetime.combine(first, time()),
        interval=pattern.step,
        byweekday=[number - 1 for number in sorted(pattern.weekdays)] if weekly else None,
        until=datetime.combine(pattern.until, time()) if pattern.until else None,
    )
    return (moment.date() for moment in rule if moment.date() > first)


@dataclass(frozen=True)
class Placed:
    """Wall times that a slot gets, and what is odd about those that were wanted.

    A time that the clocks jump over is moved on as they are; of one that they show twice it is
    the first. Neither happens without being said: ``wanted`` is what it would have been.
    """

    starts: Wall
    ends: Wall
    wanted: tuple[Wall, Wall]
    troubles: tuple[Trouble | None, Trouble | None]

    @property
    def odd(self) -> bool:
        """Whether start or end does not name exactly one moment."""
        return any(self.troubles)

    @property
    def possible(self) -> bool:
        """Whether it still ends after it starts."""
        return self.ends_at > self.starts_at

    @property
    def starts_at(self) -> datetime:
        """The instant of the start."""
        return self.starts.instant

    @property
    def ends_at(self) -> datetime:
        """The instant of the end."""
        return self.ends.instant


def placed(
    starts: Wall, ends: Wall, start_step: timedelta, end_step: timedelta, *, anew: bool = False
) -> Placed:
    """A slot's wall times moved on the wall; what does not move stays exactly as it is.

    ``anew``: their zone is another one by now, so what does not move is looked at as well.
    """
    start, start_trouble = _on(starts, start_step, anew)
    end, end_trouble = _on(ends, end_step, anew)
    wanted = (
        Wall(starts.local + start_step, starts.zone),
        Wall(ends.local + end_step, ends.zone),
    )
    return Placed(start, end, wanted, (start_trouble, end_trouble))


def _on(wall: Wall, step: timedelta, anew: bool) -> tuple[Wall, Trouble | None]:
    if not step and not anew:
        return wall, None
    moved = Wall(wall.local + step, wall.zone)
    trouble = moved.trouble
    return (to_wall(moved.instant, wall.zone) if trouble is Trouble.SKIPPED else moved), trouble
