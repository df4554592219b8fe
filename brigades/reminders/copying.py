"""A slot's own plan of reminders goes along with its copies, alone, of a week or of a series."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from brigades.db import session
from brigades.reminders.models import ReminderPlan, ReminderRule


def take_along(copies: Sequence[tuple[int, int]], now: datetime) -> None:
    """Give each copy the plan that its source has of its own; ``copies``: ids of source and copy.

    It holds from now on: what had passed by then is not made up for. A fixed number of statements,
    one where no source has a plan.
    """
    sources = sorted({source for source, _copy in copies})
    section_of: dict[int, int] = {}
    rules: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for slot_id, section_id, to, hours, only in session.execute(
        select(
            ReminderPlan.slot_id,
            ReminderPlan.section_id,
            ReminderRule.to,
            ReminderRule.hours,
            ReminderRule.only_unfilled,
        )
        .outerjoin(ReminderRule, ReminderRule.plan_id == ReminderPlan.id)
        .where(ReminderPlan.slot_id.in_(sources))
        .order_by(ReminderPlan.id, ReminderRule.hours.desc(), ReminderRule.id)
    ):
        section_of[slot_id] = section_id
        if to is not None:  # one without rules reminds nobody
            rules[slot_id].append({"to": to, "hours": hours, "only_unfilled": only})
    new = {copy: source for source, copy in copies if source in section_of}
    if not new:
        return
    made = session.execute(
        insert(ReminderPlan).returning(ReminderPlan.slot_id, ReminderPlan.id),
        [
            {"slot_id": copy, "section_id": section_of[source], "since": now}
            for copy, source in new.items()
        ],
    )
    rows = [{"plan_id": id, **rule} for copy, id in made for rule in rules[new[copy]]]
    if rows:
        session.execute(insert(ReminderRule), rows)
