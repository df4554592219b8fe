"""Shifts and trainings that the reader leads, from where they say who came."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, or_, select

from brigades.attendance.service import ADDRESSES, ASKED_FOR
from brigades.clock import DAY
from brigades.db import built_once, session
from brigades.schedule.models import Participation, Slot, Status
from brigades.schedule.states import COMING, State
from brigades.shifts.models import Shift
from brigades.trainings.models import Session

MOST = 5


@dataclass(frozen=True)
class Held:
    """A slot that the reader leads, how many come, and of how many nothing was said once over."""

    slot: Slot
    coming: int
    unsaid: int

    @property
    def where(self) -> str:
        """The first part of the slot's address."""
        return ADDRESSES[self.slot.type]


def held(person_id: int, now: datetime) -> list[Held]:
    """The next slots that a lead or trainer holds, in one statement.

    Each stays for a day, and as long as it is not said of everybody whether they came.
    """
    given = {"person": person_id, "now": now, "since": now - DAY, "asked": now - ASKED_FOR}
    return [
        Held(slot, coming, expected if slot.ends_at <= now else 0)
        for slot, coming, expected in session.execute(_held(), given)
    ]


@built_once
def _held() -> Select[Any]:
    mine = (
        select(Shift.__table__.c.id)
        .where(Shift.__table__.c.lead_id == bindparam("person"))
        .union_all(
            select(Session.__table__.c.id).where(
                Session.__table__.c.trainer_id == bindparam("person")
            )
        )
    )
    expected = _number(COMING)
    return (
        select(Slot, _number(COMING | {State.ATTENDED, State.ABSENT}), expected)
        .where(
            Slot.id.in_(mine),
            Slot.status == Status.PUBLISHED,
            or_(
                Slot.ends_at > bindparam("since"),
                and_(Slot.ends_at > bindparam("asked"), expected > 0),
            ),
        )
        .order_by(Slot.starts_at, Slot.id)
        .limit(MOST)
    )


def _number(states: frozenset[State]) -> Any:
    return (
        select(func.count(Participation.id))
        .where(Participation.slot_id == Slot.id, Participation.state.in_(states))
        .correlate(Slot)
        .scalar_subquery()
    )
