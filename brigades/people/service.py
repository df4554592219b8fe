"""Persons and their membership: who belongs where, since when, and what follows when they leave."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from brigades.audit import service as audit
from brigades.db import session
from brigades.people import appointments
from brigades.people.models import Membership, Person, Standing
from brigades.sections.models import Section

# Called inside the transaction with (person_id, by=, now=, why=) when somebody leaves, and when
# somebody who had left is taken back; higher folders register in create_app.
leaving: list[Callable[..., Any]] = []
returning: list[Callable[..., Any]] = []

GONE = (Standing.LEFT, Standing.ARCHIVED)


def join_section(
    person: Person, section: Section, *, by: int | None, now: datetime, why: str = ""
) -> Membership:
    """Make a person a member of a section from today; a membership elsewhere ends today.

    Who is on leave stays so; everybody else is active from then on.
    """
    today = now.date()
    current = _membership(person.id)
    was = ""
    if current is not None:
        was = session.scalar(select(Section.name).where(Section.id == current.section_id)) or ""
        current.until = today
        session.flush()
    member = Membership(person_id=person.id, section_id=section.id, since=today)
    session.add(member)
    person.section_id = section.id
    if person.standing is not Standing.ON_LEAVE:
        person.standing = Standing.ACTIVE
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
    """Change whether a member takes part.

    Leaving ends membership and roles and frees every place they still hold; coming back starts a
    new membership. Raises appointments.LastAdministrator.
    """
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
    if standing in GONE and was not in GONE:
        appointments.end_all(person.id, by=by, now=now, why=why)
        _end_membership(person.id, now.date())
        for listener in leaving:
            listener(person.id, by=by, now=now, why=why)
    elif was in GONE and standing not in GONE:
        session.add(Membership(person_id=person.id, section_id=person.section_id, since=now.date()))
        session.flush()
        for listener in returning:
            listener(person.id, by=by, now=now, why=why)


def _end_membership(person_id: int, today: date) -> None:
    current = _membership(person_id)
    if current is not None:
        current.until = today


def _membership(person_id: int) -> Membership | None:
    return session.scalar(
        select(Membership).where(Membership.person_id == person_id, Membership.until.is_(None))
    )
