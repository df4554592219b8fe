"""Both places of a swap beside each other in a statement, and the conditions for what is open.

Statements made of them run with ``now``.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_
from sqlalchemy.orm import aliased

from brigades.access import Can, inside
from brigades.people.models import Person
from brigades.schedule.models import Participation, Slot, Status, Swap, SwapState
from brigades.schedule.states import State
from brigades.sections.models import Section

MINE, THEIRS = aliased(Participation), aliased(Participation)
MY_SLOT, THEIR_SLOT = aliased(Slot), aliased(Slot)
ME, THEM = aliased(Person), aliased(Person)
HERE, THERE = aliased(Section), aliased(Section)


def stands(state: SwapState = SwapState.AGREED) -> ColumnElement[bool]:
    """The condition for what ``fallen`` says None to."""
    return and_(
        Swap.state == state,
        *(place.state == State.CONFIRMED for place in (MINE, THEIRS)),
        *(slot.status == Status.PUBLISHED for slot in (MY_SLOT, THEIR_SLOT)),
        *(slot.starts_at > bindparam("now") for slot in (MY_SLOT, THEIR_SLOT)),
        *(
            or_(slot.moved_at.is_(None), slot.moved_at <= Swap.changed_at)
            for slot in (MY_SLOT, THEIR_SLOT)
        ),
    )


def for_me(everywhere: frozenset[Can]) -> ColumnElement[bool]:
    """The condition that the reader runs each of the slots that ask for approval."""

    def runs(slot: Any) -> ColumnElement[bool]:
        return or_(
            and_(slot.type == "session", inside(slot, Can.RUN_TRAININGS, everywhere)),
            and_(slot.type != "session", inside(slot, Can.RUN_SHIFTS, everywhere)),
        )

    return and_(
        or_(MY_SLOT.swaps_asked, THEIR_SLOT.swaps_asked),
        *(or_(slot.swaps_asked.is_(False), runs(slot)) for slot in (MY_SLOT, THEIR_SLOT)),
    )
