"""What becomes of slots whose lead leaves the organisation: nobody leads them any more."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from brigades.audit import service as audit
from brigades.db import session
from brigades.schedule.models import Slot, Status

LEFT = "who led it has left"


def let_go(column: Any) -> Callable[..., None]:
    """What takes a person off as lead of what has not started, for `people.leaving`.

    ``column`` is the lead's id in a table of slots. At most two statements. To run after places
    are freed: it locks no slot, and who is just writing to one waits for nothing that we have.
    """
    table = column.class_.__table__
    lead = table.c[column.key]

    def take_off(person_id: int, *, by: int | None, now: datetime, why: str) -> None:
        to_come = select(Slot.id).where(Slot.status != Status.CANCELLED, Slot.starts_at > now)
        led = session.scalars(
            update(table)
            .where(lead == person_id, table.c.id.in_(to_come))
            .values({lead: None})
            .returning(table.c.id)
        ).all()
        if not led:
            return
        where = select(Slot.id, Slot.section_id).where(Slot.id.in_(led)).order_by(Slot.id)
        pairs = session.execute(where).tuples().all()
        audit.record_each(pairs, "slot", by=by, at=now, became="edited", why=LEFT)

    return take_off
