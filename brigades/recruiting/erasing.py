"""What is kept of an application once its person was erased: where, when, and how it ended."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select, update

from brigades.audit.models import Entry
from brigades.db import session
from brigades.outbox import service as outbox
from brigades.people import erasing, unnaming
from brigades.people.models import Membership, Person
from brigades.recruiting.models import OPEN_STAGES, Application, Stage

# Stands where the address stood, with the number of the application behind it.
ERASED = "erased-"


def forget(person: Person) -> None:
    """Take away what somebody typed when they applied; an open application is withdrawn."""
    empty(session.scalars(select(Application.id).where(_theirs(person))).all())
    where = select(Membership.section_id).where(Membership.person_id == person.id)
    typed = [Application.why, Application.reason, Application.availability_note]
    unnaming.in_rows(erasing.naming_of(person), typed, Application.section_id.in_(where))


def addresses_of(person: Person) -> list[str]:
    """The addresses with which somebody has applied."""
    typed = select(Application.email).where(_theirs(person), Application.email.contains("@"))
    return list(session.scalars(typed))


def _theirs(person: Person) -> ColumnElement[bool]:
    theirs = Application.person_id == person.id
    return or_(theirs, Application.email_key == person.email_key) if person.email_key else theirs


def empty(ids: Sequence[int]) -> None:
    """Take away what was typed in these applications, and what the trail says of them freely."""
    for application in session.scalars(select(Application).where(Application.id.in_(ids))):
        _blank(application)
    session.execute(update(Entry).where(Entry.application_id.in_(ids)).values(why=""))
    outbox.forget_about(ids)
    session.flush()


def _blank(application: Application) -> None:
    if application.stage in OPEN_STAGES:
        application.stage = Stage.WITHDRAWN
    application.given_name = application.family_name = application.search = ""
    application.email = application.email_key = f"{ERASED}{application.id}"
    application.phone = application.available_from = application.available_until = None
    application.country = application.availability_note = ""
    application.why = application.reason = ""
    application.skills, application.languages = [], []
