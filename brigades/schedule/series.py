"""Slots that repeat: making a series, its place in lists, and what is done to several at once."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select, true

from brigades.audit import service as audit
from brigades.db import built_once, session
from brigades.schedule import copying, slots
from brigades.schedule.copying import Copy
from brigades.schedule.models import Series, Slot, Status
from brigades.schedule.moves import lock
from brigades.schedule.rules.series import Every, Pattern, days

REPEATED = "repeated as a series"
FROM_SERIES = "made as part of a series"
WITH_SERIES = "together with others of the series"


class Repeats(Exception):
    """A slot is in a series already."""


@dataclass(frozen=True)
class InSeries:
    """Where a slot stands in its series, counted from 1; ``last``: the series' last day."""

    series_id: int
    number: int
    of: int
    previous_id: int | None
    next_id: int | None
    pattern: Pattern
    last: date


def preview(slot: Slot, pattern: Pattern) -> list[Copy]:
    """The slots that repeating one would make beside it; raises TooMany."""
    first = slot.starts_local.date()
    return copying.copies((slot, (day - first).days) for day in days(first, pattern)[1:])


def repeat(
    slot_id: int,
    pattern: Pattern,
    chosen: Collection[str],
    *,
    publish: bool,
    by: int,
    now: datetime,
) -> list[int]:
    """Make a series of a slot and the chosen ones of its preview, named by their keys.

    Raises Repeats where somebody was faster. Returns the ids of those that were made.
    """
    slot = lock(slot_id)
    if slot.series_id is not None:
        raise Repeats
    series = begin(slot.section_id, pattern, now)
    slot.series_id, slot.series_day = series.id, slot.starts_local.date()
    audit.record(
        "slot",
        by=by,
        at=now,
        became="edited",
        why=REPEATED,
        slot_id=slot.id,
        section_id=slot.section_id,
    )
    wanted = [one for one in preview(slot, pattern) if one.key in chosen]
    return copying.make(
        wanted, publish=publish, by=by, now=now, why=FROM_SERIES, series_id=series.id
    )


def begin(section_id: int, pattern: Pattern, now: datetime) -> Series:
    """A series without slots yet."""
    series = Series(
        section_id=section_id,
        every=pattern.every,
        step=pattern.step,
        weekdays="".join(str(number) for number in sorted(pattern.weekdays)),
        until=pattern.until,
        count=pattern.count,
        created_at=now,
    )
    session.add(series)
    session.flush()
    return series


def copy(
    of: Series, wanted: Collection[Copy], *, step: int, publish: bool, by: int, now: datetime
) -> list[int]:
    """A series of its own out of copies of another's slots, moved by ``step`` days; their ids."""
    pattern = moved(pattern_of(of), step)
    series = begin(of.section_id, pattern, now)
    return copying.make(
        list(wanted), publish=publish, by=by, now=now, why=FROM_SERIES, series_id=series.id
    )


def moved(pattern: Pattern, step: int) -> Pattern:
    """The pattern of a series that stands so many days later: its weekdays move along."""
    until = date.fromordinal(pattern.until.toordinal() + step) if pattern.until else None
    weekdays = frozenset((number - 1 + step) % 7 + 1 for number in pattern.weekdays)
    return Pattern(pattern.every, pattern.step, weekdays, until, pattern.count)


def pattern_of(series: Any) -> Pattern:
    """How a series goes on, from its row."""
    return Pattern(
        Every(series.every),
        series.step,
        frozenset(int(number) for number in series.weekdays),
        series.until,
        series.count,
    )


def standing(found: Iterable[Slot], *, drafts: bool) -> dict[int, InSeries]:
    """Where slots stand in their series, in one statement; none where none is in one.

    ``drafts``: whether the reader sees drafts, so that they are counted.
    """
    found = [slot for slot in found if slot.series_id is not None]
    if not found:
        return {}
    given = {
        "series": sorted({slot.series_id for slot in found if slot.series_id is not None}),
        "slots": [slot.id for slot in found],
        "drafts": drafts,
    }
    return {
        row.id: InSeries(
            row.series_id,
            row.number,
            row.of,
            row.previous_id,
            row.next_id,
            pattern_of(row),
            row.last,
        )
        for row in session.execute(_standing(), given)
    }


@built_once
def _standing() -> Select[Any]:
    whole = Slot.series_id
    order = (Slot.starts_at, Slot.id)
    inside = (
        select(
            Slot.id,
            Slot.series_id,
            func.row_number().over(partition_by=whole, order_by=order).label("number"),
            func.count(Slot.id).over(partition_by=whole).label("of"),
            func.lag(Slot.id).over(partition_by=whole, order_by=order).label("previous_id"),
            func.lead(Slot.id).over(partition_by=whole, order_by=order).label("next_id"),
            func.max(Slot.series_day).over(partition_by=whole).label("last"),
        )
        .where(
            Slot.series_id.in_(bindparam("series", expanding=True)),
            or_(Slot.status != Status.DRAFT, bindparam("drafts") == true()),
        )
        .subquery()
    )
    return (
        select(inside, Series.every, Series.step, Series.weekdays, Series.until, Series.count)
        .join(Series, Series.id == inside.c.series_id)
        .where(inside.c.id.in_(bindparam("slots", expanding=True)))
    )


def later_than(slot: Slot, now: datetime) -> list[int]:
    """Ids of the slots that follow in the series, are not over and not cancelled; in id order."""
    if slot.series_id is None:
        return []
    query = select(Slot.id).where(
        Slot.series_id == slot.series_id,
        Slot.series_day > slot.series_day,
        Slot.ends_at > now,
        Slot.status != Status.CANCELLED,
    )
    return list(session.scalars(query.order_by(Slot.id)))


def drafts_of(slot: Slot) -> list[int]:
    """Ids of the drafts in a slot's series, its own among them; in id order."""
    query = select(Slot.id).where(Slot.series_id == slot.series_id, Slot.status == Status.DRAFT)
    return list(session.scalars(query.order_by(Slot.id)))


def publish_all(slot: Slot, *, by: int, now: datetime) -> int:
    """Publish every draft of a slot's series; returns how many."""
    ids = drafts_of(slot)
    _each(ids, lambda one: slots.publish(one, by=by, now=now, why=WITH_SERIES))
    return len(ids)


def cancel_from(slot: Slot, *, by: int, now: datetime, why: str) -> int:
    """Cancel a slot and all that follow it in the series; returns how many there were."""
    ids = sorted([slot.id, *later_than(slot, now)])
    _each(ids, lambda one: slots.cancel(one, by=by, now=now, why=why))
    return len(ids)


def _each(ids: Iterable[int], act: Callable[[int], Any]) -> None:
    """One after the other in id order, so that two who do so at once wait, never for each other."""
    for one in ids:
        act(one)
