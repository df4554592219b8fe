"""Being there: when it may be said, and what it counts. Pure; all instants are UTC."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from brigades.clock import DAY, HOUR

LATE = 12 * HOUR  # after the end, until when a check-out is tapped; later ones are typed in


class Why(StrEnum):
    """Why it cannot be said that somebody came or left."""

    NO_PLACE = "no place"
    FUTURE = "future"
    TOO_EARLY = "too early"
    OVER = "over"
    NOT_HERE = "not here"
    BEFORE_COMING = "before coming"
    TOO_LONG = "too long"
    NO_REASON = "no reason"
    NOT_STARTED = "not started"
    GIVEN_AWAY = "given away"


@dataclass(frozen=True)
class Span:
    """When a slot opens its doors, starts and ends."""

    meets_at: datetime
    starts_at: datetime
    ends_at: datetime

    @property
    def seconds(self) -> float:
        """Length between the instants."""
        return (self.ends_at - self.starts_at).total_seconds()


def opens_at(span: Span, early: timedelta) -> datetime:
    """From when on people are checked in: a little before they meet."""
    return min(span.meets_at, span.starts_at) - early


def against_coming(at: datetime, now: datetime, span: Span, early: timedelta) -> Why | None:
    """Why nobody came at ``at``, said at ``now``; None where it may be said."""
    if at > now:
        return Why.FUTURE
    if at < opens_at(span, early):
        return Why.TOO_EARLY
    return Why.OVER if at >= span.ends_at else None


def against_leaving(
    at: datetime, now: datetime, span: Span, came_at: datetime | None
) -> Why | None:
    """Why somebody who came did not leave at ``at``; None where it may be said."""
    if at > now:
        return Why.FUTURE
    if at < (came_at or span.starts_at):
        return Why.BEFORE_COMING
    return Why.OVER if at > span.ends_at + LATE else None


def against_times(
    came_at: datetime, left_at: datetime | None, now: datetime, span: Span, *, more: bool
) -> Why | None:
    """Why times that were typed in cannot be right; ``more``: longer than the slot is right."""
    if max(came_at, left_at or came_at) > now:
        return Why.FUTURE
    if came_at < span.starts_at - DAY:
        return Why.TOO_EARLY
    if came_at >= span.ends_at or (left_at is not None and left_at > span.ends_at + DAY):
        return Why.OVER
    if left_at is not None and left_at <= came_at:
        return Why.BEFORE_COMING
    too_long = stayed(span, came_at, left_at) > span.seconds
    return Why.TOO_LONG if too_long and not more else None


def stayed(span: Span, came_at: datetime | None, left_at: datetime | None) -> float:
    """Seconds from coming to leaving; who came or left without a time did so with the slot."""
    seconds = ((left_at or span.ends_at) - (came_at or span.starts_at)).total_seconds()
    return max(0.0, seconds)


def credited(
    span: Span, came_at: datetime | None, left_at: datetime | None, *, stated: bool = False
) -> float:
    """Seconds that somebody who attended is credited, measured between instants.

    At most the slot's length, unless the times were stated by hand. `schedule.hours.seconds` is
    the same in SQL.
    """
    seconds = stayed(span, came_at, left_at)
    return seconds if stated else min(seconds, span.seconds)
