"""What waits of people: those who ask to join, papers to check, addresses that bounce."""

from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select

from brigades.audit.models import Entry
from brigades.db import Instant
from brigades.outbox.models import Mailbox
from brigades.people.models import STILL_HERE, Person
from brigades.qualifications.models import Kind, Qualification
from brigades.recruiting.models import WAITING_STAGES, Application
from brigades.reminders.duties.what import What, row


def applications() -> Select[Any]:
    """Applications that nobody has decided on."""
    since = func.coalesce(Application.confirmed_at, Application.sent_at, type_=Instant())
    return row(
        What.APPLICATION, Application.id, Application.section_id, since, person=Application
    ).where(Application.stage.in_(WAITING_STAGES))


def papers() -> Select[Any]:
    """Certificates that nobody has checked, of people who are still with us, while they hold."""
    noted = (
        select(func.max(Entry.at, type_=Instant()))
        .where(
            Entry.person_id == Qualification.person_id,
            Entry.what.in_(("qualification added", "qualification changed")),
            Entry.became == Kind.name,
        )
        .correlate(Qualification, Kind)
        .scalar_subquery()
    )
    return (
        row(What.PAPER, Person.id, Person.section_id, noted, person=Person, title=Kind.name)
        .select_from(Qualification)
        .join(Person, Person.id == Qualification.person_id)
        .join(Kind, Kind.id == Qualification.kind_id)
        .where(
            Qualification.verified_on.is_(None),
            or_(
                Qualification.valid_until.is_(None),
                Qualification.valid_until >= bindparam("today"),
            ),
            Person.standing.in_(STILL_HERE),
        )
    )


def mailboxes() -> Select[Any]:
    """Addresses of people who are still with us that send letters back."""
    return (
        row(
            What.MAILBOX,
            Person.id,
            Person.section_id,
            Mailbox.bouncing_since,
            person=Person,
            title=Person.email,
        )
        .join(Mailbox, Mailbox.address == func.lower(Person.email))
        .where(Mailbox.bouncing_since.is_not(None), Person.standing.in_(STILL_HERE))
    )
