"""What is kept of qualifications once their holder was erased: nothing."""

from sqlalchemy import delete

from brigades.db import session
from brigades.people.models import Person
from brigades.qualifications.models import Qualification


def forget(person: Person) -> None:
    """Take away every certificate that somebody held."""
    session.execute(delete(Qualification).where(Qualification.person_id == person.id))
