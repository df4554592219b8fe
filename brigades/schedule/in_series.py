"""Where a slot stands in its series: the how manieth of how many, and which are beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select, true
from sqlalchemy.orm import aliased

from brigades.db import built_once, session
from brigades.schedule.models import Series, Slot, Status
from brigades.schedule.rules.series import Every, Pattern


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
    rows = session.execute(_standing(), given)
    return {row.id: stands for row in rows if (stands := read(row)) is not None}


def with_standing(
    query: Select[Any], id: Any, asked: ColumnElement[int], drafts: ColumnElement[bool]
) -> Select[Any]:
    """A statement that finds one slot, ``asked``, also saying where it stands: for `read`.

    ``id``: of the slot that it finds. ``drafts``: which drafts the reader sees, of ``Slot``.
    """
    itself = aliased(Slot)
    series = select(itself.series_id).where(itself.id == asked).scalar_subquery()
    inside = _inside(Slot.series_id == series, drafts).subquery()
    columns = [column for column in inside.c if column.key != "id"]
    return query.outerjoin(inside, inside.c.id == id).add_columns(*columns)


def read(row: Any) -> InSeries | None:
    """Where a slot stands, from a row with the columns of `with_standing`; None for no series."""
    if row.number is None:
        return None
    return InSeries(
        row.series,
        row.number,
        row.of,
        row.previous_id,
        row.next_id,
        pattern_of(row.every, row.step, row.weekdays, row.until, row.times),
        row.last,
    )


def pattern_of(
    every: Every, step: int, weekdays: str, until: date | None, times: int | None
) -> Pattern:
    """How a series goes on, from the columns of its row."""
    numbers = frozenset(int(number) for number in weekdays)
    return Pattern(Every(every), step, numbers, until, times)


def _inside(which: ColumnElement[bool], drafts: ColumnElement[bool]) -> Select[Any]:
    """Each slot of some series with what is beside it, as far as the reader sees them."""
    whole, order = Slot.series_id, (Slot.starts_at, Slot.id)
    return (
        select(
            Slot.id,
            Series.id.label("series"),
            func.row_number().over(partition_by=whole, order_by=order).label("number"),
            func.count(Slot.id).over(partition_by=whole).label("of"),
            func.lag(Slot.id).over(partition_by=whole, order_by=order).label("previous_id"),
            func.lead(Slot.id).over(partition_by=whole, order_by=order).label("next_id"),
            func.max(Slot.series_day).over(partition_by=whole).label("last"),
            Series.every,
            Series.step,
            Series.weekdays,
            Series.until,
            Series.count.label("times"),  # a row has a method of the column's own name
        )
        .join(Series, Series.id == Slot.series_id)
        .where(which, or_(Slot.status != Status.DRAFT, drafts))
    )


@built_once
def _standing() -> Select[Any]:
    many = Slot.series_id.in_(bindparam("series", expanding=True))
    inside = _inside(many, bindparam("drafts") == true()).subquery()
    return select(inside).where(inside.c.id.in_(bindparam("slots", expanding=True)))
