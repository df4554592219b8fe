"""Hours served, as one SQL expression; `schedule.rules.presence.credited` is the same in Python."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_

from brigades.db import spelled
from brigades.schedule.lengths import seconds_between
from brigades.schedule.models import Participation, Slot
from brigades.schedule.states import State


def seconds(place: Any = Participation, slot: Any = Slot) -> ColumnElement[float]:
    """Seconds that a place is credited; for a query of places that ``count`` with their slots."""
    length = seconds_between(slot.starts_at, slot.ends_at)
    stayed = seconds_between(
        func.coalesce(place.came_at, slot.starts_at), func.coalesce(place.left_at, slot.ends_at)
    )
    return case(
        # Most have no times of their own; SQLite reads each instant from text.
        (and_(place.came_at.is_(None), place.left_at.is_(None)), length),
        (stayed < 0, 0.0),
        (and_(~place.more_hours, stayed > length), length),
        else_=stayed,
    )


def count(now: Any, place: Any = Participation, slot: Any = Slot) -> ColumnElement[bool]:
    """The condition that a place counts by ``now``: attended, and left or over.

    Who is still there has not served their hours yet.
    """
    # Spelled: an index keeps those who attended, and is taken where the condition can be read.
    attended = place.state == spelled(State.ATTENDED, place.state)
    return and_(attended, or_(place.left_at.is_not(None), slot.ends_at <= now))


def counts(state: State, left_at: datetime | None, ends_at: datetime, now: datetime) -> bool:
    """The same for one place that was read."""
    return state is State.ATTENDED and (left_at is not None or ends_at <= now)
