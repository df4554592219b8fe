"""Questions about swaps as pages show them: one, those of a place, a person's, a coordinator's."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import aliased, contains_eager

from brigades.access import Can, Scope, inside
from brigades.asking import MOST_ID
from brigades.db import built_once, session
from brigades.people.models import Person
from brigades.schedule.models import Participation, Slot, Status, Swap, SwapState
from brigades.schedule.rules.swapping import Fallen, fallen
from brigades.schedule.states import State
from brigades.schedule.swap_pair import side
from brigades.schedule.swaps import OPEN
from brigades.sections.models import Section

SHOWN = 60  # more than anybody has open

_mine, _theirs = aliased(Participation), aliased(Participation)
_my_slot, _their_slot = aliased(Slot), aliased(Slot)
_me, _them = aliased(Person), aliased(Person)
_here, _there = aliased(Section), aliased(Section)


@dataclass(frozen=True)
class Asked:
    """A swap with both places, their people and slots; ``fallen`` where it stands no longer."""

    swap: Swap
    fallen: Fallen | None

    @property
    def open(self) -> bool:
        """Whether somebody's answer is waited for."""
        return self.swap.state in OPEN and self.fallen is None

    @property
    def waits(self) -> bool:
        """Whether it is the coordinator's answer."""
        return self.open and self.swap.state is SwapState.AGREED

    def is_asker(self, person_id: int | None) -> bool:
        """Whether somebody asked this."""
        return self.swap.mine.person_id == person_id

    def is_asked(self, person_id: int | None) -> bool:
        """Whether this was asked of somebody."""
        return self.swap.theirs.person_id == person_id

    def decides(self, scope: Scope) -> bool:
        """Whether it is for somebody to approve: they run each slot that asks for that."""
        asking = [slot for slot in (self.swap.mine.slot, self.swap.theirs.slot) if slot.swaps_asked]
        return bool(asking) and all(_runs(scope, slot) for slot in asking)


def _runs(scope: Scope, slot: Slot) -> bool:
    can = Can.RUN_TRAININGS if slot.type == "session" else Can.RUN_SHIFTS
    return scope.may(can, slot.section_id)


def find(swap_id: int, now: datetime) -> Asked | None:
    """One swap with all that its pages show."""
    if swap_id > MOST_ID:
        return None
    swap = session.scalar(_whole().where(Swap.id == swap_id))
    return None if swap is None else _asked(swap, now)


def of_person(person_id: int, now: datetime) -> list[Asked]:
    """What somebody asked and was asked that is open or was answered for what is to come."""
    query = _whole().where(
        or_(_mine.person_id == person_id, _theirs.person_id == person_id),
        _my_slot.starts_at > now,
        _their_slot.starts_at > now,
    )
    return _all(query, now)


def to_decide(scope: Scope, now: datetime) -> list[Asked]:
    """What waits for this reader's approval, the soonest first."""
    query = _whole().where(_stands(), _for_me())
    given = scope.given(Can.RUN_SHIFTS, Can.RUN_TRAININGS) | {"now": now}
    return _all(query, now, given)


def open_about() -> ColumnElement[int]:
    """How many questions about a row of Participation stand; runs with ``now``."""
    return _about(
        or_(_mine.id == Participation.id, _theirs.id == Participation.id),
        or_(_stands(SwapState.ASKED), _stands(SwapState.AGREED)),
    )


def asked_about() -> ColumnElement[int]:
    """How many of them wait for the answer of whoever has that place."""
    return _about(_theirs.id == Participation.id, _stands(SwapState.ASKED))


