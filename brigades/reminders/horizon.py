"""How far a look ahead must go to be sure of so many letters.

A list shows the soonest ones. Who answers for hundreds of sections would else wait for the letters
of weeks to be put together, and open none of their pages but the first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, true

from brigades.clock import HOUR
from brigades.db import session
from brigades.outbox.above import day_zone
from brigades.people.models import Person
from brigades.reminders import looked_for
from brigades.reminders.plans import Plan, Plans
from brigades.reminders.rules import Audience
from brigades.reminders.stands import Whole
from brigades.schedule.models import Participation, Status
from brigades.schedule.states import COMING, State
from brigades.sections.models import Section

_ENOUGH = 2  # times as many places as letters are wanted: some people cannot be reached


@dataclass(frozen=True)
class Horizon:
    """Until when to look; and the zone that a reader's day follows, asked for along with it."""

    until: datetime
    zone: str


def has_turn(known: Plans, now: datetime, until: datetime) -> ColumnElement[bool]:
    """The condition on ``Whole`` that a moment of a slot comes after ``now``, until then."""
    start = Whole.starts_at
    return or_(
        *((start > now + hours * HOUR) & (start <= until + hours * HOUR) for hours in known.hours)
    )


def horizon(
    which: ColumnElement[bool],
    known: Plans,
    now: datetime,
    until: datetime,
    *,
    most: int,
    reader_id: int,
    q: str = "",
) -> Horizon:
    """Until when more than ``most`` reminders come of slots of a condition, at most ``until``.

    Counted by places, so nearly certain and not more; of letters that have the words ``q`` where
    there are some. ``reader_id`` is whose zone is told. One statement.
    """
    rows = session.execute(_places(has_turn(known, now, until) & which, reader_id, q)).all()
    coming, plans = list[tuple[datetime, int]](), dict[Any, Plan]()
    for _zone, slot_id, starts_at, path, course_id, have, wait in rows:
        if slot_id is None:
            continue
        of = (path, course_id, slot_id if slot_id in known.slots else None)
        plan = plans[of] = plans.get(of) or known.of(*of)
        many = {Audience.COMING: have, Audience.WAITLISTED: wait}
        moments = ((starts_at - one.hours * HOUR, many.get(one.to, 0)) for one in plan.rules)
        coming += [(moment, letters) for moment, letters in moments if now < moment <= until]
    return Horizon(_when(sorted(coming), _ENOUGH * most) or until, rows[0][0])


def _when(coming: Iterable[tuple[datetime, int]], enough: int) -> datetime | None:
    """When more than enough have come; None where they never do."""
    total = 0
    for moment, letters in coming:
        total += letters
        if total > enough:
            return moment
    return None


def _places(which: ColumnElement[bool], reader_id: int, q: str) -> Select[Any]:
    """How many have a place and how many wait, of each slot; with the zone, also if of none."""
    fits = or_(looked_for.titled(q), looked_for.people(q)) if q else true()

    def many(*states: State) -> Any:
        return func.count(Participation.id).filter(Participation.state.in_(states), fits)

    course = Whole.Session.course_id
    slots = (
        select(
            Whole.id.label("id"),
            Whole.starts_at.label("starts_at"),
            Section.path.label("path"),
            course.label("course_id"),
            many(*COMING).label("have"),
            many(State.WAITLISTED).label("wait"),
        )
        .join(Section, Section.id == Whole.section_id)
        .join(Participation, Participation.slot_id == Whole.id)
        .join(Person, Person.id == Participation.person_id)
        .where(Whole.status == Status.PUBLISHED, which)
        .group_by(Whole.id, Whole.starts_at, Section.path, course)
        .subquery()
    )
    reader = (
        select(day_zone().label("zone"))
        .join(Section, Section.id == Person.section_id)
        .where(Person.id == reader_id)
        .subquery()
    )
    return select(reader.c.zone, *slots.c).select_from(reader).outerjoin(slots, true())
