"""How the coming days are staffed: added up per local day, and need by need where it is short.

Filled are those who said yes; an offer without an answer does not fill a place yet.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, bindparam, case, func, select

from brigades.access import Can, Scope, inside
from brigades.clock import DAY
from brigades.db import built_once, session
from brigades.qualifications.models import Kind
from brigades.schedule.models import Need, Participation, Slot, Status
from brigades.schedule.rules import NeedFacts
from brigades.schedule.states import COMING, State

DAYS = 14
RISKS = 10  # needs shown as at risk
CAN = Can.RUN_SHIFTS


@dataclass(frozen=True)
class Covered:
    """One local day: places filled, the least that is needed, how many are missing to it."""

    day: date
    filled: int
    least: int
    short: int


@dataclass(frozen=True)
class Risk:
    """A need below its least, and the slot it belongs to."""

    slot: Slot
    need: NeedFacts
    short: int


def _given(scope: Scope, today: date, now: datetime) -> dict[str, Any]:
    """Days are those on the wall of each slot, so instants may lie a day to either side.

    These hold for a day, so that they can be spelled.
    """
    first = datetime.combine(today, time())
    instant = first.replace(tzinfo=UTC)
    return scope.given(CAN) | {
        "now": now,
        "first": first,
        "last": first + DAYS * DAY,
        "since": instant - DAY,
        "until": instant + DAYS * DAY + DAY,
    }


def _stand(everywhere: frozenset[Can]) -> Subquery:
    """Each need with a least in the coming days: how many come, how many are asked."""
    return (
        select(
            Slot.id.label("slot_id"),
            Slot.starts_at.label("starts_at"),
            Slot.ends_at.label("ends_at"),
            func.date(Slot.starts_local).label("day"),
            Need.id.label("need_id"),
            Need.position.label("position"),
            Need.least.label("least"),
            _count(COMING | {State.ATTENDED}).label("come"),
            _count({State.OFFERED}).label("asked"),
            _count({State.WAITLISTED}).label("waiting"),
        )
        .join(Need, Need.slot_id == Slot.id)
        .where(
            inside(Slot, CAN, everywhere),
            # Spelled, or PostgreSQL takes the coming days for few slots and sorts all of them.
            Slot.starts_at.between(_spelled("since"), _spelled("until")),
            Slot.status == Status.PUBLISHED,
            Slot.starts_local >= bindparam("first"),
            Slot.starts_local < bindparam("last"),
        )
        .subquery()
    )


def _spelled(name: str) -> ColumnElement[datetime]:
    return bindparam(name, type_=Slot.starts_at.type, literal_execute=True)


def _count(states: frozenset[State] | set[State]) -> ColumnElement[int]:
    return (
        select(func.count(Participation.id))
        .where(Participation.need_id == Need.id, Participation.state.in_(states))
        .correlate(Need)
        .scalar_subquery()
    )


def _short(stand: Subquery) -> ColumnElement[int]:
    return case((stand.c.least > stand.c.come, stand.c.least - stand.c.come), else_=0)


def coverage(scope: Scope, today: date, now: datetime) -> tuple[list[Covered], int]:
    """Each of the coming days, and how many needs are short in all of them; one statement."""
    rows = session.execute(_by_day(scope.everywhere), _given(scope, today, now))
    found = {str(day): numbers for day, *numbers in rows}
    days = []
    for n in range(DAYS):
        day = today + timedelta(days=n)
        filled, least, missing, _needs = found.get(str(day), (0, 0, 0, 0))
        days.append(Covered(day, int(filled), int(least), int(missing)))
    return days, sum(int(numbers[3]) for numbers in found.values())


@built_once
def _by_day(everywhere: frozenset[Can]) -> Select[Any]:
    stand = _stand(everywhere)
    short = _short(stand)
    return select(
        stand.c.day,
        func.sum(stand.c.come),
        func.sum(stand.c.least),
        func.sum(short),
        func.sum(case((and_(short > 0, stand.c.ends_at > bindparam("now")), 1), else_=0)),
    ).group_by(stand.c.day)


def risks(scope: Scope, today: date, now: datetime) -> list[Risk]:
    """The needs below their least, soonest first; one statement."""
    return [
        Risk(slot, _facts(need, kind, come, asked, waiting), need.least - come)
        for slot, need, kind, come, asked, waiting in session.execute(
            _at_risk(scope.everywhere), _given(scope, today, now)
        )
    ]


@built_once
def _at_risk(everywhere: frozenset[Can]) -> Select[Any]:
    stand = _stand(everywhere)
    return (
        select(Slot, Need, Kind.name, stand.c.come, stand.c.asked, stand.c.waiting)
        .select_from(stand)
        .join(Slot, Slot.id == stand.c.slot_id)
        .join(Need, Need.id == stand.c.need_id)
        .outerjoin(Kind, Kind.id == Need.kind_id)
        .where(stand.c.least > stand.c.come, stand.c.ends_at > bindparam("now"))
        .order_by(stand.c.starts_at, stand.c.slot_id, stand.c.position, stand.c.need_id)
        .limit(RISKS)
    )


def _facts(need: Need, kind: str | None, come: int, asked: int, waiting: int) -> NeedFacts:
    return NeedFacts(
        id=need.id,
        skill=need.skill.value if need.skill else "",
        trade=need.trade,
        languages=tuple(code for code in (need.language, need.language_to) if code),
        level=need.level,
        kind_id=need.kind_id,
        kind_name=kind or "",
        least=need.least,
        most=need.most,
        held=come + asked,
        offered=asked,
        waiting=waiting,
    )
