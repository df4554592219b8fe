"""What happens in the mornings of coordinators and organizers."""

from sqlalchemy import func, select

from brigades.access import Role
from brigades.db import session, unit
from brigades.outbox import service as outbox
from brigades.outbox.delivery.delivering import deliver
from brigades.outbox.models import Letter
from brigades.recruiting.models import Application, Stage
from brigades.reminders.duties.due import due_digests, looked
from tests.builders import NOON, a_person, an_appointment

SEVEN = NOON.replace(hour=5)  # in Berlin, in summer


def post(at) -> None:
    """The part of the pass that is about daily mails; reminders have tests of their own."""
    outbox.post_rows([posting.row(at) for posting in due_digests(at)])
    looked(at)


def morning(mail, at) -> dict[str, list]:
    """The daily mails of one run of the worker, by address."""
    mail.received.clear()
    with unit():
        post(at)
    deliver(at)
    found: dict[str, list] = {}
    for got in mail.received:
        found.setdefault(got.recipients[0], []).append(got)
    return found


def rows(name="digest") -> list[Letter]:
    """Every letter of a name, whatever became of it."""
    session.expire_all()
    return list(session.scalars(select(Letter).where(Letter.name == name).order_by(Letter.id)))


def appointed(section, role=Role.COORDINATOR, **given):
    """Somebody who is appointed there."""
    person = a_person(section, given_name=given.pop("called", "Person"))
    an_appointment(person, section, role, **given)
    return person


def an_application(section, since=NOON, **given):
    """An application that has waited since an instant."""
    number = session.scalar(select(func.count(Application.id)))
    address = f"ali{number}@example.org"
    values = {"given_name": "Ali", "family_name": f"Nr{number}", "email": address}
    row = Application(
        **values
        | {"section_id": section.id, "country": "DE", "consent_version": "1"}
        | {"consented_at": NOON, "stage": Stage.CONFIRMED, "sent_at": since}
        | {"confirmed_at": since, "email_key": address}
        | given
    )
    session.add(row)
    session.commit()
    return row
