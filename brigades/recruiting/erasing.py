"""What is kept of an application once its person was erased: where, when, and how it ended."""

from sqlalchemy import or_, select

from brigades.db import session
from brigades.people.models import Person
from brigades.recruiting.models import OPEN_STAGES, Application, Stage


def forget(person: Person) -> None:
    """Take away what somebody typed when they applied; an open application is withdrawn."""
    theirs = Application.person_id == person.id
    if person.email_key:
        theirs = or_(theirs, Application.email_key == person.email_key)
    for application in session.scalars(select(Application).where(theirs)):
        if application.stage in OPEN_STAGES:
            application.stage = Stage.WITHDRAWN
        application.given_name = application.family_name = application.search = ""
        application.email = application.email_key = f"erased-{application.id}"
        application.phone = application.available_from = application.available_until = None
        application.country = application.availability_note = ""
        application.why = application.reason = ""
        application.skills, application.languages = [], []
    session.flush()
