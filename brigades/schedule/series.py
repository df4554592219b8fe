"""Slots that repeat: making a series, and what is done to several of one at once."""

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from brigades.audit import service as audit
from brigades.db import session
from brigades.schedule import copying, slots
from brigades.schedule.copying import Copy
from brigades.schedule.in_series import pattern_of
from brigades.schedule.models import Series, Slot, Status
from brigades.schedule.moves import lock
from brigades.schedule.rules.doubts import doubtful
from brigades.schedule.rules.series import Pattern, days

REPEATED = "repeated as a series"
FROM_SERIES = "made as part of a series"
WITH_SERIES = "together with others of the series"


class Repeats(Exception):
    """A slot is in a series already."""


def preview(slot: Slot, pattern: Pattern, now: datetime) -> list[Copy]:
    """The slots that repeating one would make beside it; raises TooMany."""
    first = slot.starts_local.date()
    later = days(first, pattern)[1:]
    return copying.copies(((slot, (day - first).days) for day in later), now)


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
    wanted = [one for one in preview(slot, pattern, now) if one.key in chosen]
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
    pattern = moved(pattern_of(of.every, of.step, of.weekdays, of.until, of.count), step)
    series = begin(of.section_id, pattern, now)
    return copying.make(
        list(wanted), publish=publish, by=by, now=now, why=FROM_SERIES, series_id=series.id
    )


def moved(pattern: Pattern, step: int) -> Pattern:
    """The pattern of a series that stands so many days later: its weekdays move along."""
    until = date.fromordinal(pattern.until.toordinal() + step) if pattern.until else None
    weekdays = frozenset((number - 1 + step) % 7 + 1 for number in pattern.weekdays)
    return Pattern(pattern.every, pattern.step, weekdays, until, pattern.count)


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


def publish_all(slot: Slot, *, by: int, now: datetime) -> tuple[int, int]:
    """Publish the drafts of a slot's series; returns how many, and how many stay drafts.

    Those stay whose dates are rarely meant: of each that is asked by itself.
    """
    return publish_drafts(drafts_of(slot), by=by, now=now, why=WITH_SERIES)


def publish_drafts(ids: Iterable[int], *, by: int, now: datetime, why: str) -> tuple[int, int]:
    """The same for drafts by their ids, in id order; what is no draft any more is passed over."""
    held = [one for id in ids if (one := lock(id)).status is Status.DRAFT]
    sure = [one.id for one in held if not doubtful(one.starts_at, one.ends_at, now)]
    _each(sure, lambda one: slots.publish(one, by=by, now=now, why=why))
    return len(sure), len(held) - len(sure)


def cancel_from(slot: Slot, *, by: int, now: datetime, why: str) -> int:
    """Cancel a slot and all that follow it in the series; returns how many there were."""
    ids = sorted([slot.id, *later_than(slot, now)])
    _each(ids, lambda one: slots.cancel(one, by=by, now=now, why=why))
    return len(ids)


def _each(ids: Iterable[int], act: Callable[[int], Any]) -> None:
    """One after the other in id order, so that two who do so at once wait, never for each other."""
    for one in ids:
        act(one)
