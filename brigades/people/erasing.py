"""Erasing a person: what names them goes, counts and states stay. [GDPR Art. 17]"""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import delete

from brigades.audit import service as audit
from brigades.db import session
from brigades.outbox import service as outbox
from brigades.outbox.wishes import service as wishes
from brigades.people import service
from brigades.people.models import Away, Person, PersonLanguage, PersonSkill, Standing

# Called with the person before their name and address go, inside the transaction; higher folders
# register in create_app and take away what they keep.
listeners: list[Callable[[Person], None]] = []


def number_of(person_id: int) -> str:
    """What stands where the name stood: tells rows apart and nothing else."""
    return f"№ {person_id}"


def erase(person: Person, *, by: int, now: datetime, why: str) -> None:
    """Take away all that says who somebody is; their places become free first.

    What they took part in still counts under a number. Twice changes nothing. ``why`` is kept in
    the trail, so it must not name them. Raises appointments.LastAdministrator.
    """
    if person.erased_on is not None:
        return
    service.set_standing(person, Standing.ARCHIVED, by=by, now=now, why="")
    for listener in listeners:
        listener(person)
    outbox.forget(person.id, person.email, number_of(person.id))
    wishes.forget(person.id)
    audit.forget(person.id, person.name, number_of(person.id))
    for model in (Away, PersonLanguage, PersonSkill):
        session.execute(delete(model).where(model.person_id == person.id))
    _blank(person, now.date())
    audit.record_of(person, "person erased", by=by, at=now, why=why)
    session.flush()


def _blank(person: Person, today: date) -> None:
    person.given_name, person.family_name = number_of(person.id), ""
    person.email = person.phone = person.country = person.calendar_secret = None
    person.zone = None
    person.available_from = person.available_until = person.born = None
    person.guardian_consent_on = person.guardian_consent_by = None
    person.weekdays = person.availability_note = person.guardian = ""
    person.erased_on = today
    person.refresh_keys()
