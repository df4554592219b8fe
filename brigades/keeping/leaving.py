"""Telling people who left that they will be erased, and erasing them once their time has come.

Each is erased in a transaction of their own: a worker that is killed has erased whom it has, and
the next one goes on. Under the lock everything is judged anew, so that nobody is erased twice, nor
after having asked to be kept a moment ago.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime

from sqlalchemy import select

from brigades.db import session, unit
from brigades.keeping import holding
from brigades.keeping.leavers import ids, last_day, leavers
from brigades.keeping.rules import TELL_BEFORE, Keep
from brigades.outbox import service as outbox
from brigades.outbox.models import Fate, Letter
from brigades.people import erasing
from brigades.people.models import Person

log = logging.getLogger(__name__)

LETTER = "membership-over"
WHY = "kept long enough"
BATCH = 100  # people judged, or told, in one transaction
MOST = 200  # erased in one turn


def key_of(person_id: int, day: date) -> str:
    """The key of the letter that says that somebody's time is over on that day."""
    return f"{LETTER}:{person_id}:{day.isoformat()}"


def tell(keep: Keep, now: datetime, *, stop: Callable[[], bool] = lambda: False) -> int:
    """Write to whoever is erased 30 days from now or sooner; returns to how many.

    Who has no address gets no letter, and is kept for these days all the same.
    """
    told = 0
    for some in _batches(keep, now, TELL_BEFORE):
        if stop():
            break
        with unit():
            days = {id: one.to_tell(keep, now.date()) for id, one in leavers(some, now).items()}
            wanted = {id: day for id, day in days.items() if day is not None}
            people = select(Person).where(Person.id.in_(wanted)).order_by(Person.id)
            for person in session.scalars(people).all():
                _tell(person, wanted[person.id], now)
            told += len(wanted)
    return told


def _tell(person: Person, day: date, now: datetime) -> None:
    farewell = holding.locked(person.id)
    farewell.told_at, farewell.told_for = now, day
    about = {"person": person.id, "day": day.isoformat()}
    outbox.post(LETTER, to=person, about=about, key=key_of(person.id, day), now=now)


def due(keep: Keep, now: datetime) -> list[int]:
    """Who is to be erased by now, those who left first at the head; takes nothing away."""
    found = []
    for some in _batches(keep, now, 0):
        facts = leavers(some, now)
        found += [id for id in some if id in facts and facts[id].is_due(keep, now.date())]
    return found


def erase(
    keep: Keep, now: datetime, *, stop: Callable[[], bool] = lambda: False
) -> tuple[int, bool]:
    """Erase whoever is due, at most ``MOST``; returns how many, and whether that was all.

    Who cannot be erased now is logged, and tried again the next day.
    """
    going = due(keep, now)
    session.rollback()
    erased = 0
    for person_id in going[:MOST]:
        if stop():
            return erased, False
        try:
            with unit():
                erased += _erase(person_id, keep, now)
        except Exception:
            log.exception("the person %s could not be erased", person_id)
    return erased, len(going) <= MOST


def _erase(person_id: int, keep: Keep, now: datetime) -> bool:
    """Erase one, if they are still due under the lock; a worker does not wait for another."""
    person = session.scalar(
        select(Person)
        .where(Person.id == person_id)
        .with_for_update(key_share=True, skip_locked=True)
    )
    facts = leavers([person_id], now) if person is not None else {}
    if person is None or person_id not in facts or not facts[person_id].is_due(keep, now.date()):
        return False
    day = facts[person_id].told_for
    if day is not None and _waits(key_of(person_id, day)):
        return False
    erasing.erase(person, by=None, now=now, why=WHY)
    return True


def _waits(key: str) -> bool:
    """Whether the letter has not left yet: mail stands still, and they know nothing."""
    fate = session.scalar(select(Letter.fate).where(Letter.key == key))
    return fate in (Fate.WAITING, Fate.GATHERED)


def _batches(keep: Keep, now: datetime, ahead: int) -> Iterator[Sequence[int]]:
    last = last_day(keep, now.date(), ahead)
    if last is None:
        return
    found = ids(last)
    session.rollback()
    for start in range(0, len(found), BATCH):
        yield found[start : start + BATCH]
