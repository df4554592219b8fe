"""Persons and their membership: who belongs where, since when, and what follows when they leave."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from brigades.audit import service as audit
from brigades.db import session
from brigades.people.models import Membership, Person, Standing
from brigades.sections.models import Section

# Called inside the transaction with (person_id, by=, now=, why=) when somebody leaves;
# higher folders register in create_app.
leaving: list[Callable[..., Any]] = []


def join_section(
    person: Person, section: Section, *, by: int | None, now: datetime, why: str = ""
) -> Membership:
    """Make a person a member of a section from today; a membership elsewhere ends today."""
    today = now.date()
    current = session.scalar(
        select(Membership).where(Membership.person_id == person.id, Membership.until.is_(None))
    )
    was = ""
    if current is not None:
        current.until = today
        was = str(current.section_id)
        session.flush()
    member = Membership(person_id=person.id, section_id=section.id, since=today)
    session.add(member)
    person.section_id, person.standing = section.id, Standing.ACTIVE
    audit.record(
        "membership",
        by=by,
        at=now,
        was=was,
        became=section.name,
        why=why,
        person_id=person.id,
        section_id=section.id,
    )
    session.flush()
    return member


def set_standing(
    person: Person, standing: Standing, *, by: int | None, now: datetime, why: str
) -> None:
    """Change whether a member takes part; leaving frees every place they still hold."""
    if person.standing is standing:
        return
    was, person.standing = person.standing, standing
    audit.record(
        "standing",
        by=by,
        at=now,
        was=was.value,
        became=standing.value,
        why=why,
        person_id=person.id,
        section_id=person.section_id,
    )
    session.flush()
    if standing in (Standing.LEFT, Standing.ARCHIVED):
        _end_membership(person.id, now.date())
        for listener in leaving:
            listener(person.id, by=by, now=now, why=why)


def _end_membership(person_id: int, today: date) -> None:
    current = session.scalar(
        select(Membership).where(Membership.person_id == person_id, Membership.until.is_(None))
    )
    if current is not None:
        current.until = today
