"""Whom anything needs this morning, so that nobody gets a letter with nothing in it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from brigades.db import built_once, session
from brigades.reminders.duties.appointed import Appointments
from brigades.reminders.duties.undone import given, undone
from brigades.reminders.duties.what import CLIMBING, What
from brigades.schedule.limits import limits
from brigades.schedule.rules.answering import reached


def concerned(appointed: Appointments, now: datetime) -> set[int]:
    """Ids of the people with anything in their daily mail; one statement for all of them."""
    found: set[int] = set()
    for what, section_id, since, at, *ids in session.execute(_by_section(), given(now)):
        if section_id not in appointed.places:
            continue
        steps = appointed.ladder(section_id)
        # One's own paper is for somebody else to check; they hear of it as it climbs.
        own = frozenset(ids) if what == What.PAPER and len(set(ids)) == 1 else frozenset()
        found |= steps.nearest - own
        if what == What.GAP:
            found |= appointed.overseers(section_id)
            if at <= now + limits().short:
                found = found.union(*steps.rungs[: steps.above + 1])
        elif what in CLIMBING and since is not None:
            found |= reached(steps, now - since, limits()) - own
    return found


@built_once
def _by_section() -> Select[Any]:
    """Of each kind and section, since when the oldest waits, and when the soonest starts."""
    row = undone().c
    return select(
        row.what,
        row.section_id,
        func.min(row.since),
        func.min(row.at),
        func.min(row.id),
        func.max(row.id),
    ).group_by(row.what, row.section_id)
