"""Whose daily mail is due: coordinators and organizers, from seven in the morning of their day."""

import logging
from collections import defaultdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, String, cast, literal, or_, select

from brigades.access import Role
from brigades.db import session
from brigades.outbox.models import Letter
from brigades.people.models import Person, Standing
from brigades.reminders import rules
from brigades.reminders.keys import digest_key
from brigades.reminders.posting import Posting
from brigades.sections.models import Appointment, Section

log = logging.getLogger(__name__)

TOLD_DAILY = (Role.COORDINATOR, Role.ORGANIZER)


def due_digests(now: datetime) -> list[Posting]:
    """Daily mails due at ``now`` that have no letter yet, one for a person and local day."""
    days: dict[str, date] = {}
    today = now.date()
    for name in session.scalars(_appointed(today, Section.zone).distinct()):
        try:
            day = rules.digest_day(name, now)
        except ValueError as error:
            log.error("no daily mail for sections without a good zone: %s", error)
        else:
            if day is not None:
                days[name] = day
    waiting = _without_digest(days, today)
    if not waiting:
        return []
    appointed: dict[int, list[tuple[int, str]]] = defaultdict(list)
    rows = session.execute(
        _appointed(today, Appointment.person_id, Section.id, Section.zone).where(
            Appointment.person_id.in_(waiting)
        )
    )
    for person_id, section_id, name in rows:
        appointed[person_id].append((section_id, name))
    people = session.scalars(select(Person).where(Person.id.in_(waiting)).order_by(Person.id)).all()
    found: list[Posting] = []
    for person in people:
        home = rules.home_of(appointed[person.id], person.section_id)
        if home in days:
            section_id = min(id for id, name in appointed[person.id] if name == home)
            found.append(_posting(person, days[home].isoformat(), section_id))
    return found


def _posting(person: Person, day: str, section_id: int) -> Posting:
    return Posting(
        name="digest",
        to=person,
        about={"person": person.id, "day": day},
        key=digest_key(person.id, day),
        section_id=section_id,
    )


def _without_digest(days: dict[str, date], today: date) -> list[int]:
    """Ids of people appointed in one of these zones who have no letter of that zone's day."""
    zones: dict[date, list[str]] = defaultdict(list)
    for name, day in days.items():
        zones[day].append(name)
    found: set[int] = set()
    for day, names in zones.items():
        key = literal("digest:") + cast(Appointment.person_id, String) + f":{day.isoformat()}"
        posted = select(Letter.id).where(Letter.key == key).exists()
        found.update(
            session.scalars(
                _appointed(today, Appointment.person_id)
                .join(Person, Person.id == Appointment.person_id)
                .where(
                    Section.zone.in_(names),
                    Person.standing == Standing.ACTIVE,
                    Person.email.is_not(None),
                    ~posted,
                )
                .distinct()
            )
        )
    return sorted(found)


def _appointed(today: date, *columns: Any) -> Select[Any]:
    """Columns of the appointments that hold today and whose holders are told daily."""
    return (
        select(*columns)
        .select_from(Appointment)
        .join(Section, Section.id == Appointment.section_id)
        .where(
            Appointment.role.in_(TOLD_DAILY),
            Appointment.since <= today,
            or_(Appointment.until.is_(None), Appointment.until >= today),
        )
    )
