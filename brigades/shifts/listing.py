"""The list of shifts: what there is in somebody's scope, and which of it they could take."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as wall_time
from typing import Any

from sqlalchemy import Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from brigades.access import Can, Scope, inside
from brigades.db import built_once, session
from brigades.people.models import Person, PersonSkill
from brigades.people.skills import Skill
from brigades.schedule import facts, people_facts
from brigades.schedule.limits import limits
from brigades.schedule.models import Need, Origin, Participation, SignUp, Slot, Status
from brigades.schedule.rules import NeedFacts, blocking, refusals
from brigades.schedule.states import HOLDING, LIVE, State
from brigades.shifts.models import Shift

# "I could take it" judges this many of the next shifts that ask for what somebody can.
MOST_JUDGED = 200
STAFF_STATES = ("draft", "cancelled", "past")


@dataclass(frozen=True)
class Filters:
    """What the list shows; ``state`` is one of STAFF_STATES or empty for what is coming."""

    q: str = ""
    section_id: int | None = None
    skill: Skill | None = None
    day: date | None = None
    state: str = ""
    gaps: bool = False
    mine: bool = False
    series_id: int | None = None
    file_id: int | None = None  # of the calendar file that they were brought in from


@dataclass(frozen=True)
class Row:
    """A shift in the list, how its places stand, and where the reader stands with it."""

    shift: Shift
    needs: tuple[NeedFacts, ...]
    state: State | None


def asked_for(
    scope: Scope, filters: Filters, now: datetime
) -> tuple[Select[Any], dict[str, Any] | None, Select[Any] | None]:
    """The shifts as ``matching`` selects them: what `paging.paged` takes.

    Nearly everybody looks at the list as it is, so that select is built once.
    """
    if filters == Filters():
        return _shown(), scope.given(Can.TAKE_PART) | {"now": now}, _coming(scope.everywhere)
    return matching(scope, filters, now), None, None


@built_once
def _shown() -> Select[Any]:
    return select(Shift).options(joinedload(Shift.section)).order_by(Shift.starts_at, Shift.id)


@built_once
def _coming(everywhere: frozenset[Can]) -> Select[Any]:
    return (
        select(Slot.id)
        .where(
            Slot.type == "shift",
            inside(Slot, Can.TAKE_PART, everywhere),
            Slot.status == Status.PUBLISHED,
            Slot.ends_at > bindparam("now"),
        )
        # By start; said so that PostgreSQL does not walk along the index of all starts there ever
        # were, past ones first, but takes what is to come in these sections and sorts that.
        .order_by(func.coalesce(Slot.starts_at, Slot.ends_at), Slot.id)
    )


def matching(scope: Scope, filters: Filters, now: datetime) -> Select[Any]:
    """The shifts in scope that the filters leave, by start; full ones are among them."""
    query = _visible(scope, filters).options(joinedload(Shift.section))
    if filters.series_id is not None and not filters.state:
        pass  # the whole of it, what is over too
    elif filters.state == "past":
        query = query.where(Shift.ends_at <= now)
    elif filters.day is None:
        query = query.where(Shift.ends_at > now)
    query = query.where(*_conditions(filters))
    if filters.state == "past":
        return query.order_by(Shift.starts_at.desc(), Shift.id.desc())
    return query.order_by(Shift.starts_at, Shift.id)


def _visible(scope: Scope, filters: Filters) -> Select[Any]:
    """Published ones for everybody; drafts, cancelled and past ones for those who run shifts."""
    state = filters.state
    if filters.series_id is not None and not state:
        published = scope.within(Shift, Can.TAKE_PART) & (Shift.status == Status.PUBLISHED)
        return select(Shift).where(or_(published, scope.within(Shift, Can.RUN_SHIFTS)))
    if state == "draft":
        return scope.select(Shift, Can.RUN_SHIFTS).where(Shift.status == Status.DRAFT)
    if state == "cancelled":
        return scope.select(Shift, Can.RUN_SHIFTS).where(Shift.status == Status.CANCELLED)
    can = Can.RUN_SHIFTS if state == "past" else Can.TAKE_PART
    return scope.select(Shift, can).where(Shift.status == Status.PUBLISHED)


def _conditions(filters: Filters) -> list[Any]:
    conditions: list[Any] = []
    if filters.q:
        conditions.append(
            or_(
                Shift.title.icontains(filters.q, autoescape=True),
                Shift.place.icontains(filters.q, autoescape=True),
            )
        )
    if filters.section_id is not None:
        conditions.append(Shift.section_id == filters.section_id)
    if filters.series_id is not None:
        conditions.append(Shift.series_id == filters.series_id)
    if filters.file_id is not None:
        conditions.append(exists().where(Origin.slot_id == Slot.id, Origin.file == filters.file_id))
    if filters.skill is not None:
        conditions.append(exists().where(Need.slot_id == Slot.id, Need.skill == filters.skill))
    if filters.day is not None:
        # The local day at the place of each shift; what only touches it is listed too.
        start = datetime.combine(filters.day, wall_time())
        conditions += [Shift.starts_local < start + timedelta(days=1), Shift.ends_local > start]
    if filters.gaps:
        conditions.append(_has_gaps())
    return conditions


def _has_gaps() -> Any:
    held = (
        select(func.count(Participation.id))
        .where(Participation.need_id == Need.id, Participation.state.in_(HOLDING))
        .correlate(Need)
        .scalar_subquery()
    )
    return exists().where(Need.slot_id == Slot.id, Need.least > held)


def rows(shifts: list[Shift], person_id: int) -> list[Row]:
    """The shifts of a page with needs and the reader's state, in two statements."""
    ids = [shift.id for shift in shifts]
    needs = facts.needs_of(ids)
    states = facts.states_of(person_id, ids)
    return [Row(shift, tuple(needs.get(shift.id, ())), states.get(shift.id)) for shift in shifts]


def could_take(scope: Scope, person: Person, filters: Filters, now: datetime) -> list[Row]:
    """The next shifts that the person may join right now, a place or the waiting list.

    Judged as joining would judge, in four statements.
    """
    asked, has = aliased(Need), aliased(PersonSkill)
    shifts = session.scalars(
        matching(scope, filters, now)
        .where(
            Shift.starts_at > now,
            Shift.signup == SignUp.OPEN,
            exists().where(
                asked.slot_id == Slot.id,
                or_(
                    asked.skill.is_(None),
                    exists().where(
                        has.person_id == person.id,
                        has.skill == asked.skill,
                        or_(asked.trade == "", has.trade == asked.trade),
                    ),
                ),
            ),
            ~exists().where(
                Participation.slot_id == Slot.id,
                Participation.person_id == person.id,
                Participation.state.in_(LIVE),
            ),
        )
        .limit(MOST_JUDGED)
    ).all()
    if not shifts:
        return []
    known = people_facts.facts_around([person], shifts)[person.id]
    return [
        Row(shift, slot.needs, None)
        for shift, slot in zip(shifts, facts.facts_of(shifts), strict=True)
        if any(
            not blocking(refusals(slot, need, known, now, limits=limits())) for need in slot.needs
        )
    ]
