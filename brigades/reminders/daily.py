"""Whose daily mail is due: coordinators and organizers whom something needs, from seven on."""

from datetime import datetime

from sqlalchemy import select

from brigades.db import session
from brigades.people.models import Person
from brigades.reminders.duties import morning
from brigades.reminders.duties.appointed import appointments
from brigades.reminders.duties.concerned import concerned
from brigades.reminders.keys import digest_key
from brigades.reminders.posting import Posting


def due_digests(now: datetime) -> list[Posting]:
    """Daily mails due at ``now``, one for a person and local day; nobody gets an empty one.

    Three statements while no zone's morning is due, five for any number of readers. Reads only.
    """
    appointed = appointments(now)
    zones = morning.zones_of(appointed)
    days = morning.mornings(zones.values(), now)
    if not days:
        return []
    readers = [id for id in concerned(appointed, now) if zones[id] in days]
    people = session.scalars(
        select(Person).where(Person.id.in_(readers), Person.email.is_not(None)).order_by(Person.id)
    )
    return [
        Posting(
            name="digest",
            to=person,
            about={"person": person.id, "day": days[zones[person.id]].isoformat()},
            key=digest_key(person.id, days[zones[person.id]].isoformat()),
            section_id=morning.home_of(appointed, person.id),
        )
        for person in people
    ]


def looked(now: datetime) -> None:
    """Keep that everybody whose morning had come was looked at; what comes later waits a day."""
    zones = morning.zones_of(appointments(now))
    morning.looked(morning.mornings(zones.values(), now), now)
