"""The first administrator, and the international body where there is none yet."""

from datetime import datetime

from sqlalchemy import select

from brigades import characters
from brigades.access import Role
from brigades.accounts import service
from brigades.audit import service as audit
from brigades.db import session
from brigades.people import service as people
from brigades.people.models import Person, email_key
from brigades.sections.models import Appointment, Section
from brigades.sections.service import set_path


def administrator(
    address: str,
    *,
    given_name: str,
    family_name: str,
    organisation: str,
    locale: str,
    now: datetime,
) -> str:
    """Make whoever has this address an administrator of everything; returns a password token.

    A known person keeps name, section and appointments; only what is missing is added.
    """
    given_name, family_name = characters.one_line(given_name), characters.one_line(family_name)
    body = _international_body(organisation, locale, now)
    person = session.scalar(select(Person).where(Person.email_key == email_key(address)))
    if person is None:
        person = Person(
            given_name=given_name or ("" if family_name else address.partition("@")[0]),
            family_name=family_name,
            email=address,
            locale=locale,
            section_id=body.id,
            created_at=now,
        )
        person.refresh_keys()
        session.add(person)
        session.flush()
        people.join_section(person, body, by=None, now=now, why="admin create")
    today = now.date()
    appointed = session.scalar(
        select(Appointment.id).where(
            Appointment.person_id == person.id,
            Appointment.section_id == body.id,
            Appointment.role == Role.ADMINISTRATOR,
            Appointment.holds_on(today),
        )
    )
    if appointed is None:
        session.add(
            Appointment(
                person_id=person.id, section_id=body.id, role=Role.ADMINISTRATOR, since=today
            )
        )
        audit.record(
            "appointment",
            by=None,
            at=now,
            became=Role.ADMINISTRATOR.value,
            why="admin create",
            person_id=person.id,
            section_id=body.id,
        )
    account = service.create_for(person, now)
    session.flush()
    return service.password_token(account)


def _international_body(name: str, locale: str, now: datetime) -> Section:
    body = session.scalar(
        select(Section).where(Section.parent_id.is_(None)).order_by(Section.id).limit(1)
    )
    if body is None:
        body = Section(
            slug="international",
            name=name,
            zone="UTC",
            locale=locale,
            recruits=False,
            created_at=now,
        )
        session.add(body)
        session.flush()
        set_path(body, None)
    return body
