"""Qualifications of people: earned in a training, added by hand, verified, corrected, removed."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from brigades.access import Scope
from brigades.audit import service as audit
from brigades.db import session
from brigades.people.models import Person
from brigades.qualifications.models import Kind, KindIncludes, Qualification
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


@dataclass(frozen=True)
class Paper:
    """What stands on a certificate, as a form has checked it.

    Without a last day of its own it holds as long as its kind says.
    """

    kind_id: int
    issued_on: date
    valid_until: date | None = None
    number: str = ""
    authority: str = ""


def of_person(person_id: int) -> list[Qualification]:
    """All that a person holds or held, with kind and verifier, by kind; one statement."""
    return list(
        session.scalars(
            select(Qualification)
            .join(Qualification.kind)
            .options(contains_eager(Qualification.kind), joinedload(Qualification.verifier))
            .where(Qualification.person_id == person_id)
            .order_by(Kind.name, Qualification.issued_on.desc(), Qualification.id.desc())
        )
    )


def holding(kind_id: str, on: date) -> ColumnElement[bool] | None:
    """The condition that a person holds a kind on a day: verified and valid, or one including it.

    None where ``kind_id`` is no number that an id can be.
    """
    if not (kind_id.isascii() and kind_id.isdigit() and len(kind_id) < 10):
        return None
    wider = select(KindIncludes.kind_id).where(KindIncludes.includes_id == int(kind_id))
    return exists().where(
        Qualification.person_id == Person.id,
        or_(Qualification.kind_id == int(kind_id), Qualification.kind_id.in_(wider)),
        Qualification.verified_on.is_not(None),
        Qualification.issued_on <= on,
        or_(Qualification.valid_until.is_(None), Qualification.valid_until >= on),
    )


def in_scope(scope: Scope, qualification_id: int) -> Qualification | None:
    """A qualification of a person within the scope, with its kind and holder."""
    return session.scalar(
        select(Qualification)
        .join(Qualification.person)
        .options(contains_eager(Qualification.person), joinedload(Qualification.kind))
        .where(Qualification.id == qualification_id, scope.within(Person))
    )


def own(person_id: int, qualification_id: int) -> Qualification | None:
    """A person's own qualification, with its kind."""
    return session.scalar(
        select(Qualification)
        .options(joinedload(Qualification.kind))
        .where(Qualification.id == qualification_id, Qualification.person_id == person_id)
    )


def add(
    person_id: int, paper: Paper, *, by: int, now: datetime, verified: bool = False
) -> Qualification:
    """Note a certificate; what somebody adds for themselves waits to be verified."""
    kind = session.get_one(Kind, paper.kind_id)
    held = Qualification(person_id=person_id)
    _write(held, kind, paper)
    if verified and by != person_id:
        held.verified_by, held.verified_on = by, now.date()
    session.add(held)
    _record("qualification added", held, kind, by=by, now=now)
    session.flush()
    return held


def verify(held: Qualification, *, by: int, now: datetime) -> bool:
    """Note who checked it and when. False for one's own, which somebody else has to check."""
    if held.person_id == by:
        return False
    if held.verified_on is None:
        held.verified_by, held.verified_on = by, now.date()
        _record("qualification verified", held, held.kind, by=by, now=now)
        session.flush()
    return True


def correct(held: Qualification, paper: Paper, *, by: int, now: datetime, verified: bool) -> None:
    """Write a certificate anew; it stays or becomes verified only if its editor has seen it."""
    was = held.kind.name
    kind = session.get_one(Kind, paper.kind_id)
    _write(held, kind, paper)
    if verified and by != held.person_id:
        held.verified_by, held.verified_on = by, now.date()
    else:
        held.verified_by = held.verified_on = None
    changed = was if was != kind.name else ""
    _record("qualification changed", held, kind, by=by, now=now, was=changed)
    session.flush()


def remove(held: Qualification, *, by: int, now: datetime, why: str = "") -> None:
    """Remove a qualification that should not stand there; an expired one rather stays listed."""
    _record("qualification removed", held, held.kind, by=by, now=now, why=why)
    session.delete(held)
    session.flush()


def _write(held: Qualification, kind: Kind, paper: Paper) -> None:
    held.kind_id, held.kind = kind.id, kind
    held.number, held.authority = paper.number, paper.authority
    held.issued_on = paper.issued_on
    held.valid_until = paper.valid_until or valid_until(kind, paper.issued_on)


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
