"""What the pages of the schedule show, each read in a fixed number of statements."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, or_, select

from brigades.access import Can, Scope, named_inside
from brigades.clock import local_day, zone_to_show
from brigades.db import built_once, session
from brigades.people.models import Person
from brigades.sections.models import Section
from brigades.timetable import slots
from brigades.timetable.asked import Asked
from brigades.timetable.board import Gap, gaps
from brigades.timetable.rules import Day, Span, span_of
from brigades.timetable.slots import SlotShown

MOST = 400  # slots on one page; a sheet holds more
MOST_IN_SHEET = 5000


@dataclass(frozen=True)
class Frame:
    """Whose days the page shows: the sections to choose from, the zone's name, today there."""

    sections: tuple[tuple[int, str], ...]
    section: str  # the name of the chosen one, empty for all
    zone: str
    today: date


@dataclass
class OnDay:
    """A day and the slots that touch it, by start.

    ``short`` is how many places are short, each slot counted on the first of its days.
    """

    day: Day
    slots: list[SlotShown] = field(default_factory=list)
    short: int = 0


@dataclass(frozen=True)
class Shown:
    """The slots of a span. ``cut``: there are more than a page holds, the last are left out."""

    span: Span
    slots: list[SlotShown]
    gaps: list[Gap]
    cut: bool

    @property
    def short(self) -> int:
        """Places that are short in what is to come."""
        return sum(gap.short for gap in self.gaps)

    @property
    def short_slots(self) -> int:
        """How many slots they are short in."""
        return len({gap.slot.id for gap in self.gaps})

    def by_day(self) -> list[OnDay]:
        """Every day of the span with what touches it; over midnight means on both days."""
        days = [OnDay(day) for day in self.span.days]
        coming = {gap.slot.id for gap in self.gaps}
        for slot in self.slots:
            touched = self.span.touched(slot.starts_at, slot.ends_at)
            for index in touched:
                days[index].slots.append(slot)
            if slot.id in coming:
                days[touched[0]].short += slot.short
        return days


def frame(scope: Scope, reader: Person, asked: Asked, now: datetime) -> Frame:
    """The frame of a page in one statement. Its zone is the chosen section's, else the reader's.

    A section outside the scope is none that could be chosen.
    """
    seen, own_section = scope.sections(Can.TAKE_PART), reader.section_id
    given = scope.given(Can.TAKE_PART) | {"own": own_section}
    rows = session.execute(_sections(scope.everywhere), given).all()
    chosen = None if asked.own_week else asked.section_id
    of = {id: (name, zone) for id, name, zone in rows if id in seen or id == own_section}
    name, zone = of.get(chosen or 0, ("", "")) if chosen in seen else ("", "")
    zone = zone_to_show(zone or reader.zone or of[own_section][1]).key
    return Frame(
        sections=tuple((id, name) for id, name, _zone in rows if id in seen),
        section=name,
        zone=zone,
        today=local_day(now, zone),
    )


@built_once
def _sections(everywhere: frozenset[Can]) -> Select[Any]:
    return (
        select(Section.id, Section.name, Section.zone)
        .where(
            or_(
                named_inside(Section.id, Can.TAKE_PART, everywhere),
                Section.id == bindparam("own"),
            )
        )
        .order_by(Section.name, Section.id)
    )


def shown(scope: Scope, asked: Asked, frame: Frame, now: datetime, most: int = MOST) -> Shown:
    """The slots that the address asks for, in three statements."""
    span = span_of(asked.view, asked.day or frame.today, frame.zone, asked.long)
    found, cut = slots.found(scope, asked, span, most)
    return Shown(span, found, gaps(found, now), cut)
