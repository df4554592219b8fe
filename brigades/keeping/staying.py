"""The link in the letter to people who left: what it opens, and how long."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from brigades import tokens
from brigades.clock import DAY
from brigades.db import session
from brigades.keeping import service
from brigades.keeping.leavers import leavers
from brigades.keeping.rules import Leaver
from brigades.people.models import Person

LINK = "stay"
LASTS = 400 * DAY


@dataclass(frozen=True)
class Leaving:
    """Somebody who left, with their section, and the day on which they are erased."""

    person: Person
    facts: Leaver
    goes_on: date | None


def token_of(person: Person) -> str:
    """What the link carries; it opens while they have the address that it went to."""
    return tokens.sign(LINK, [person.id, person.mailbox_mark])


def opened(token: str, now: datetime) -> Leaving | None:
    """Whose link this is; None where they are erased, came back, or have another address."""
    person_id, mark = tokens.bound(tokens.read(LINK, token, LASTS))
    if person_id is None:
        return None
    found = leaving(person_id, now)
    return found if found is not None and found.person.mailbox_mark == mark else None


def leaving(person_id: int, now: datetime) -> Leaving | None:
    """Somebody who left and is not erased, in two statements."""
    facts = leavers([person_id], now).get(person_id)
    if facts is None:
        return None
    person = session.scalars(
        select(Person).where(Person.id == person_id).options(joinedload(Person.section))
    ).one()
    return Leaving(person, facts, facts.goes_on(service.keep(), now.date()))
