"""When answers are due, and until when a place is given up freely. Pure."""

from datetime import datetime, timedelta

from brigades.clock import HOUR


def answer_by(now: datetime, starts_at: datetime, allowed: timedelta) -> datetime:
    """Until when an offer made now waits for its answer.

    The allowed time, but no longer than half of what is left to the start, and at least an hour
    unless the slot starts before that.
    """
    half = now + (starts_at - now) / 2
    return min(now + allowed, max(half, now + HOUR), starts_at)


def leave_by(starts_at: datetime, hours: int | None, otherwise: timedelta) -> datetime:
    """The instant from which a place is not given up freely any more: somebody must take it.

    ``hours`` before the start as the slot says, else as the limits say.
    """
    return starts_at - (otherwise if hours is None else hours * HOUR)
