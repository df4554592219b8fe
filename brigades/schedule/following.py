"""Changing a slot and those that follow it in its series.

The slot itself is changed as ever. What that changed is then read off it and done to the later
ones. What was not touched stays there as it is, also where somebody changed it on that one alone.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from sqlalchemy import select

from brigades.db import session
from brigades.schedule import slots
from brigades.schedule.likewise import Change, outline
from brigades.schedule.models import Need, Slot, Status
from brigades.schedule.moves import lock_with_people
from brigades.schedule.needs import listed
from brigades.schedule.series import later_than
from brigades.schedule.terms import papers_of_each
from brigades.schedule.when_where import WhenWhere

WITH_EARLIER = "together with an earlier one of the series"


def together(
    slot: Slot,
    change: Callable[[], object],
    *,
    shift_odd: bool,
    keep_over: bool,
    sure: bool,
    also: Iterable[int] = (),
    by: int,
    now: datetime,
) -> int:
    """Run ``change`` on a slot and do the same to those that follow; returns how many changed.

    Those that are over or cancelled stay as they are. Whatever is raised, Hindered or by
    ``change``, nothing was changed. All are locked, with who is in them and ``also`` these
    people. ``shift_odd``, ``keep_over`` and ``sure`` are those of `likewise.Change`.
    """
    ids = later_than(slot, now)
    with session.begin_nested():
        lock_with_people(slot.id, *ids, also=also)
        later = [
            one
            for one in _all_of([slot.id, *ids])
            if one.id != slot.id and one.status is not Status.CANCELLED and one.ends_at > now
        ]
        before = outline(slot)
        change()
        session.flush()
        done = Change(before, outline(slot), shift_odd, keep_over, sure, now)
        needs, papers = listed(ids), papers_of_each(ids)
        followed = [
            _follow(one, done, needs.get(one.id, []), papers.get(one.id, []), by=by, now=now)
            for one in later
        ]
    return sum(followed)


def _all_of(ids: Sequence[int]) -> list[Slot]:
    return list(session.scalars(select(Slot).where(Slot.id.in_(ids)).order_by(Slot.id)))


def _follow(
    slot: Slot, done: Change, needs: list[Need], papers: list[int], *, by: int, now: datetime
) -> bool:
    was, stood, before = when_and_where(slot), WhenWhere.of(slot), _where(slot)
    touched = done.do(slot, needs, papers)
    moved = before != _where(slot)
    if touched or moved:
        slots.changed(
            slot,
            by=by,
            now=now,
            was=was if moved else "",
            became=when_and_where(slot) if moved else "edited",
            moved=moved,
            why=WITH_EARLIER,
            before=stood,
        )
    return touched or moved


def _where(slot: Slot) -> tuple[object, ...]:
    return (slot.zone, slot.starts_at, slot.ends_at, slot.place, slot.online_url)


def when_and_where(slot: Slot) -> str:
    """Time and place for the trail, as they stand on the wall."""
    return (
        f"{slot.starts_local:%Y-%m-%d %H:%M} – {slot.ends_local:%Y-%m-%d %H:%M} {slot.zone}"
        f"{', ' if slot.place else ''}{slot.place}"
    )
