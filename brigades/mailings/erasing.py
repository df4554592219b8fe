"""What mailings say of somebody, once they were erased: whom it was chosen by, who signed it."""

from sqlalchemy import select

from brigades.audit.models import Entry
from brigades.mailings.models import Mailing
from brigades.mailings.trail import TRAIL
from brigades.outbox.models import Letter
from brigades.people import erasing, unnaming
from brigades.people.models import Membership, Person


def forget(person: Person) -> None:
    """Take their name out of what readers were looked for by, and out of what they wrote.

    A draft that looked for them finds nobody from then on, not everybody.
    """
    naming = erasing.naming_of(person)
    unnaming.in_rows(naming, [Mailing.chosen], any_case=True)  # what was searched for
    theirs = Mailing.by_id == person.id
    unnaming.in_rows(naming, [Mailing.texts, Mailing.search], theirs)
    signed = Letter.mailing_id.in_(select(Mailing.id).where(theirs))
    unnaming.in_rows(naming, [Letter.subject], signed)
    where = select(Membership.section_id).where(Membership.person_id == person.id)
    said = (Entry.what == TRAIL) & Entry.section_id.in_(where) & (Entry.by_id == person.id)
    unnaming.in_rows(naming, [Entry.became], said)
