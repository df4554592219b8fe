"""How the trail tells of people being there: moments as they stand on the wall of the place."""

from datetime import datetime

from brigades.audit import service as audit
from brigades.clock import to_wall
from brigades.db import session
from brigades.schedule.models import Participation, Slot
from brigades.schedule.states import State


def moment(at: datetime, slot: Slot) -> str:
    """A moment for the trail: on the wall of the place, the second time marked where it is two."""
    wall = to_wall(at, slot.zone)
    return f"{wall.local:%Y-%m-%d %H:%M}{' (2)' if wall.fold else ''}"


def times_of(place: Participation, slot: Slot) -> str:
    """From when to when somebody was there; empty where nobody says that they were."""
    if place.state is not State.ATTENDED:
        return ""
    ends = (place.came_at or slot.starts_at, place.left_at or slot.ends_at)
    return " – ".join(moment(at, slot) for at in ends)


def record(
    place: Participation,
    slot: Slot,
    what: str,
    *,
    by: int,
    now: datetime,
    was: str = "",
    became: str = "",
    why: str = "",
) -> None:
    """Write into the trail what was said of somebody's being there."""
    audit.record(
        what,
        by=by,
        at=now,
        was=was,
        became=became,
        why=why,
        person_id=place.person_id,
        slot_id=slot.id,
        section_id=slot.section_id,
    )
    session.flush()
