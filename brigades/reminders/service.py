"""The pass that computes which reminders are due now, from the rows as they are, and posts them.

Nothing is scheduled and nothing is remembered but the letters: their unique keys make that
running it twice, late, or by five workers changes nothing.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Interval, func, literal, or_, select
from sqlalchemy.orm import contains_eager

from brigades.accounts.models import Account
from brigades.clock import DAY, zone
from brigades.db import session
from brigades.outbox import service as outbox
from brigades.outbox.models import Letter
from brigades.people.models import Person, Standing
from brigades.reminders import rules
from brigades.reminders.daily import due_digests
from brigades.reminders.keys import reminder_key, reminder_key_in_sql
from brigades.reminders.rules import BEFORE, UNTIL, Lead, PlaceFacts
from brigades.schedule.models import Participation, Slot, Status
from brigades.schedule.states import COMING

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reminder:
    """One reminder that is due: a lead, and the place it is about."""

    lead: Lead
    place: Participation

    @property
    def name(self) -> str:
        """The letter's name."""
        return f"reminder-{self.lead}"

    @property
    def key(self) -> str:
        """The letter's unique key."""
        return reminder_key(self.lead, self.place.slot, self.place.person_id)


def collect(now: datetime) -> int:
    """Post every reminder and daily mail that is due at ``now``; returns how many were due."""
    reminders, digests = due_reminders(now), due_digests(now)
    for reminder in reminders:
        place = reminder.place
        outbox.post(
            reminder.name,
            to=place.person,
            about={"slot": place.slot_id, "person": place.person_id},
            key=reminder.key,
            now=now,
            section_id=place.slot.section_id,
        )
    for digest in digests:
        outbox.post(
            "digest",
            to=digest.person,
            about={"person": digest.person.id, "day": digest.day.isoformat()},
            key=digest.key,
            now=now,
            section_id=digest.section_id,
        )
    return len(reminders) + len(digests)


def due_reminders(now: datetime) -> list[Reminder]:
    """Reminders due at ``now`` that have no letter yet, each with slot and person loaded."""
    found = [
        Reminder(lead, place)
        for lead in Lead
        for place in _places(_without_letter(lead, now))
        if lead in rules.due(_facts(place), now)
    ]
    # One person may have had several rounds of coming and going; one reminder is for them all.
    return list({reminder.key: reminder for reminder in found}.values())


def _facts(place: Participation) -> PlaceFacts:
    return PlaceFacts(place.slot.starts_at, place.changed_at, place.slot.moved_at)


def _without_letter(lead: Lead, now: datetime) -> list[int]:
    """Ids of places in slots within the lead's window whose letter was not posted yet.

    Cheap while nothing is due: a range of the slots' index, and a look into the letters' keys for
    each place in it. What the rules would refuse is left out here already.
    """
    dialect = session.get_bind().dialect.name
    moment = _earlier(Slot.starts_at, BEFORE[lead], dialect)
    conditions = [
        Slot.status == Status.PUBLISHED,
        Slot.starts_at > now + UNTIL[lead],
        Slot.starts_at <= now + BEFORE[lead],
        or_(Slot.moved_at.is_(None), Slot.moved_at <= moment),
        Participation.state.in_(COMING),
    ]
    if lead is Lead.WEEK:
        conditions.append(Participation.changed_at <= moment)
    posted = select(Letter.id).where(Letter.key == reminder_key_in_sql(lead, dialect)).exists()
    return list(
        session.scalars(
            select(Participation.id)
            .join(Slot, Slot.id == Participation.slot_id)
            .where(*conditions, ~posted)
        )
    )


def _earlier(column: Any, by: timedelta, dialect: str) -> ColumnElement[Any]:
    """The column's instant less some days, on either database."""
    if dialect == "sqlite":  # where instants are kept as ISO text with microseconds
        back = f"-{by // DAY} days"
        return func.strftime("%Y-%m-%d %H:%M:%f", column, back).concat("000")
    earlier: ColumnElement[Any] = column - literal(by, Interval())
    return earlier


def _places(ids: list[int]) -> Iterator[Participation]:
    """Places whose people are still to be reminded, with slot and person loaded."""
    if not ids:
        return
    query = (
        select(Participation)
        .join(Participation.slot)
        .join(Participation.person)
        .outerjoin(Account, Account.person_id == Person.id)
        .options(contains_eager(Participation.slot), contains_eager(Participation.person))
        .where(
            Participation.id.in_(ids),
            Person.standing == Standing.ACTIVE,
            Person.email.is_not(None),
            or_(Account.id.is_(None), Account.active),
        )
        .order_by(Slot.starts_at, Participation.id)
    )
    broken: set[int] = set()
    for place in session.scalars(query).all():
        try:
            zone(place.slot.zone)
        except ValueError as error:  # the others must not wait for this row
            if place.slot_id not in broken:
                log.error("slot %s: nobody can be reminded: %s", place.slot_id, error)
            broken.add(place.slot_id)
        else:
            yield place
