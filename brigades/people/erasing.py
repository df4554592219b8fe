"""Erasing a person: what names them goes, counts and states stay. [GDPR Art. 17]"""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from sqlalchemy import delete, func, select, update

from brigades.audit import service as audit
from brigades.audit.models import Entry
from brigades.db import session
from brigades.outbox import service as outbox
from brigades.outbox.wishes import service as wishes
from brigades.people import service, unnaming
from brigades.people.models import (
    Away,
    Membership,
    Person,
    PersonLanguage,
    PersonSkill,
    Standing,
    email_key,
)
from brigades.people.naming import Naming
from brigades.sections.models import Section

# Called with the person before their name and address go, inside the transaction; higher folders
# register in create_app and take away what they keep.
listeners: list[Callable[[Person], None]] = []
# What else they can be reached at, or were: asked before anything goes.
addresses: list[Callable[[Person], Iterable[str]]] = []


def number_of(person_id: int) -> str:
    """What stands where the name stood: tells rows apart and nothing else."""
    return f"№ {person_id}"


def naming_of(person: Person, before: Iterable[str] = ()) -> Naming:
    """What names a person who is not yet erased, and the number that then stands there.

    ``before``: addresses that they had.
    """
    return Naming.of(person, number_of(person.id), before)


def erase(person: Person, *, by: int | None, now: datetime, why: str) -> None:
    """Take away all that says who somebody is; their places become free first.

    What they took part in still counts under a number. Twice changes nothing. ``why`` is kept in
    the trail, without their name if it is in there. Raises appointments.LastAdministrator.
    """
    session.flush()
    # Two presses at once erase once. Who writes of them in a slot that we wait for is let by.
    session.refresh(person, Person.__table__.c.keys(), with_for_update={"key_share": True})
    if person.erased_on is not None:
        return
    naming = naming_of(person, _addresses_before(person))
    service.set_standing(person, Standing.ARCHIVED, by=by, now=now, why="")
    for listener in listeners:
        listener(person)
    outbox.forget(person.id, naming.addresses, number_of(person.id))
    wishes.forget(person.id)
    audit.forget(person.id, person.name, number_of(person.id))
    for model in (Away, PersonLanguage, PersonSkill):
        session.execute(delete(model).where(model.person_id == person.id))
    _take_out_of_sections(person, naming, by=by, now=now)
    unnaming.everywhere(naming)
    _blank(person, now.date())  # last: from here on nobody can write of them, and we wait no more
    said = naming.out_of(why, alone=True)
    audit.record_of(person, "person erased", by=by, at=now, why=said)
    session.flush()


def _addresses_before(person: Person) -> list[str]:
    """Where they were written to once, unless somebody else or a section is by now."""
    found = set(outbox.addresses_of(person.id))
    found.update(*(more(person) for more in addresses))
    known = {email_key(one): one for one in sorted(found)}
    somebody = select(Person.email_key).where(Person.email_key.in_(known), Person.id != person.id)
    here = func.lower(Section.contact)
    taken = {*session.scalars(somebody), *session.scalars(select(here).where(here.in_(known)))}
    return [one for key, one in sorted(known.items()) if key not in taken]


def _take_out_of_sections(person: Person, naming: Naming, *, by: int | None, now: datetime) -> None:
    """Reasons in the trails of where they belonged, and where their address was the section's."""
    theirs = select(Membership.section_id).where(Membership.person_id == person.id)
    unnaming.in_rows(naming, [Entry.why], Entry.section_id.in_(theirs))
    if not person.email:
        return
    contacts = update(Section).where(func.lower(Section.contact) == person.email.lower())
    for id in session.scalars(contacts.values(contact=None).returning(Section.id)).all():
        audit.record("section changed", by=by, at=now, section_id=id)


def _blank(person: Person, today: date) -> None:
    person.given_name, person.family_name = number_of(person.id), ""
    person.email = person.phone = person.country = person.calendar_secret = None
    person.zone = None
    person.available_from = person.available_until = person.born = None
    person.guardian_consent_on = person.guardian_consent_by = None
    person.weekdays = person.availability_note = person.guardian = ""
    person.erased_on = today
    person.refresh_keys()
