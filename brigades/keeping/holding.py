"""Keeping somebody who left longer than the period says, and letting them go again."""

from datetime import date, datetime, timedelta

from sqlalchemy import delete, select

from brigades.audit import service as audit
from brigades.db import insert_once, session
from brigades.keeping.models import Farewell
from brigades.keeping.rules import HELD_AT_MOST, KEPT_LONGER, Ground
from brigades.people.models import Person

TRAIL = "kept longer"


class TooLong(Exception):
    """Nobody is held back for that long at once."""


def of(person_id: int) -> Farewell | None:
    """What was said with somebody who left; None where nothing was."""
    return session.get(Farewell, person_id)


def locked(person_id: int) -> Farewell:
    """The same under a lock, made where there is none yet."""
    theirs = select(Person.id).where(Person.id == person_id)
    session.execute(theirs.with_for_update(key_share=True))
    insert_once(Farewell, [{"person_id": person_id, "words": ""}])
    return session.get_one(Farewell, person_id, populate_existing=True)


def hold_back(
    person: Person, until: date, ground: Ground, words: str, *, by: int, now: datetime
) -> None:
    """Erase somebody not before this day is over; stands in their trail with why.

    Who was erased in this moment stays so. Raises TooLong.
    """
    if until > now.date() + timedelta(days=HELD_AT_MOST):
        raise TooLong
    _keep(person, until, ground, words, by=by, now=now)


def let_go(person: Person, *, by: int, now: datetime) -> bool:
    """Hold somebody back no longer; False where nobody did."""
    farewell = locked(person.id)
    was = farewell.kept_until
    if was is None or was < now.date():
        return False
    farewell.kept_until = farewell.ground = None
    farewell.words, farewell.by_id = "", by
    audit.record_of(person, TRAIL, by=by, at=now, was=was.isoformat())
    session.flush()
    return True


def stay(person: Person, *, now: datetime) -> None:
    """Keep somebody who asks for it a year longer, counted from today."""
    until = now.date() + timedelta(days=KEPT_LONGER)
    _keep(person, until, Ground.ASKED, "", by=None, now=now)


def _keep(
    person: Person, until: date, ground: Ground, words: str, *, by: int | None, now: datetime
) -> None:
    farewell = locked(person.id)
    if session.scalar(select(Person.erased_on).where(Person.id == person.id)) is not None:
        session.delete(farewell)  # in this moment: there is nobody to keep
        session.flush()
        return
    was = farewell.kept_until.isoformat() if farewell.kept_until else ""
    farewell.kept_until, farewell.ground = until, ground
    farewell.words, farewell.by_id = words, by
    became = f"{until.isoformat()}, {ground.value}"
    audit.record_of(person, TRAIL, by=by or person.id, at=now, was=was, became=became, why=words)
    session.flush()


def forget(person: Person) -> None:
    """Of whoever was erased nothing is kept on."""
    session.execute(delete(Farewell).where(Farewell.person_id == person.id))
