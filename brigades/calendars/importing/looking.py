"""What a file that is brought in would become, and what of it is here already."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from brigades.calendars.importing.kept import Kept, One, read_back
from brigades.calendars.models import CalendarFile
from brigades.calendars.reading.found import Remark
from brigades.clock import to_wall
from brigades.db import session
from brigades.schedule.models import Origin, Slot, Status
from brigades.schedule.rules.doubts import doubtful


@dataclass(frozen=True)
class Item:
    """What would become one slot. ``there``: id of the slot that was made of it before.

    ``over``: it has started, or its day has passed. ``twin``: another of its title and start is
    in the section.
    """

    one: One
    there: int | None
    over: bool
    doubtful: bool
    twin: bool

    @property
    def possible(self) -> bool:
        """Whether it can be chosen; a whole day also before its times are known."""
        return self.there is None and (self.one.at is None or self.one.at.possible)

    @property
    def plain(self) -> bool:
        """Whether nothing about it has to be looked at first."""
        odd = self.one.at is not None and self.one.at.odd
        private = Remark.PRIVATE in self.one.remarks
        return self.possible and not (self.over or self.doubtful or self.twin or odd or private)


@dataclass(frozen=True)
class Look:
    """A file with all that its page shows."""

    file: CalendarFile
    kept: Kept
    items: tuple[Item, ...]


def look(file: CalendarFile, now: datetime) -> Look:
    """What a file holds and what of it is here already, in two statements."""
    kept = read_back(file.found, file.day_from, file.day_until)
    there, same = _there(file.section_id, kept.ones), _same_title_and_start(file, kept.ones)
    today = to_wall(now, file.section.zone).local.date()
    items = []
    for one in kept.ones:
        if one.at is not None:
            over = one.at.starts_at <= now
            unsure = doubtful(one.at.starts_at, one.at.ends_at, now)
        else:
            over = one.day is not None and one.day < today
            unsure = over
        twin = one.at is not None and (one.title, one.at.starts_at) in same
        items.append(Item(one, _before(there, one), over, unsure, twin))
    return Look(file, kept, tuple(items))


def _same_title_and_start(file: CalendarFile, ones: Collection[One]) -> set[tuple[str, datetime]]:
    """Titles and starts of slots of the section, as far as any could be meant."""
    starts = [one.at.starts_at for one in ones if one.at is not None]
    if not starts:
        return set()
    query = select(Slot.title, Slot.starts_at).where(
        Slot.section_id == file.section_id,
        Slot.type == file.becomes.value,
        Slot.starts_at.between(min(starts), max(starts)),
        Slot.title.in_({one.title for one in ones}),
        Slot.status != Status.CANCELLED,
    )
    return set(session.execute(query).tuples())


def _before(there: dict[str, dict[str, int]], one: One) -> int | None:
    """The slot that this was made into before.

    What stands alone is known by its event, wherever that was moved to since; one of a series and
    a day among whole ones by their time too.
    """
    known = there.get(one.event, {})
    if one.repeats or one.day is not None:
        return known.get(one.time)
    return next(iter(known.values()), None)


def _there(section_id: int, ones: Collection[One]) -> dict[str, dict[str, int]]:
    """Slots made before, by event and time; one that was cancelled since is not in the way."""
    found: dict[str, dict[str, int]] = {}
    events = sorted({one.event for one in ones})
    if events:
        query = (
            select(Origin.event, Origin.time, Origin.slot_id)
            .join(Slot, Slot.id == Origin.slot_id)
            .where(
                Origin.section_id == section_id,
                Origin.event.in_(events),
                Slot.status != Status.CANCELLED,
            )
            .order_by(Origin.slot_id)
        )
        for event, key, slot_id in session.execute(query):
            found.setdefault(event, {})[key] = slot_id
    return found
