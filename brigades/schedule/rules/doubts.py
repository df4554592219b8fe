"""What is allowed and yet is rarely meant: whoever plans it says so once more."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from brigades.clock import DAY

LONG = 14 * DAY


class Doubt(StrEnum):
    """Why somebody is asked again whether they mean it."""

    PAST = "past"
    LONG = "long"


def doubts(starts_at: datetime, ends_at: datetime, now: datetime) -> Iterator[Doubt]:
    """A start that is past, and a slot of more than fourteen days: often a slip in the date."""
    if starts_at <= now:
        yield Doubt.PAST
    if ends_at - starts_at > LONG:
        yield Doubt.LONG


def doubtful(starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Whether anything makes one doubt: then it is published alone, or not at all."""
    return any(doubts(starts_at, ends_at, now))
