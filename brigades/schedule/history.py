"""What a person has taken part in, and for how many hours."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from brigades.clock import Wall
from brigades.db import session
from brigades.schedule.models import Participation, Slot
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
            hours=_served(row.state, row.came_at, row.left_at),
            coming=row.ends_at > now,
        )
        for row in session.execute(query)
    ]


def hours(person_ids: Iterable[int]) -> dict[int, float]:
    """Hours served by each of these people; who served none is left out. One statement."""
    query = select(Participation.person_id, Participation.came_at, Participation.left_at).where(
        Participation.person_id.in_(list(person_ids)), Participation.state == State.ATTENDED
    )
    total: dict[int, float] = {}
    for person_id, came_at, left_at in session.execute(query):
        served = _served(State.ATTENDED, came_at, left_at)
        if served is not None:
            total[person_id] = total.get(person_id, 0.0) + served
    return total


def _served(state: State, came_at: datetime | None, left_at: datetime | None) -> float | None:
    """Hours between two instants; nothing counts but having been there."""
    if state is not State.ATTENDED or came_at is None or left_at is None:
        return None
    return (left_at - came_at) / timedelta(hours=1)
