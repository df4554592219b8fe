"""Days on which somebody cannot come. None of these commits."""

from datetime import date, datetime

from sqlalchemy import select

from brigades.audit import service as audit
from brigades.db import session
from brigades.people.models import Away, Person

MOST = 100


class TooMany(Exception):
    """So many times away are to come already that nobody would look through them."""


def coming(person_id: int, today: date) -> list[Away]:
    """Times away that are not over, the next one first."""
    query = (
        select(Away)
        .where(Away.person_id == person_id, Away.last_day >= today)
        .order_by(Away.first_day, Away.id)
        .limit(MOST)
    )
    return list(session.scalars(query))


def add(
    person: Person, first: date, last: date, note: str, *, by: int, now: datetime
) -> Away | None:
    """Another time away, both days inclusive; None where it is known already. Raises TooMany."""
    known = coming(person.id, now.date())
    if any((one.first_day, one.last_day) == (first, last) for one in known):
        return None
    if len(known) >= MOST:
        raise TooMany
    away = Away(person_id=person.id, first_day=first, last_day=last, note=note)
    session.add(away)
    audit.record_of(person, "away", by=by, at=now, became=_span(first, last))
    return away


def remove(person: Person, away_id: int, *, by: int, now: datetime) -> bool:
    """Take a time away back; False where this person has none with this id."""
    away = session.scalar(select(Away).where(Away.id == away_id, Away.person_id == person.id))
    if away is None:
        return False
    session.delete(away)
    audit.record_of(person, "away removed", by=by, at=now, was=_span(away.first_day, away.last_day))
    return True


def _span(first: date, last: date) -> str:
    return f"{first.isoformat()} – {last.isoformat()}" if last != first else first.isoformat()
