"""How somebody wants their mail: in which zone their day is, whether duties' letters come, and what
they wished for before. None commits.
"""

from datetime import date, datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from brigades.audit import service as audit
from brigades.audit.models import Entry
from brigades.db import session
from brigades.outbox.kinds import How, Kind
from brigades.outbox.wishes.service import CHANGED
from brigades.people.models import Person
from brigades.sections.models import Appointment


def reader(person_id: int) -> Person | None:
    """A person with their section, for their mail; None where they are not known or were erased."""
    return session.scalar(
        select(Person)
        .options(joinedload(Person.section))
        .where(Person.id == person_id, Person.erased_on.is_(None))
    )


def has_duties(person_id: int, today: date) -> bool:
    """Whether somebody has an appointment today, so that duties may be written to them."""
    runs = exists().where(
        Appointment.person_id == person_id,
        Appointment.holds_on(today),
    )
    return session.scalar(select(runs)) is True


def set_zone(person: Person, zone: str | None, *, by: int, now: datetime) -> bool:
    """Keep in which zone a person's day is, None for their section's; whether that is new."""
    session.refresh(person, ["zone"], with_for_update=True)  # pressed twice at once is one change
    if zone == person.zone:
        return False
    was, person.zone = person.zone, zone
    audit.record_of(person, "mail zone", by=by, at=now, was=was or "", became=zone or "")
    session.flush()
    return True


def before_stopping(person_id: int, kind: Kind) -> How:
    """How somebody had a kind of letters before they last stopped it, as the trail keeps it.

    At once where it does not say.
    """
    stopped = (
        select(Entry.was)
        .where(
            Entry.person_id == person_id,
            Entry.what == CHANGED,
            Entry.became == f"{kind}, {How.NEVER}",
        )
        .order_by(Entry.id.desc())
        .limit(1)
    )
    _kind, _comma, how = (session.scalar(stopped) or "").partition(", ")
    return How(how) if how in (How.AT_ONCE, How.DAILY) else How.AT_ONCE
