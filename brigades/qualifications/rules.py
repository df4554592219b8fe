"""How long a qualification holds. Pure: days in, days out; the last valid day is inclusive."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

# Holder and coordinator hear of it this many days before; from then on it counts as expiring.
SOON = 90


class Validity(Protocol):
    """What a kind says on how long one holds."""

    @property
    def months(self) -> int | None:
        """Months to the day, or None."""
        ...

    @property
    def year_end(self) -> int | None:
        """Years after the start year on whose 31 December it ends (0: the same), or None."""
        ...


class Standing(StrEnum):
    """How a qualification stands on a day."""

    ENDLESS = "endless"
    VALID = "valid"
    EXPIRING = "expiring"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Stand:
    """How it stands, and for how many more days (0: today is the last one; None: without end)."""

    standing: Standing
    days: int | None = None


def valid_until(kind: Validity, issued_on: date) -> date | None:
    """The last valid day of a qualification of a kind; None is without end.

    Months end on the same day of the month, clamped to its end. A ``year_end`` of 0 is the 31
    December of the same year, never "unlimited".
    """
    if kind.year_end is not None:
        return _day(issued_on.year + kind.year_end, 12, 31)
    if kind.months is not None:
        return _months_after(issued_on, kind.months)
    return None


def months_after(day: date, months: int) -> date:
    """The same day so many months later, clamped to the month's end and to the calendar's."""
    return day if months == 0 else _months_after(day, months) or date.max


def _months_after(day: date, months: int) -> date | None:
    years, month = divmod(day.month - 1 + months, 12)
    return _day(day.year + years, month + 1, day.day)


def _day(year: int, month: int, day: int) -> date | None:
    """The day, clamped to the month's end; None past the last year that a calendar has."""
    if year > date.max.year:
        return None
    return date(year, month, min(day, monthrange(year, month)[1]))


def standing(until: date | None, on: date) -> Stand:
    """How a qualification with this last valid day stands on a day."""
    if until is None:
        return Stand(Standing.ENDLESS)
    left = (until - on).days
    if left < 0:
        return Stand(Standing.EXPIRED, left)
    return Stand(Standing.EXPIRING if left <= SOON else Standing.VALID, left)


def closure(direct: Mapping[int, Iterable[int]]) -> dict[int, set[int]]:
    """All kinds that each kind includes, directly or through others.

    Raises ValueError where a kind would come to include itself.
    """
    reached: dict[int, set[int]] = {}
    for kind in direct:
        seen: set[int] = set()
        ahead = list(direct[kind])
        while ahead:
            other = ahead.pop()
            if other == kind:
                raise ValueError(f"kind {kind} would include itself")
            if other not in seen:
                seen.add(other)
                ahead.extend(direct.get(other, ()))
        reached[kind] = seen
    return reached
