"""All that is kept of one person, for whoever asks what that is. [GDPR Art. 15, 20]

Read off the tables themselves: each row that names the person, so that a new table is among them
by itself. What opens something (passwords, secrets of calendars, keys of devices) is left out.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, or_, select

from brigades.audit import service as audit
from brigades.db import Base, session
from brigades.keeping.others import without_others
from brigades.people.models import Person
from brigades.recruiting.models import Application
from brigades.schedule.models import Participation, Slot

SUBJECT = "person_id"  # what a column is called that says whom a row is about
SECRET = frozenset(
    {"auth", "calendar_secret", "endpoint", "epoch", "key", "message_id", "password_hash", "secret"}
)
# Made by us for finding and sorting; they say nothing more.
DERIVED = frozenset({"email_key", "leased_until", "rank", "search", "sort_name"})
# Who did something is somebody else's.
OTHERS = frozenset({"by_id", "decided_by", "guardian_consent_by", "verified_by"})

# What they said of themselves.
TYPED = frozenset({"account", "away", "qualification"})


def all_of(person: Person, *, by: int, now: datetime) -> dict[str, Any]:
    """Rows by table, ready for JSON; that it was given out stands in the trail.

    What was written freely names nobody else. Who somebody is and what they typed when they
    applied is theirs, whomever it names.
    """
    audit.record_of(person, "data given out", by=by, at=now)
    session.flush()
    found: dict[str, Any] = {"given_out_at": now.isoformat()}
    found["person"] = _rows(Person.__table__, Person.id == person.id)
    for table in Base.metadata.sorted_tables:
        if table.name == Application.__tablename__:
            theirs = or_(
                Application.person_id == person.id, Application.email_key == person.email_key
            )
            found[table.name] = _rows(table, theirs)
        elif SUBJECT in table.c:
            rows = _rows(table, table.c[SUBJECT] == person.id)
            found[table.name] = rows if table.name in TYPED else without_others(rows, person)
    slots = select(Participation.slot_id).where(Participation.person_id == person.id)
    found["slot"] = [
        {name: _plain(value) for name, value in row.items()}
        for row in session.execute(
            select(Slot.id, Slot.title, Slot.place, Slot.starts_at, Slot.ends_at, Slot.zone)
            .where(Slot.id.in_(slots))
            .order_by(Slot.id)
        ).mappings()
    ]
    return found


def _rows(table: Any, theirs: Any) -> list[dict[str, Any]]:
    assert isinstance(table, Table)
    shown = [c for c in table.c if c.name not in SECRET | DERIVED | OTHERS]
    query = select(*shown).where(theirs).order_by(*table.primary_key.columns)
    return [
        {name: _plain(value) for name, value in row.items() if value not in (None, "")}
        for row in session.execute(query).mappings()
    ]


def _plain(value: Any) -> Any:
    """As JSON can say it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if isinstance(value, bool | int | float | list | dict) else str(value)
