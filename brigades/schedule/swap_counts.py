"""How many swaps wait: about a place, for a person's answer, for a coordinator's approval."""

from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, bindparam, case, func, or_, select

from brigades.access import Can
from brigades.db import built_once
from brigades.schedule.models import Participation, Swap, SwapState
from brigades.schedule.states import State
from brigades.schedule.swap_rows import (
    HERE,
    MINE,
    MY_SLOT,
    THEIR_SLOT,
    THEIRS,
    THERE,
    for_me,
    stands,
)


def open_about() -> ColumnElement[int]:
    """How many questions about a row of Participation stand; runs with ``now``."""
    return _about(
        or_(MINE.id == Participation.id, THEIRS.id == Participation.id),
        or_(stands(SwapState.ASKED), stands(SwapState.AGREED)),
    )


def asked_about() -> ColumnElement[int]:
    """How many of them wait for the answer of whoever has that place."""
    return _about(THEIRS.id == Participation.id, stands(SwapState.ASKED))


def _about(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    """A count beside each row; looked up only for the reader's own, so it costs others nothing."""
    number = _counted().where(*conditions).correlate(Participation).scalar_subquery()
    own = Participation.person_id == bindparam("reader")
    return case((and_(own, Participation.state == State.CONFIRMED), number), else_=0)


@built_once
def waiting(everywhere: frozenset[Can]) -> Select[Any]:
    """How many swaps wait for a reader's approval; runs with ``now`` and the scope's sections."""
    # Looked up from each swap: SQLite would else begin with all slots to come.
    around = (
        select(MINE.id)
        .join(THEIRS, THEIRS.id == Swap.theirs_id)
        .join(MY_SLOT, MY_SLOT.id == MINE.slot_id)
        .join(THEIR_SLOT, THEIR_SLOT.id == THEIRS.slot_id)
        .where(MINE.id == Swap.mine_id, stands(), for_me(everywhere))
        .correlate(Swap)
    )
    return select(func.count(Swap.id)).where(Swap.state == SwapState.AGREED, around.exists())


def approvals() -> CTE:
    """All swaps that wait for approval, and paths of the sections whose slots ask for it.

    ``one`` and ``other`` are the same where one of the two does; null where it stands no longer.
    Runs with ``now``.
    """
    # Looked up from each swap, as in ``waiting``.
    one = case((MY_SLOT.swaps_asked, HERE.path), else_=THERE.path)
    other = case((THEIR_SLOT.swaps_asked, THERE.path), else_=HERE.path)
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
        .select_from(MINE)
        .join(THEIRS, THEIRS.id == Swap.theirs_id)
        .join(MY_SLOT, MY_SLOT.id == MINE.slot_id)
        .join(THEIR_SLOT, THEIR_SLOT.id == THEIRS.slot_id)
        .join(HERE, HERE.id == MY_SLOT.section_id)
        .join(THERE, THERE.id == THEIR_SLOT.section_id)
        .where(
            MINE.id == Swap.mine_id,
            stands(),
            or_(MY_SLOT.swaps_asked, THEIR_SLOT.swaps_asked),
        )
        .correlate(Swap)
        .scalar_subquery()
    )


@built_once
def asking() -> Select[Any]:
    """How many questions wait for a person's answer; runs with ``now`` and ``person``."""
    return _counted().where(THEIRS.person_id == bindparam("person"), stands(SwapState.ASKED))


def _counted() -> Select[Any]:
    return (
        select(func.count(Swap.id))
        .join(MINE, MINE.id == Swap.mine_id)
        .join(THEIRS, THEIRS.id == Swap.theirs_id)
        .join(MY_SLOT, MY_SLOT.id == MINE.slot_id)
        .join(THEIR_SLOT, THEIR_SLOT.id == THEIRS.slot_id)
    )
