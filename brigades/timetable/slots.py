"""Finding the slots of a page: who may see which, in the stretch of time that it shows."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select

from brigades.access import Can, Scope, inside
from brigades.clock import Wall
from brigades.db import session
from brigades.schedule import facts
from brigades.schedule.models import Need, Participation, Slot, Status
from brigades.schedule.rules import NeedFacts
from brigades.schedule.states import HOLDING, LIVE, State
from brigades.timetable.asked import Asked, Which
from brigades.timetable.rules import Span

COLUMNS = (
    Slot.id,
    Slot.type,
    Slot.section_id,
    Slot.title,
    Slot.place,
    Slot.online_url,
    Slot.zone,
    Slot.starts_local,
    Slot.starts_fold,
    Slot.ends_local,
    Slot.ends_fold,
    Slot.starts_at,
    Slot.ends_at,
    Slot.status,
)


@dataclass(frozen=True)
class SlotShown:
    """A slot as a page shows it: its own wall times, its instants, its needs, the reader's state.

    ``online`` says that there is an address to join; ``runs`` that the reader gives its places.
    """

    id: int
    type: str
    section_id: int
    title: str
    place: str
    online: bool
    starts: Wall
    ends: Wall
    starts_at: datetime
    ends_at: datetime
    draft: bool = False
    needs: tuple[NeedFacts, ...] = field(default=())
    mine: State | None = None
    runs: bool = False

    @property
    def zone(self) -> str:
        """The zone of its place."""
        return self.starts.zone

    @property
    def short(self) -> int:
        """How many are missing to the least of its needs."""
        return sum(missing(need) for need in self.needs)


def missing(need: NeedFacts) -> int:
    """How many are missing to the least; an offer without an answer fills no place yet."""
    return max(0, need.least - need.held + need.offered)


def from_row(row: Any) -> SlotShown:
    """A slot of the columns above, which stand first in the row."""
    id, type, section_id, title, place, online, zone, *when = row[: len(COLUMNS)]
    starts, starts_fold, ends, ends_fold, starts_at, ends_at, status = when
    return SlotShown(
        id=id,
        type=type,
        section_id=section_id,
        title=title,
        place=place,
        online=bool(online),
        starts=Wall(starts, zone, starts_fold),
        ends=Wall(ends, zone, ends_fold),
        starts_at=starts_at,
        ends_at=ends_at,
        draft=status is Status.DRAFT,
    )


def found(scope: Scope, asked: Asked, span: Span, most: int) -> tuple[list[SlotShown], bool]:
    """The slots that touch the span, by start, and whether there are more than ``most``.

    Three statements. With a skill or a state asked for, only those needs that fit stand in them.
    """
    given = scope.given(Can.TAKE_PART, Can.RUN_SHIFTS, Can.RUN_TRAININGS) | {
        "since": span.starts_at,
        "until": span.ends_at,
        "most_rows": most + 1,
        "person": scope.person_id,
        "section": asked.section_id,
        "skill": asked.skill,
    }
    statement = _statement(
        scope.everywhere,
        asked.section_id is not None,
        asked.skill is not None,
        asked.which,
        asked.mine,
    )
    rows = session.execute(statement, given).all()
    shown = [from_row(row) for row in rows[:most]]
    return filled_in(scope, shown, asked), len(rows) > most


def filled_in(scope: Scope, slots: list[SlotShown], asked: Asked) -> list[SlotShown]:
    """The same with needs, and where the reader stands; two statements."""
    ids = [slot.id for slot in slots]
    needs = facts.needs_of(ids)
    states = facts.states_of(scope.person_id, ids)
    runs = scope.sections(Can.RUN_SHIFTS)
    return [
        replace(
            slot,
            needs=tuple(need for need in needs.get(slot.id, ()) if _fits(need, asked)),
            mine=states.get(slot.id),
            runs=slot.type == "shift" and slot.section_id in runs,
        )
        for slot in slots
    ]


def _fits(need: NeedFacts, asked: Asked) -> bool:
    if asked.skill is not None and need.skill != asked.skill:
        return False
    if asked.which is Which.GAPS:
        return missing(need) > 0
    return not need.full if asked.which is Which.OPEN else True


@cache
def _statement(
    everywhere: frozenset[Can], section: bool, skill: bool, which: Which, mine: bool
) -> Select[Any]:
    """Built once for each way of filtering; what it filters by is bound."""
    query = (
        select(*COLUMNS)
        .where(
            _drafts(everywhere) if which is Which.DRAFT else _published(everywhere, mine),
            Slot.ends_at > bindparam("since"),
            Slot.starts_at < bindparam("until"),
        )
        .order_by(Slot.starts_at, Slot.id)
        .limit(bindparam("most_rows"))
    )
    if section:
        query = query.where(Slot.section_id == bindparam("section"))
    if mine:
        query = query.where(
            exists().where(
                Participation.slot_id == Slot.id,
                Participation.person_id == bindparam("person"),
                Participation.state.in_(LIVE),
            )
        )
    if which is Which.FULL:
        full = _taken(HOLDING) >= Need.most
        query = query.where(_need(skill), ~_need(skill, or_(Need.most.is_(None), ~full)))
    elif which is Which.GAPS:
        query = query.where(_need(skill, Need.least > _taken(HOLDING - {State.OFFERED})))
    elif which is Which.OPEN:
        query = query.where(_need(skill, or_(Need.most.is_(None), Need.most > _taken(HOLDING))))
    elif skill:
        query = query.where(_need(skill))
    return query


def _published(everywhere: frozenset[Can], mine: bool) -> ColumnElement[bool]:
    """Those of the reader's sections; what they have a place in is theirs to see wherever it is."""
    here = [] if mine else [inside(Slot, Can.TAKE_PART, everywhere)]
    return and_(Slot.status == Status.PUBLISHED, *here)


def _drafts(everywhere: frozenset[Can]) -> ColumnElement[bool]:
    return and_(
        Slot.status == Status.DRAFT,
        or_(
            and_(Slot.type == "shift", inside(Slot, Can.RUN_SHIFTS, everywhere)),
            and_(Slot.type == "session", inside(Slot, Can.RUN_TRAININGS, everywhere)),
        ),
    )


def _need(skill: bool, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    asks = [Need.skill == bindparam("skill")] if skill else []
    return exists().where(Need.slot_id == Slot.id, *asks, *conditions)


def _taken(states: Iterable[State]) -> ColumnElement[int]:
    return (
        select(func.count(Participation.id))
        .where(Participation.need_id == Need.id, Participation.state.in_(states))
        .correlate(Need)
        .scalar_subquery()
    )
