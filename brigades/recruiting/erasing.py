"""What is kept of an application once its person was erased: where, when, and how it ended."""

from collections.abc import Sequence

from sqlalchemy import or_, select, update

from brigades.audit.models import Entry
from brigades.db import session
from brigades.people.models import Person
from brigades.recruiting.models import OPEN_STAGES, Application, Stage

# Stands where the address stood, with the number of the application behind it.
ERASED = "erased-"


def forget(person: Person) -> None:
    """Take away what somebody typed when they applied; an open application is withdrawn."""
    theirs = Application.person_id == person.id
    if person.email_key:
        theirs = or_(theirs, Application.email_key == person.email_key)
    for application in session.scalars(select(Application).where(theirs)):
        _blank(application)
    session.flush()


def empty(ids: Sequence[int]) -> None:
    """Take away what was typed in these applications, and what the trail says of them freely."""
    for application in session.scalars(select(Application).where(Application.id.in_(ids))):
        _blank(application)
    session.execute(update(Entry).where(Entry.application_id.in_(ids)).values(why=""))
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
