"""What the daily mail of one reader lists: theirs, what has climbed to them, gaps further down."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, Subquery, and_, bindparam, case, func, or_, select

from brigades.db import Instant, built_once, session
from brigades.reminders.duties.appointed import Appointments
from brigades.reminders.duties.of_slots import gaps
from brigades.reminders.duties.undone import given, undone
from brigades.reminders.duties.what import CLIMBING, What
from brigades.schedule.limits import limits
from brigades.schedule.rules.answering import waits

SHOWN = 10  # of each list; the pages show the rest


@dataclass(frozen=True)
class Reach:
    """Sections by what of them reaches a reader: all, what waited for so long, urgent gaps."""

    own: list[int] = field(default_factory=list)
    after: dict[timedelta, list[int]] = field(default_factory=lambda: defaultdict(list))
    urgent: list[int] = field(default_factory=list)
    overseen: list[int] = field(default_factory=list)


def reach(appointed: Appointments, person_id: int) -> Reach:
    """What of which sections reaches somebody, from the appointments alone."""
    found = Reach()
    overseen = appointed.overseen(person_id)
    for place in appointed.below(person_id):
        steps = appointed.ladder(place.id)
        rung = steps.rung_of(person_id)
        if rung == 0:
            found.own.append(place.id)
            continue
        if rung is not None:
            found.after[waits(rung, limits())].append(place.id)
            if rung <= steps.above:
                found.urgent.append(place.id)
        if place.id in overseen:
            found.overseen.append(place.id)
    return found


@dataclass(frozen=True)
class Undone:
    """Rows of one list, the first of them, with how many rows and things there are."""

    what: What | None  # None: of every kind, climbed
    rows: list[Any]
    rows_in_all: int
    number: int


def undone_of(to: Reach, reader_id: int, now: datetime) -> list[Undone]:
    """Each list with something in it, in the order of ``What``, then what climbed; one statement.

    What waited too long stands first in its list. One's own papers are for others to check.
    """
    chased = now - limits().chase
    values: dict[str, Any] = given(now) | {"own": to.own, "urgent": to.urgent, "chased": chased}
    values["reader"] = reader_id
    values["near"] = now + limits().short
    values["within"] = [*to.own, *(id for sections in to.after.values() for id in sections)]
    for number, (wait, sections) in enumerate(sorted(to.after.items())):
        values |= {f"sections_{number}": sections, f"since_{number}": now - wait}
    lists: dict[str, list[Any]] = defaultdict(list)
    for row in session.execute(_of_reader(len(to.after)), values):
        lists[row.part].append(row)
    return [
        Undone(What(part) if part else None, lists[part], first.rows_in_all, first.in_all)
        for part in [*What, ""]
        if part in lists and (first := lists[part][0])
    ]


@lru_cache(maxsize=32)
def _of_reader(waits: int) -> Select[Any]:
    rows = undone(within=True)
    row = rows.c
    own = row.section_id.in_(bindparam("own", expanding=True))
    climbed = [
        and_(
            row.section_id.in_(bindparam(f"sections_{number}", expanding=True)),
            row.what.in_(sorted(CLIMBING)),
            row.since <= bindparam(f"since_{number}"),
        )
        for number in range(waits)
    ]
    urgent = and_(row.what == What.GAP.value, _urgent(rows))
    part = case((own, row.what), else_="")
    late = and_(row.what.in_(sorted(CLIMBING)), row.since <= bindparam("chased"))
    order = (
        case((late, 0), else_=1),
        case(
            (and_(own, row.at.is_not(None)), row.at),
            else_=func.coalesce(row.since, row.at, bindparam("now", type_=Instant())),
        ),
        row.id,
    )
    ranked = (
        select(
            *rows.c,
            part.label("part"),
            case((late, True), else_=False).label("late"),
            func.count().over(partition_by=part).label("rows_in_all"),
            func.sum(row.number).over(partition_by=part).label("in_all"),
            func.row_number().over(partition_by=part, order_by=order).label("at_place"),
        )
        .where(
            or_(own, *climbed, urgent),
            or_(row.what != What.PAPER.value, row.id != bindparam("reader")),
        )
        .subquery()
    )
    return (
        select(ranked).where(ranked.c.at_place <= SHOWN).order_by(ranked.c.part, ranked.c.at_place)
    )


def _urgent(rows: Subquery) -> Any:
    return and_(
        rows.c.section_id.in_(bindparam("urgent", expanding=True)),
        rows.c.at <= bindparam("near"),
    )


def gaps_below(to: Reach, now: datetime) -> list[Any]:
    """Of the first sections further down with unfilled needs, the soonest first: how many places.

    One statement. Each row has also the number of ``sections`` and of places ``in_all``.
    """
    if not to.overseen:
        return []
    values = given(now) | {
        "overseen": to.overseen,
        "urgent": to.urgent,
        "near": now + limits().short,
    }
    return list(session.execute(_gaps_by_section(), values))


@built_once
def _gaps_by_section() -> Select[Any]:
    rows = gaps().subquery("gaps")
    number = func.sum(rows.c.number)
    return (
        select(
            rows.c.section_id,
            number.label("number"),
            func.min(rows.c.at).label("at"),
            func.count().over().label("sections"),
            func.sum(number).over().label("in_all"),
        )
        .where(rows.c.section_id.in_(bindparam("overseen", expanding=True)), ~_urgent(rows))
        .group_by(rows.c.section_id)
        .order_by(func.min(rows.c.at), rows.c.section_id)
        .limit(SHOWN)
    )
