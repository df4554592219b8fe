"""Whose attendance somebody keeps: the slots they may say it for, and who is expected there."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import joinedload, with_polymorphic

from brigades.access import Can, Scope
from brigades.asking import MOST_ID
from brigades.clock import DAY
from brigades.db import session
from brigades.schedule.attendance import TICKABLE, span_of
from brigades.schedule.limits import limits
from brigades.schedule.models import Participation, Slot, Status
from brigades.schedule.rules.presence import opens_at
from brigades.schedule.states import COMING
from brigades.shifts.models import Shift
from brigades.trainings.models import Course, Session

TYPES = {"shifts": "shift", "trainings": "session"}
ADDRESSES = {kind: where for where, kind in TYPES.items()}
ASKED_FOR = 60 * DAY  # after the end, how long a slot of which something is unsaid stands listed


class Phase(StrEnum):
    """What is tapped: nothing yet, coming and leaving, or afterwards whether somebody came."""

    EARLY = "early"
    OPEN = "open"
    OVER = "over"


@dataclass(frozen=True)
class Unsaid:
    """A slot that is over, and of how many people nobody has said whether they came."""

    slot: Slot
    people: int

    @property
    def where(self) -> str:
        """The first part of the slot's address."""
        return ADDRESSES[self.slot.type]


def find(scope: Scope, where: str, slot_id: int) -> Slot | None:
    """A slot whose attendance somebody keeps, with its section, and its course if it has one.

    As trainer or lead of that one, or where they tick all. ``where``: as in its address.
    """
    if where not in TYPES:
        return None
    whole = _whole()
    query = (
        select(whole)
        .where(
            whole.id == min(slot_id, MOST_ID),
            whole.type == TYPES[where],
            whole.status != Status.DRAFT,
            _kept_by(scope, whole),
        )
        .options(
            joinedload(whole.section),
            joinedload(whole.Session.course).joinedload(Course.grants),
        )
    )
    slot: Slot | None = session.scalar(query)
    return slot


def phase(slot: Slot, now: datetime) -> Phase:
    """What can be said of a slot by now."""
    if now < opens_at(span_of(slot), limits().early):
        return Phase.EARLY
    return Phase.OPEN if now < slot.ends_at else Phase.OVER


def people(slot_id: int) -> list[Participation]:
    """Everybody of whom it is said whether they came, with person and need, by name."""
    query = (
        select(Participation)
        .options(joinedload(Participation.person), joinedload(Participation.need))
        .where(Participation.slot_id == slot_id, Participation.state.in_(TICKABLE))
    )
    return sorted(session.scalars(query), key=lambda place: (place.person.sort_name, place.id))


def place_in(slot_id: int, place_id: int) -> Participation | None:
    """A place with its person and need, if it belongs to that slot."""
    if place_id > MOST_ID:
        return None
    return session.scalar(
        select(Participation)
        .options(joinedload(Participation.person), joinedload(Participation.need))
        .where(Participation.id == place_id, Participation.slot_id == slot_id)
    )


def mine_in(slot_id: int, person_id: int) -> Participation | None:
    """The newest place that a person has or had in a published slot, with the slot."""
    return session.scalar(
        select(Participation)
        .join(Participation.slot)
        .options(joinedload(Participation.slot))
        .where(
            Participation.slot_id == slot_id,
            Participation.person_id == person_id,
            Slot.status == Status.PUBLISHED,
        )
        .order_by(Participation.round.desc())
        .limit(1)
    )


def around(person_id: int, now: datetime) -> list[tuple[int, int]]:
    """The slots around now in which a person is expected or was: ids, numbers of printed codes."""
    query = (
        select(Slot.id, Slot.printed_code)
        .join(Participation, Participation.slot_id == Slot.id)
        .where(
            Participation.person_id == person_id,
            Participation.state.in_(TICKABLE),
            Slot.status == Status.PUBLISHED,
            Slot.starts_at < now + 2 * DAY,
            Slot.ends_at > now - 2 * DAY,
        )
        .order_by(Slot.starts_at, Slot.id)
    )
    return list(session.execute(query).tuples())


def unsaid(scope: Scope, now: datetime, *, most: int = 50) -> list[Unsaid]:
    """Slots that are over with people of whom nothing was said, newest first; one statement."""
    whole = _whole()
    expected = (
        select(func.count(Participation.id))
        .where(Participation.slot_id == whole.id, Participation.state.in_(COMING))
        .correlate(whole)
        .scalar_subquery()
    )
    query = (
        select(whole, expected)
        .options(joinedload(whole.section))
        .where(*over(whole, now), _kept_by(scope, whole), expected > 0)
        .order_by(whole.ends_at.desc(), whole.id.desc())
        .limit(most)
    )
    return [Unsaid(slot, people) for slot, people in session.execute(query)]


def over(slot: Any, now: Any) -> list[ColumnElement[bool]]:
    """The conditions that a slot took place lately, so that its attendance is asked for.

    ``now``: an instant, or what a statement is later given in its place.
    """
    return [
        slot.status == Status.PUBLISHED,
        slot.ends_at <= now,
        slot.ends_at > now - ASKED_FOR,
    ]


def _kept_by(scope: Scope, whole: Any) -> ColumnElement[bool]:
    if scope.person_id is None:
        return false()
    led = select(Shift.__table__.c.id).where(Shift.__table__.c.lead_id == scope.person_id)
    held = select(Session.__table__.c.id).where(Session.__table__.c.trainer_id == scope.person_id)
    mine = whole.id.in_(led.union_all(held))
    return or_(scope.within(whole, Can.TICK_ATTENDANCE), mine)


def _whole() -> Any:
    return with_polymorphic(Slot, [Shift, Session])