def _about(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    """A count beside each row; looked up only for the reader's own, so it costs others nothing."""
    number = _counted().where(*conditions).correlate(Participation).scalar_subquery()
    own = Participation.person_id == bindparam("reader")
    return case((and_(own, Participation.state == State.CONFIRMED), number), else_=0)


@built_once
def waiting() -> Select[Any]:
    """How many swaps wait for a reader's approval; runs with ``now`` and the scope's sections."""
    # Looked up from each swap: SQLite would else begin with all slots to come.
    around = (
        select(_mine.id)
        .join(_theirs, _theirs.id == Swap.theirs_id)
        .join(_my_slot, _my_slot.id == _mine.slot_id)
        .join(_their_slot, _their_slot.id == _theirs.slot_id)
        .where(_mine.id == Swap.mine_id, _stands(), _for_me())
        .correlate(Swap)
    )
    return select(func.count(Swap.id)).where(Swap.state == SwapState.AGREED, around.exists())


def approvals() -> CTE:
    """All swaps that wait for approval, and paths of the sections whose slots ask for it.

    ``one`` and ``other`` are the same where one of the two does; null where it stands no longer.
    Runs with ``now``.
    """
    # Looked up from each swap, as in ``waiting``.
    one = case((_my_slot.swaps_asked, _here.path), else_=_there.path)
    other = case((_their_slot.swaps_asked, _there.path), else_=_here.path)
    return (
        select(
            Swap.id,
            Swap.mine_id,
            Swap.changed_at,
            _asking_path(one).label("one"),
            _asking_path(other).label("other"),
        )
        .where(Swap.state == SwapState.AGREED)
        .cte("approvals")
        .prefix_with("MATERIALIZED")
    )


def _asking_path(path: Any) -> Any:
    """A path of what stands and asks for approval, beside each row of Swap."""
    return (
        select(path)
        .select_from(_mine)
        .join(_theirs, _theirs.id == Swap.theirs_id)
        .join(_my_slot, _my_slot.id == _mine.slot_id)
        .join(_their_slot, _their_slot.id == _theirs.slot_id)
        .join(_here, _here.id == _my_slot.section_id)
        .join(_there, _there.id == _their_slot.section_id)
        .where(
            _mine.id == Swap.mine_id,
            _stands(),
            or_(_my_slot.swaps_asked, _their_slot.swaps_asked),
        )
        .correlate(Swap)
        .scalar_subquery()
    )


@built_once
def asking() -> Select[Any]:
    """How many questions wait for a person's answer; runs with ``now`` and ``person``."""
    return _counted().where(_theirs.person_id == bindparam("person"), _stands(SwapState.ASKED))


def _counted() -> Select[Any]:
    return (
        select(func.count(Swap.id))
        .join(_mine, _mine.id == Swap.mine_id)
        .join(_theirs, _theirs.id == Swap.theirs_id)
        .join(_my_slot, _my_slot.id == _mine.slot_id)
        .join(_their_slot, _their_slot.id == _theirs.slot_id)
    )


def _stands(state: SwapState = SwapState.AGREED) -> ColumnElement[bool]:
    """The condition for what ``fallen`` says None to."""
    return and_(
        Swap.state == state,
        *(place.state == State.CONFIRMED for place in (_mine, _theirs)),
        *(slot.status == Status.PUBLISHED for slot in (_my_slot, _their_slot)),
        *(slot.starts_at > bindparam("now") for slot in (_my_slot, _their_slot)),
        *(
            or_(slot.moved_at.is_(None), slot.moved_at <= Swap.changed_at)
            for slot in (_my_slot, _their_slot)
        ),
    )


def _for_me() -> ColumnElement[bool]:
    """The condition that the reader runs each of the slots that ask for approval."""

    def runs(slot: Any) -> ColumnElement[bool]:
        return or_(
            and_(slot.type == "session", inside(slot, Can.RUN_TRAININGS)),
            and_(slot.type != "session", inside(slot, Can.RUN_SHIFTS)),
        )

    return and_(
        or_(_my_slot.swaps_asked, _their_slot.swaps_asked),
        *(or_(slot.swaps_asked.is_(False), runs(slot)) for slot in (_my_slot, _their_slot)),
    )


def _all(query: Select[Any], now: datetime, given: dict[str, Any] | None = None) -> list[Asked]:
    soonest = func.coalesce(_my_slot.starts_at, _their_slot.starts_at)
    query = query.order_by(soonest, Swap.id).limit(SHOWN)
    return [_asked(swap, now) for swap in session.scalars(query, given)]


def _asked(swap: Swap, now: datetime) -> Asked:
    sides = [side(place, place.slot) for place in (swap.mine, swap.theirs)]
    return Asked(swap, fallen(sides, swap.changed_at, now) if swap.state in OPEN else None)


def _whole() -> Select[Any]:
    mine, theirs = Swap.mine.of_type(_mine), Swap.theirs.of_type(_theirs)
    return (
        select(Swap)
        .join(mine)
        .join(theirs)
        .join(_my_slot, _my_slot.id == _mine.slot_id)
        .join(_their_slot, _their_slot.id == _theirs.slot_id)
        .join(_me, _me.id == _mine.person_id)
        .join(_them, _them.id == _theirs.person_id)
        .join(_here, _here.id == _my_slot.section_id)
        .join(_there, _there.id == _their_slot.section_id)
        .options(
            contains_eager(mine).options(
                contains_eager(_mine.slot.of_type(_my_slot)).contains_eager(
                    _my_slot.section.of_type(_here)
                ),
                contains_eager(_mine.person.of_type(_me)),
            ),
            contains_eager(theirs).options(
                contains_eager(_theirs.slot.of_type(_their_slot)).contains_eager(
                    _their_slot.section.of_type(_there)
                ),
                contains_eager(_theirs.person.of_type(_them)),
            ),
        )
        .execution_options(populate_existing=True)
    )
