"""Whose calendar a secret opens, what stands in it, and renewing the secret."""

import secrets
from datetime import datetime

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from brigades.accounts.models import Account
from brigades.audit import service as audit
from brigades.clock import DAY
from brigades.db import session
from brigades.people.models import Person, Standing
from brigades.schedule.models import Participation, Slot, Status
from brigades.schedule.states import COMMITTED, State

LOOKS_BACK = 60 * DAY


def owner_of(secret: str) -> Person | None:
    """The person whose feed this secret opens; nobody once it was renewed, or once they left.

    Nor where their account is closed; who never had one is shown what they have.
    """
    return session.scalar(
        select(Person)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(
            Person.calendar_secret == secret,
            Person.standing.in_((Standing.ACTIVE, Standing.ON_LEAVE)),
            or_(Account.id.is_(None), Account.active),
        )
    )


def secret_of(person_id: int) -> str | None:
    """The secret in a person's feed address; None where they never asked for one."""
    return session.scalar(select(Person.calendar_secret).where(Person.id == person_id))


def places_of(person_id: int, *, now: datetime) -> list[Participation]:
    """What stands in a person's feed, with slot and section, in one statement.

    Places they hold and have held, and slots that were cancelled under them: a calendar that has
    shown one must be told. What they gave up or lost by themselves is gone.
    """
    cancelled = and_(Participation.state == State.CANCELLED, Slot.status == Status.CANCELLED)
    found = session.scalars(
        _places()
        .where(
            Participation.person_id == person_id,
            or_(Participation.state.in_(COMMITTED), cancelled),
            Slot.ends_at >= now - LOOKS_BACK,
        )
        .order_by(Slot.starts_at, Participation.slot_id, Participation.round)
    )
    latest = {place.slot_id: place for place in found}  # one event for all rounds in a slot
    return list(latest.values())


def place_of(place_id: int, person_id: int) -> Participation | None:
    """Somebody's place with slot, section and person; None where it is not theirs.

    Of who left and came in again, the newest in that slot: it is one event.
    """
    slot = select(Participation.slot_id).where(
        Participation.id == place_id, Participation.person_id == person_id
    )
    return session.scalar(
        _places()
        .options(joinedload(Participation.person))
        .where(
            Participation.person_id == person_id,
            Participation.slot_id == slot.scalar_subquery(),
        )
        .order_by(Participation.round.desc())
        .limit(1)
    )


def _places() -> Select[tuple[Participation]]:
    return (
        select(Participation)
        .join(Participation.slot)
        .options(contains_eager(Participation.slot).joinedload(Slot.section))
    )


def renew(person_id: int, *, now: datetime) -> None:
    """Give a person a new secret; whoever still has the old address gets nothing any more."""
    person = session.get_one(Person, person_id)
    person.calendar_secret = secrets.token_urlsafe(32)
    audit.record(
        "calendar address renewed",
        by=person_id,
        at=now,
        person_id=person_id,
        section_id=person.section_id,
    )
    session.flush()
