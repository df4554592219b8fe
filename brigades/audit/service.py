"""Writing and reading the trail. Whoever changes a state records it in the same transaction."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import joinedload

from brigades.audit.models import Entry
from brigades.db import session


def record(
    what: str,
    *,
    by: int | None,
    at: datetime,
    was: str = "",
    became: str = "",
    why: str = "",
    person_id: int | None = None,
    slot_id: int | None = None,
    application_id: int | None = None,
    section_id: int | None = None,
) -> None:
    """Add one entry. ``by`` is a person's id, None where the system acted by itself."""
    session.add(
        Entry(
            what=what,
            by_id=by,
            at=at,
            was=was,
            became=became,
            why=why,
            person_id=person_id,
            slot_id=slot_id,
            application_id=application_id,
            section_id=section_id,
        )
    )


class Member(Protocol):
    """Somebody who belongs to a section."""

    id: int
    section_id: int


def record_of(
    person: Member,
    what: str,
    *,
    by: int | None,
    at: datetime,
    was: str = "",
    became: str = "",
    why: str = "",
) -> None:
    """Add one entry about a person, in their section."""
    record(
        what,
        by=by,
        at=at,
        was=was,
        became=became,
        why=why,
        person_id=person.id,
        section_id=person.section_id,
    )


def record_each(
    slots: Iterable[tuple[int, int]],
    what: str,
    *,
    by: int | None,
    at: datetime,
    became: str,
    why: str,
) -> None:
    """The same entry for many slots, pairs of their id and their section's, in one statement."""
    same = {"what": what, "by_id": by, "at": at, "was": "", "became": became, "why": why}
    rows = [{**same, "slot_id": slot_id, "section_id": section_id} for slot_id, section_id in slots]
    if rows:
        session.execute(insert(Entry), rows)


def trail(
    *,
    person_id: int | None = None,
    slot_id: int | None = None,
    application_id: int | None = None,
    section_id: int | None = None,
    most: int = 50,
) -> list[Entry]:
    """The newest entries about one thing, in one statement.

    Each comes with who acted (``entry.by``) and whom it is about (``entry.person``).
    """
    query = select(Entry).options(joinedload(Entry.by), joinedload(Entry.person))
    for column, value in (
        (Entry.person_id, person_id),
        (Entry.slot_id, slot_id),
        (Entry.application_id, application_id),
        (Entry.section_id, section_id),
    ):
        if value is not None:
            query = query.where(column == value)
    return list(session.scalars(query.order_by(Entry.id.desc()).limit(most)))


def forget(person_id: int, name: str, number: str) -> None:
    """Take away what was written about a person freely; what changed and when stays.

    Where the reason of somebody else's entry names them (who swapped with them), the number stands
    from then on.
    """
    session.execute(update(Entry).where(Entry.person_id == person_id).values(why=""))
    if name:
        named = Entry.why.endswith(f" {name}", autoescape=True)
        instead = func.replace(Entry.why, f" {name}", f" {number}")
        session.execute(update(Entry).where(named).values(why=instead))
