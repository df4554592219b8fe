"""What is allowed and yet is rarely meant: whoever plans it says so once more."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from brigades.clock import DAY

LONG = 14 * DAY
# Of these even a draft is asked about: the year or the month is probably a slip.
MONTH, YEAR = 31 * DAY, 366 * DAY
AHEAD = 2 * YEAR


class Doubt(StrEnum):
    """Why somebody is asked again whether they mean it."""

    PAST = "past"
    LONG = "long"
    FAR = "far"


def doubts(starts_at: datetime, ends_at: datetime, now: datetime) -> Iterator[Doubt]:
    """A start that is past or years away, and more than fourteen days: often a slip in the date."""
    if starts_at <= now:
        yield Doubt.PAST
    if starts_at - now > AHEAD:
        yield Doubt.FAR
    if ends_at - starts_at > LONG:
        yield Doubt.LONG


def doubtful(starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Whether anything makes one doubt: then it is published alone, or not at all."""
    return any(doubts(starts_at, ends_at, now))


def grave(starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Whether dates are so rarely meant that a draft is not saved either before it was asked.

    More than 31 days, a start more than a year ago or more than two years away.
    """
    long = ends_at - starts_at > MONTH
    return long or starts_at - now > AHEAD or now - starts_at > YEAR
