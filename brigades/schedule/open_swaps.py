"""Questions about swaps as pages show them: one, those of a place, a person's, a coordinator's."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import contains_eager

from brigades.access import Can, Scope
from brigades.asking import MOST_ID
from brigades.db import session
from brigades.schedule.models import Slot, Swap, SwapState
from brigades.schedule.rules.swapping import Fallen, fallen
from brigades.schedule.swap_pair import side
from brigades.schedule.swap_rows import (
    HERE,
    ME,
    MINE,
    MY_SLOT,
    THEIR_SLOT,
    THEIRS,
    THEM,
    THERE,
    for_me,
    stands,
)
from brigades.schedule.swaps import OPEN

SHOWN = 60  # more than anybody has open


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
        or_(MINE.person_id == person_id, THEIRS.person_id == person_id),
        MY_SLOT.starts_at > now,
        THEIR_SLOT.starts_at > now,
    )
    return _all(query, now)


def to_decide(scope: Scope, now: datetime) -> list[Asked]:
    """What waits for this reader's approval, the soonest first."""
    query = _whole().where(stands(), for_me(scope.everywhere))
    given = scope.given(Can.RUN_SHIFTS, Can.RUN_TRAININGS) | {"now": now}
    return _all(query, now, given)


def _all(query: Select[Any], now: datetime, given: dict[str, Any] | None = None) -> list[Asked]:
    soonest = func.coalesce(MY_SLOT.starts_at, THEIR_SLOT.starts_at)
    query = query.order_by(soonest, Swap.id).limit(SHOWN)
    return [_asked(swap, now) for swap in session.scalars(query, given)]


def _asked(swap: Swap, now: datetime) -> Asked:
    sides = [side(place, place.slot) for place in (swap.mine, swap.theirs)]
    return Asked(swap, fallen(sides, swap.changed_at, now) if swap.state in OPEN else None)


def _whole() -> Select[Any]:
    mine, theirs = Swap.mine.of_type(MINE), Swap.theirs.of_type(THEIRS)
    return (
        select(Swap)
        .join(mine)
        .join(theirs)
        .join(MY_SLOT, MY_SLOT.id == MINE.slot_id)
        .join(THEIR_SLOT, THEIR_SLOT.id == THEIRS.slot_id)
        .join(ME, ME.id == MINE.person_id)
        .join(THEM, THEM.id == THEIRS.person_id)
        .join(HERE, HERE.id == MY_SLOT.section_id)
        .join(THERE, THERE.id == THEIR_SLOT.section_id)
        .options(
            contains_eager(mine).options(
                contains_eager(MINE.slot.of_type(MY_SLOT)).contains_eager(
                    MY_SLOT.section.of_type(HERE)
                ),
                contains_eager(MINE.person.of_type(ME)),
            ),
            contains_eager(theirs).options(
                contains_eager(THEIRS.slot.of_type(THEIR_SLOT)).contains_eager(
                    THEIR_SLOT.section.of_type(THERE)
                ),
                contains_eager(THEIRS.person.of_type(THEM)),
            ),
        )
        .execution_options(populate_existing=True)
    )
