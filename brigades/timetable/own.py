"""A volunteer's own week: every place of theirs, what they lead, which days are free."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, or_, select

from brigades.db import built_once, session
from brigades.schedule.models import Participation, Slot, Status
from brigades.schedule.states import LIVE, State
from brigades.schedule.waitlist import position
from brigades.shifts.models import Shift
from brigades.timetable.rules import Day, Span
from brigades.timetable.slots import COLUMNS, SlotShown, from_row
from brigades.trainings.models import Session

SURE = frozenset({State.CONFIRMED, State.SEEKING_COVER, State.ATTENDED})


@dataclass(frozen=True)
class Mine:
    """A slot of the reader's: their state, ``position`` on the waiting list, whether they lead.

    ``state`` is None where they lead or teach and have no place of their own.
    """

    slot: SlotShown
    state: State | None
    position: int | None = None
    leads: bool = False

    @property
    def counts(self) -> bool:
        """Whether its hours are theirs for certain."""
        return self.leads or self.state in SURE


@dataclass(frozen=True)
class OwnDay:
    """A day of the week with what touches it, and the hours of it that are certain."""

    day: Day
    places: list[Mine]
    hours: float


@dataclass(frozen=True)
class OwnWeek:
    """Seven days. ``hours`` are certain, ``offered_hours`` wait for an answer."""

    days: list[OwnDay]
    hours: float
    offered_hours: float
    offers: int


def own_week(person_id: int, span: Span) -> OwnWeek:
    """The week of a person, whatever sections its slots belong to; two statements."""
    given = {"person": person_id, "since": span.starts_at, "until": span.ends_at}
    leads = {row[0]: from_row(row) for row in session.execute(_led(), given)}
    places = [
        Mine(from_row(row), row[-2], row[-1], row[0] in leads)
        for row in session.execute(_places(), given)
    ]
    having = {one.slot.id for one in places}
    places += [Mine(slot, None, leads=True) for id, slot in leads.items() if id not in having]
    places.sort(key=lambda one: (one.slot.starts_at, one.slot.id))
    days = [_own_day(day, places) for day in span.days]
    offered = [one for one in places if one.state is State.OFFERED]
    return OwnWeek(
        days=days,
        hours=sum(day.hours for day in days),
        offered_hours=sum(
            day.share(one.slot.starts_at, one.slot.ends_at) for day in span.days for one in offered
        ),
        offers=len(offered),
    )


def _own_day(day: Day, places: list[Mine]) -> OwnDay:
    touching = [
        one
        for one in places
        if one.slot.starts_at < day.ends_at and day.starts_at < one.slot.ends_at
    ]
    certain = (day.share(one.slot.starts_at, one.slot.ends_at) for one in touching if one.counts)
    return OwnDay(day, touching, sum(certain))


@built_once
def _places() -> Select[Any]:
    """Live places with state, and position for those who wait."""
    return (
        select(*COLUMNS, Participation.state, position())
        .join(Slot, Slot.id == Participation.slot_id)
        .where(
            Participation.person_id == bindparam("person"),
            Participation.state.in_(LIVE),
            *_in_span(),
        )
    )


@built_once
def _led() -> Select[Any]:
    """Shifts that the person leads and sessions they hold as the trainer."""
    person: Any = bindparam("person")
    mine = or_(
        Slot.id.in_(select(Shift.__table__.c.id).where(Shift.__table__.c.lead_id == person)),
        Slot.id.in_(select(Session.__table__.c.id).where(Session.__table__.c.trainer_id == person)),
    )
    return select(*COLUMNS).where(mine, *_in_span())


def _in_span() -> tuple[Any, ...]:
    return (
        Slot.status == Status.PUBLISHED,
        Slot.ends_at > bindparam("since"),
        Slot.starts_at < bindparam("until"),
    )
