"""Qualifications of people: earned in a training, added by hand, verified, corrected, removed."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from brigades.audit import service as audit
from brigades.db import session
from brigades.people.models import Person
from brigades.qualifications.models import Kind, Qualification
from brigades.qualifications.rules import valid_until


def grant(
    person_id: int,
    kind_id: int,
    issued_on: date,
    *,
    by: int | None,
    now: datetime,
    participation_id: int,
) -> Qualification:
    """Give a person what a training earned, verified by who ticked; a second time changes nothing.

    The place is what makes it one: whoever ticks twice, or ticks again after taking back, finds
    exactly one qualification.
    """
    held = _earned(participation_id)
    if held is not None:
        return held
    kind = session.get_one(Kind, kind_id)
    held = Qualification(
        person_id=person_id,
        kind_id=kind_id,
        issued_on=issued_on,
        valid_until=valid_until(kind, issued_on),
        verified_by=by,
        verified_on=now.date(),
        participation_id=participation_id,
    )
    session.add(held)
    _record("qualification granted", held, kind, by=by, now=now)
    session.flush()
    return held


def take_back(participation_id: int, *, by: int | None, now: datetime) -> None:
    """Remove what a place had earned; nothing happens where it earned nothing."""
    held = _earned(participation_id)
    if held is None:
        return
    _record("qualification taken back", held, held.kind, by=by, now=now)
    session.delete(held)
    session.flush()


def _earned(participation_id: int) -> Qualification | None:
    return session.scalar(
        select(Qualification)
        .options(joinedload(Qualification.kind))
        .where(Qualification.participation_id == participation_id)
    )


def _record(
    what: str,
    held: Qualification,
    kind: Kind,
    *,
    by: int | None,
    now: datetime,
    was: str = "",
    became: str = "",
    why: str = "",
) -> None:
    """Write a change of a qualification into its holder's trail."""
    section_id = session.scalar(select(Person.section_id).where(Person.id == held.person_id))
    audit.record(
        what,
        by=by,
        at=now,
        was=was,
        became=became or kind.name,
        why=why,
        person_id=held.person_id,
        section_id=section_id,
    )
