"""Papers that lapse of people who are expected: told to those who answer for them, in the morning.

At the same days before the end as their holders hear it, all that comes up on a morning in one
letter. A mark for each reader, paper, last day and distance says what was told.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, select

from brigades.db import built_once, session
from brigades.people.models import Person
from brigades.qualifications.models import Qualification
from brigades.reminders.duties.appointed import Appointments
from brigades.reminders.lapsing import DAYS, crossed
from brigades.reminders.lapsing_papers import replaced
from brigades.reminders.models import Told
from brigades.schedule.models import Participation, Slot, Status
from brigades.schedule.states import COMING

AT_ONCE = 5000  # keys asked for in one statement


@dataclass(frozen=True)
class Lapsing:
    """A paper of somebody who is expected, and who answers for them."""

    id: int
    until: date
    readers: set[int]


@dataclass(frozen=True)
class Crossed:
    """What readers are told on a morning: ids of papers by reader, and the marks to be kept."""

    papers: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    marks: list[str] = field(default_factory=list)


def newly_crossed(appointed: Appointments, days: dict[int, date], now: datetime) -> Crossed:
    """What crosses 90, 30 or 7 days for readers with their local day; reads only."""
    lapsing = [one for one in _lapsing(appointed, now) if one.readers & days.keys()]
    told = _told(
        _key(reader, one, distance)
        for one in lapsing
        for reader in one.readers & days.keys()
        for distance in DAYS
    )
    found = Crossed()
    for one in lapsing:
        for reader in sorted(one.readers & days.keys()):
            before = [distance for distance in DAYS if _key(reader, one, distance) in told]
            distance = crossed(one.until, days[reader], before)
            if distance is not None:
                found.papers[reader].append(one.id)
                found.marks.append(_key(reader, one, distance))
    return found


def _key(reader: int, paper: Lapsing, distance: int) -> str:
    return f"papers-lapse:{reader}:{paper.id}:{paper.until.isoformat()}:{distance}"


def _told(keys: Any) -> set[str]:
    asked = sorted(keys)
    found: set[str] = set()
    for start in range(0, len(asked), AT_ONCE):
        some = asked[start : start + AT_ONCE]
        found.update(session.scalars(select(Told.key).where(Told.key.in_(some))))
    return found


def _lapsing(appointed: Appointments, now: datetime) -> list[Lapsing]:
    """Papers within the widest distance; those answer who do so for the holder's section.

    And those who do so for a slot in which the holder is expected, where they run that section.
    """
    given = {
        "now": now,
        "first": now.date() - timedelta(days=1),
        "last": now.date() + timedelta(days=max(DAYS) + 1),
    }
    found: dict[int, Lapsing] = {}
    for id, until, home, where in session.execute(_expected(), given):
        one = found.setdefault(id, Lapsing(id, until, set(appointed.ladder(home).nearest)))
        if appointed.places[home].path.startswith(appointed.places[where].path):
            one.readers.update(appointed.ladder(where).nearest)
    return list(found.values())


@built_once
def _expected() -> Select[Any]:
    return (
        select(Qualification.id, Qualification.valid_until, Person.section_id, Slot.section_id)
        .join(Person, Person.id == Qualification.person_id)
        .join(Participation, Participation.person_id == Person.id)
        .join(Slot, Slot.id == Participation.slot_id)
        .where(
            Qualification.valid_until.between(bindparam("first"), bindparam("last")),
            Qualification.verified_on.is_not(None),
            ~replaced(),
            Participation.state.in_(COMING),
            Slot.status == Status.PUBLISHED,
            Slot.ends_at > bindparam("now"),
        )
        .distinct()
    )
