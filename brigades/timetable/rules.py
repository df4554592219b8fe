"""The days of a page, and where on them a slot stands. Pure.

A page has one zone; its days are the local days of that zone, so one may have 23 or 25 hours. A
slot stands on every day it touches, whatever its own zone is.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property

from brigades.clock import HOUR, day_bounds, to_wall

NIGHT = 18 * HOUR  # what is longer and passes a midnight is drawn from day to day
MOMENT = timedelta(microseconds=1)


class View(StrEnum):
    """How the schedule is shown."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    TIMELINE = "timeline"


@dataclass(frozen=True)
class Day:
    """A local day and its half-open instants."""

    day: date
    starts_at: datetime
    ends_at: datetime

    @property
    def hours(self) -> float:
        """How long it is: 23 or 25 where the clocks change."""
        return (self.ends_at - self.starts_at) / HOUR

    def share(self, starts_at: datetime, ends_at: datetime) -> float:
        """Hours of that stretch which lie on this day."""
        return max(0.0, (min(ends_at, self.ends_at) - max(starts_at, self.starts_at)) / HOUR)


@dataclass(frozen=True)
class Span:
    """The days that a page shows, in one zone. ``zone`` must be one that exists."""

    days: tuple[Day, ...]
    zone: str

    @property
    def starts_at(self) -> datetime:
        """The first instant of the first day."""
        return self.days[0].starts_at

    @property
    def ends_at(self) -> datetime:
        """The first instant after the last day."""
        return self.days[-1].ends_at

    @cached_property
    def _starts(self) -> list[datetime]:
        return [day.starts_at for day in self.days]

    def touched(self, starts_at: datetime, ends_at: datetime) -> range:
        """Indexes of the days that a stretch of time has a part in."""
        first = max(0, bisect_right(self._starts, starts_at) - 1)
        if ends_at <= self.starts_at or self.ends_at <= starts_at:
            return range(0)
        return range(first, bisect_left(self._starts, ends_at))


def by_month(view: View, long: bool = False) -> bool:
    """Whether the view shows a calendar month. ``long``: a timeline of one, not of two weeks."""
    return view is View.MONTH or (view is View.TIMELINE and long)


def first_and_count(view: View, day: date, long: bool = False) -> tuple[date, int]:
    """The first day of the view around a day, and how many there are. Weeks begin on Monday."""
    if by_month(view, long):
        first = day.replace(day=1)
        return first, (month_after(first) - first).days
    if view is View.DAY:
        return day, 1
    return day - timedelta(days=day.weekday()), 7 if view is View.WEEK else 14


def month_after(first: date) -> date:
    """The first day of the next month."""
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)


def neighbours(view: View, day: date, long: bool = False) -> tuple[date, date]:
    """The first days of the same view before and after."""
    first, count = first_and_count(view, day, long)
    after = first + timedelta(days=count)
    if by_month(view, long):
        return (first - timedelta(days=1)).replace(day=1), after
    return first - timedelta(days=count), after


def span_of(view: View, day: date, zone: str, long: bool = False) -> Span:
    """The days of the view around a day, in a zone."""
    first, count = first_and_count(view, day, long)
    days = (first + timedelta(days=n) for n in range(count))
    return Span(tuple(Day(one, *day_bounds(one, zone)) for one in days), zone)


@dataclass(frozen=True)
class Stand:
    """Where a bar stands on a timeline, counted in half days.

    ``day`` counts from 1, 0 is the eve; ``half`` is 1 for its second half. It is ``days`` and
    ``more`` half days long. What lies outside is cut off: ``before`` and ``after`` say so.
    ``night``: it passes exactly one midnight.
    """

    day: int
    half: int
    days: int
    more: int
    night: bool = False
    before: bool = False
    after: bool = False


def stand(span: Span, starts_at: datetime, ends_at: datetime) -> Stand:
    """Where a bar stands. A slot within one day is as wide as the day, so that it can be read."""
    start = to_wall(starts_at, span.zone).local
    end = to_wall(ends_at - MOMENT, span.zone).local
    origin = span.days[0].day
    first, last = (start.date() - origin).days + 1, (end.date() - origin).days + 1
    if first == last:
        return Stand(first, 0, 1, 0)
    if last == first + 1 and ends_at - starts_at <= NIGHT:
        return Stand(first, 1, 1, 0, night=True)
    begins = 2 * first + (start.hour >= 12)
    ends = 2 * last + (end.hour >= 12)
    before, after = begins < 1, ends > 2 * len(span.days) + 2
    begins, ends = max(begins, 1), min(ends, 2 * len(span.days) + 2)
    length = max(2, ends - begins + 1)
    return Stand(begins // 2, begins % 2, length // 2, length % 2, False, before, after)
