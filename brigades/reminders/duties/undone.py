"""Everything that waits for a coordinator or organizer, in every section, as one subquery.

Each row is one thing to do. What is read of it is the same for one reader's list and for asking
whether there is anything at all, so that no mail is posted that would have nothing to say.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, Subquery, bindparam, union_all

from brigades.attendance.service import ASKED_FOR
from brigades.clock import DAY
from brigades.reminders.duties import of_people, of_slots
from brigades.reminders.duties.what import What
from brigades.schedule.states import State

AHEAD = 14 * DAY  # how far an unfilled need is looked for


def given(now: datetime) -> dict[str, Any]:
    """What a statement with ``undone`` in it runs with besides its own values."""
    return {
        "now": now,
        "today": now.date(),
        "ahead": now + AHEAD,
        "asked": now - ASKED_FOR,
    }


def undone(*, within: bool = False) -> Subquery:
    """All that waits: what, which, in which section, since when, until when, who and what about.

    Which by its id; of papers and mailboxes it is their owner's. ``number`` counts places or
    people where the row stands for several; ``of`` how many there should be. ``within``: only in
    the sections that the statement is given as ``within``.
    """
    parts = [
        of_people.applications(),
        of_slots.places(What.COVER, State.SEEKING_COVER),
        of_slots.places(What.REQUEST, State.REQUESTED),
        of_slots.swaps(),
        of_slots.doubts(),
        of_people.papers(),
        of_slots.places(What.OFFER, State.OFFERED),
        of_slots.gaps(),
        of_slots.unsaid(),
        of_people.mailboxes(),
    ]
    if within:  # said to each part: no database does so by itself where a part counts
        parts = [part.where(_section(part).in_(_WITHIN)) for part in parts]
    return union_all(*parts).subquery("undone")


_WITHIN: Any = bindparam("within", expanding=True)


def _section(part: Select[Any]) -> Any:
    column: Any = part.selected_columns.section_id
    return column.element
