"""What a person has taken part in, and for how many hours."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from brigades.clock import Wall
from brigades.db import session
from brigades.schedule import hours as served
from brigades.schedule.models import Participation, Slot
from brigades.schedule.rules.presence import Span, credited
from brigades.schedule.states import LIVE, State


@dataclass(frozen=True)
class Taken:
    """One slot in a person's history. ``hours`` is None where nothing was served (yet)."""

    slot_id: int
    kind: str  # "shift" or "session"
    title: str
    starts: Wall
    starts_at: datetime
    zone: str
    state: State
    hours: float | None
    coming: bool


def of_person(person_id: int, now: datetime, *, most: int = 50) -> list[Taken]:
    """The newest slots in which a person has or had a live place; one statement."""
    query = (
        select(
            Participation.state,
            Participation.came_at,
            Participation.left_at,
            Participation.more_hours,
            Slot.id,
            Slot.type,
            Slot.title,
            Slot.starts_local,
            Slot.starts_fold,
            Slot.zone,
            Slot.starts_at,
            Slot.ends_at,
        )
        .join(Slot, Slot.id == Participation.slot_id)
        .where(Participation.person_id == person_id, Participation.state.in_(LIVE))
        .order_by(Slot.starts_at.desc(), Slot.id.desc())
        .limit(most)
    )
    return [
        Taken(
            slot_id=row.id,
            kind=row.type,
            title=row.title,
            starts=Wall(row.starts_local, row.zone, row.starts_fold),
            starts_at=row.starts_at,
            zone=row.zone,
            state=row.state,
            hours=_hours(row, now),
            coming=row.ends_at > now,
        )
        for row in session.execute(query)
    ]


def hours(person_ids: Iterable[int], now: datetime) -> dict[int, float]:
    """Hours served by each of these people; who served none is left out. One statement."""
    query = (
        select(Participation.person_id, func.sum(served.seconds()))
        .join(Slot, Slot.id == Participation.slot_id)
        .where(Participation.person_id.in_(list(person_ids)), served.count(now))
        .group_by(Participation.person_id)
    )
    return {person_id: seconds / 3600 for person_id, seconds in session.execute(query)}


def _hours(row: Any, now: datetime) -> float | None:
    if not served.counts(row.state, row.left_at, row.ends_at, now):
        return None
    span = Span(row.starts_at, row.starts_at, row.ends_at)
    return credited(span, row.came_at, row.left_at, stated=row.more_hours) / 3600
