"""The list of a slot's needs, and rewriting it where people may stand at them."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, func, select

from brigades.db import session
from brigades.schedule.models import Need, Participation
from brigades.schedule.states import HOLDING


class StillUsed(Exception):
    """A need was to be removed at which people stand or stood."""

    def __init__(self, needs: list[Need]) -> None:
        super().__init__(f"needs {[need.id for need in needs]}")
        self.needs = needs


class TooFewPlaces(Exception):
    """More people hold a place than there would be; ``held`` says how many."""

    def __init__(self, held: int) -> None:
        super().__init__(f"{held} people hold a place")
        self.held = held


def listed(slot_ids: Iterable[int]) -> dict[int, list[Need]]:
    """The needs of slots in their order, one statement."""
    found: dict[int, list[Need]] = {}
    query = select(Need).where(Need.slot_id.in_(set(slot_ids)))
    for need in session.scalars(query.order_by(Need.position, Need.id)):
        found.setdefault(need.slot_id, []).append(need)
    return found


def used(need_ids: Iterable[int]) -> set[int]:
    """Those of the needs at which anybody stands or stood: the trail of their places needs them."""
    query = (
        select(Participation.need_id)
        .where(Participation.need_id.in_(list(need_ids)))
        .group_by(Participation.need_id)
        .having(func.count() > 0)
    )
    return set(session.scalars(query))


def held(need_id: int) -> int:
    """How many people hold a place at a need."""
    return (
        session.scalar(
            select(func.count(Participation.id)).where(
                Participation.need_id == need_id, Participation.state.in_(HOLDING)
            )
        )
        or 0
    )


def rewrite(
    slot_id: int,
    needs: Sequence[Need],
    before: Sequence[tuple[int, dict[str, Any]]],
    after: Sequence[tuple[int, dict[str, Any]]],
    keep_over: bool,
) -> bool:
    """Do to a slot's needs what was done to another's; returns whether anything changed.

    ``before`` and ``after``: that other's, as id and fields. The first of its needs is matched
    with the first here, and so on; needs beyond those were added here and stay. Raises StillUsed,
    and TooFewPlaces unless ``keep_over``.
    """
    became = dict(after)
    known = {need_id for need_id, _fields in before}
    gone: list[Need] = []
    touched = False
    with session.no_autoflush:  # half of a need is none
        for need, (need_id, fields) in zip(needs, before, strict=False):
            if need_id not in became:
                gone.append(need)
                continue
            new = {name: value for name, value in became[need_id].items() if value != fields[name]}
            touched = _write(need, new, keep_over) or touched
    _remove(gone)
    more = [fields for need_id, fields in after if need_id not in known]
    session.add_all(Need(slot_id=slot_id, **fields) for fields in more)
    session.flush()
    return bool(touched or gone or more)


def _write(need: Need, new: dict[str, Any], keep_over: bool) -> bool:
    if "most" in new and not keep_over:
        enough(need, new["most"])
    touched = False
    for name, value in new.items():
        touched = touched or getattr(need, name) != value
        setattr(need, name, value)
    if need.most is not None and need.most < need.least:  # one of the two was changed here before
        need.least = need.most
    return touched


def enough(need: Need, most: int | None) -> None:
    """Raise TooFewPlaces where so many places are fewer than before, and than people hold."""
    if most is None or (need.most is not None and most >= need.most):
        return
    holding = held(need.id)
    if most < holding:
        raise TooFewPlaces(holding)


def _remove(gone: Sequence[Need]) -> None:
    if not gone:
        return
    in_use = used(need.id for need in gone)
    if in_use:
        raise StillUsed([need for need in gone if need.id in in_use])
    session.execute(delete(Need).where(Need.id.in_([need.id for need in gone])))
