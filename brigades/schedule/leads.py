"""Who leads a slot: whoever is chosen takes part, and who leaves the organisation leads no more."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from brigades.audit import service as audit
from brigades.db import session
from brigades.people.models import Person, Standing
from brigades.schedule.models import Slot, Status

LEFT = "who led it has left"


class Gone(Exception):
    """Whoever was chosen to lead does not take part any more."""


def chosen(person_id: int | None, before: int | None) -> int | None:
    """Whom somebody has just chosen as lead, or nobody; ``before``: who leads until now.

    To ask once the person is locked with `moves.lock_with_people`: who leaves at the same moment
    either is found to have left, or finds that they lead. Raises Gone.
    """
    if person_id in (None, before):
        return person_id
    standing = session.scalar(select(Person.standing).where(Person.id == person_id))
    if standing is not Standing.ACTIVE:
        raise Gone
    return person_id


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
