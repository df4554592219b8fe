"""The pass that computes which reminders are due now, from the rows as they are, and posts them.

Nothing is scheduled and nothing is remembered but the letters: their unique keys make that
running it twice, late, or by five workers changes nothing.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Interval, String, cast, func, literal, or_, select
from sqlalchemy.orm import contains_eager

from brigades.accounts.models import Account
from brigades.clock import DAY
from brigades.db import session
from brigades.outbox import service as outbox
from brigades.outbox.models import Letter
from brigades.people.models import Person, Standing
from brigades.reminders import rules
from brigades.reminders.daily import due_digests, looked
from brigades.reminders.keys import key_parts_in_sql, reminder_key
from brigades.reminders.posting import Posting
from brigades.reminders.rules import BEFORE, UNTIL, Lead, PlaceFacts
from brigades.reminders.zones import has_zone
from brigades.schedule.models import Participation, Slot, Status
from brigades.schedule.states import COMING


def collect(now: datetime) -> int:
    """Post every reminder and daily mail that is due at ``now``; returns how many were due."""
    postings = due(now)
    outbox.post_rows([posting.row(now) for posting in postings])
    looked(now)
    return len(postings)


def due(now: datetime) -> list[Posting]:
    """Everything that is due at ``now`` and was not posted yet."""
    return [*due_reminders(now), *due_digests(now)]


def due_reminders(now: datetime) -> list[Posting]:
    """Reminders of places that are due at ``now`` and were not posted yet."""
    found = [
        Posting(
            name=f"reminder-{lead}",
            to=place.person,
            about={"slot": place.slot_id, "person": place.person_id},
            key=reminder_key(lead, place.slot, place.person_id),
            section_id=place.slot.section_id,
        )
        for lead in Lead
        for place in _places(_without_letter(lead, now))
        if lead in rules.due(_facts(place), now)
    ]
    # One person may have had several rounds of coming and going; one reminder is for them all.
    return list({posting.key: posting for posting in found}.values())


def _facts(place: Participation) -> PlaceFacts:
    return PlaceFacts(place.slot.starts_at, place.changed_at, place.slot.moved_at)


def _without_letter(lead: Lead, now: datetime) -> list[int]:
    """Ids of places in slots within the lead's window whose letter was not posted yet.

    Cheap while nothing is due: a range of the slots' index, and a look into the letters' keys for
    each place in it. What the rules would refuse is left out here already.
    """
    dialect = session.get_bind().dialect.name
    head, tail = key_parts_in_sql(lead, dialect)
    slots = (
        select(
            Slot.id.label("id"),
            _earlier(Slot.starts_at, BEFORE[lead], dialect).label("moment"),
            Slot.moved_at.label("moved_at"),
            head.label("head"),
            tail.label("tail"),
        )
        .where(
            Slot.status == Status.PUBLISHED,
            Slot.starts_at > now + UNTIL[lead],
            Slot.starts_at <= now + BEFORE[lead],
        )
        .cte("slots")
        .prefix_with("MATERIALIZED")  # else each place would compute its slot's moment and key
    )
    key = slots.c.head + cast(Participation.person_id, String) + slots.c.tail
    query = (
        select(Participation.id)
        .join(slots, slots.c.id == Participation.slot_id)
        .where(
            or_(slots.c.moved_at.is_(None), slots.c.moved_at <= slots.c.moment),
            Participation.state.in_(COMING),
            ~select(Letter.id).where(Letter.key == key).exists(),
        )
    )
    if lead is Lead.WEEK:
        query = query.where(Participation.changed_at <= slots.c.moment)
    return list(session.scalars(query))


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
    sound: dict[int, bool] = {}
    for place in session.scalars(query).all():
        if place.slot_id not in sound:
            sound[place.slot_id] = has_zone(place.slot)
        if sound[place.slot_id]:
            yield place
