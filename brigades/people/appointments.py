"""Giving people roles in sections, and ending them; each stands in the person's trail."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from brigades.access import Role, Scope
from brigades.audit import service as audit
from brigades.db import session
from brigades.people.models import Person
from brigades.sections.models import Appointment, Section
from brigades.texts import day_words


class AlreadyGiven(Exception):
    """The person has this role there already."""


class LastAdministrator(Exception):
    """Without this one nobody could look after the organisation's sections any more."""


@dataclass(frozen=True)
class Given:
    """An appointment as it is shown: who, what, where and from when until when."""

    id: int
    role: Role
    section: str
    section_id: int
    person_id: int
    name: str
    since: date
    until: date | None
    current: bool
    deputy: bool = False

    @property
    def role_words(self) -> str:
        """The role in the reader's language, and whether it is a deputy's."""
        words = role_words(self.role)
        return str(_("%(role)s, deputy", role=words)) if self.deputy else words

    @property
    def span_words(self) -> str:
        """From when until when, in the reader's language."""
        if self.until is None:
            return str(_("since %(day)s", day=day_words(self.since)))
        words = _(
            "from %(since)s to %(until)s",
            since=day_words(self.since),
            until=day_words(self.until),
        )
        return str(words)


def role_words(role: Role) -> str:
    """A role in the reader's language."""
    words = {
        Role.VOLUNTEER: _("Volunteer"),
        Role.TRAINER: _("Trainer"),
        Role.COORDINATOR: _("Coordinator"),
        Role.ORGANIZER: _("Organizer"),
        Role.ADMINISTRATOR: _("Administrator"),
    }
    return str(words[role])


def of_section(_scope: Scope, section: Section, today: date) -> list[Given]:
    """The roles given in a section itself, running and coming ones first, then those that ended."""
    return _given(Appointment.section_id == section.id, today=today)


def of_person(person_id: int, today: date) -> list[Given]:
    """The roles of a person, running and coming ones first, then those that ended."""
    return _given(Appointment.person_id == person_id, today=today)


def _given(condition: object, *, today: date) -> list[Given]:
    ended = func.coalesce(Appointment.until, date.max) < today
    rows = session.execute(
        select(Appointment, Person.name, Section.name)
        .join(Person, Person.id == Appointment.person_id)
        .join(Section, Section.id == Appointment.section_id)
        .where(condition)  # type: ignore[arg-type]
        .order_by(ended, Appointment.since.desc(), Appointment.id.desc())
        .limit(100)
    )
    return [
        Given(
            id=row.id,
            role=row.role,
            section=section,
            section_id=row.section_id,
            person_id=row.person_id,
            name=name,
            since=row.since,
            until=row.until,
            current=row.until is None or row.until >= today,
            deputy=row.deputy,
        )
        for row, name, section in rows
    ]


def appoint(
    person: Person,
    section: Section,
    role: Role,
    since: date,
    until: date | None,
    *,
    by: int,
    now: datetime,
    deputy: bool = False,
) -> Appointment:
    """Give a role from a day until a day (inclusive). Raises AlreadyGiven where it overlaps.

    A deputy may do the same, and hears of what the others have left undone for some days.
    """
    end = until or date.max
    same = select(Appointment.id).where(
        Appointment.person_id == person.id,
        Appointment.section_id == section.id,
        Appointment.role == role,
        Appointment.since <= end,
        or_(Appointment.until.is_(None), Appointment.until >= since),
    )
    if session.scalar(same.limit(1)) is not None:
        raise AlreadyGiven
    given = Appointment(
        person_id=person.id,
        section_id=section.id,
        role=role,
        since=since,
        until=until,
        deputy=deputy,
    )
    session.add(given)
    _record("appointment", given, section.name, by=by, now=now)
    session.flush()
    return given


def find(appointment_id: int) -> Appointment | None:
    """An appointment with its section."""
    return session.scalar(
        select(Appointment)
        .options(joinedload(Appointment.section))
        .where(Appointment.id == appointment_id)
    )


def end(given: Appointment, *, by: int | None, now: datetime, why: str = "") -> None:
    """End a role at once: its last day was yesterday. One that never ran is removed.

    Raises LastAdministrator for the only one at the top.
    """
    yesterday = now.date() - timedelta(days=1)
    if given.until is not None and given.until <= yesterday:
        return
    if _is_last_administrator(given, now.date()):
        raise LastAdministrator
    section = session.get_one(Section, given.section_id)
    _record("appointment ended", given, section.name, by=by, now=now, why=why)
    if given.since > yesterday:
        session.delete(given)
    else:
        given.until = yesterday
    session.flush()


def end_all(person_id: int, *, by: int | None, now: datetime, why: str) -> None:
    """Whoever leaves has no role any more. Raises LastAdministrator."""
    for given in running(person_id, now.date()):
        end(given, by=by, now=now, why=why)


def running(person_id: int, today: date) -> list[Appointment]:
    """The roles of a person that have not ended, coming ones included."""
    return list(
        session.scalars(
            select(Appointment)
            .where(
                Appointment.person_id == person_id,
                or_(Appointment.until.is_(None), Appointment.until >= today),
            )
            .order_by(Appointment.id)
        )
    )


def _is_last_administrator(given: Appointment, today: date) -> bool:
    if given.role is not Role.ADMINISTRATOR:
        return False
    # The rows of all of them are locked, so that two cannot end each other at the same moment.
    others = session.scalars(
        select(Appointment)
        .join(Section, Section.id == Appointment.section_id)
        .where(
            Section.parent_id.is_(None),
            Appointment.role == Role.ADMINISTRATOR,
            Appointment.holds_on(today),
        )
        .order_by(Appointment.id)
        .with_for_update(of=Appointment)
    ).all()
    return [other.id for other in others] == [given.id]


def _record(
    what: str, given: Appointment, section: str, *, by: int | None, now: datetime, why: str = ""
) -> None:
    audit.record(
        what,
        by=by,
        at=now,
        became=", ".join([given.role.value, *(["deputy"] if given.deputy else []), section]),
        why=why,
        person_id=given.person_id,
        section_id=given.section_id,
    )
