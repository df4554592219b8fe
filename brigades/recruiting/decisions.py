"""Deciding on an application: one decision, told to the applicant, whoever clicks how often.

Each function takes the row as ``desk.locked`` gives it and raises ``NotWaiting`` where there is
nothing to decide any more.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from brigades.accounts import service as accounts
from brigades.audit import service as audit
from brigades.db import session
from brigades.outbox import service as outbox
from brigades.people import service as people
from brigades.people.levels import Level
from brigades.people.models import Membership, Person, PersonLanguage, PersonSkill, Standing
from brigades.people.skills import Skill
from brigades.recruiting.models import WAITING_STAGES, Application, Stage
from brigades.recruiting.service import change, post
from brigades.sections.models import Section


class NotWaiting(Exception):
    """The application is decided, withdrawn, or its address is not confirmed yet."""


def take(application: Application, *, by: int, now: datetime) -> None:
    """Somebody looks after it; nobody else needs to."""
    _must_wait(application)
    if application.stage is Stage.CONFIRMED:
        change(application, Stage.IN_REVIEW, by=by, now=now)


def accept(application: Application, *, by: int, now: datetime) -> Person:
    """Make the applicant a member of the section, with a sign-in, and tell them."""
    _must_wait(application)
    section = session.get_one(Section, application.section_id)
    person = _person_of(application, section, now)
    _learn(person, application)
    if not _is_member(person, section):
        people.join_section(person, section, by=by, now=now)
    accounts.create_for(person, now)
    application.person_id = person.id
    _decide(application, Stage.ACCEPTED, by=by, now=now)
    outbox.post(
        "application-accepted",
        to=person,
        about={"application_id": application.id},
        key=f"application-accepted:{application.id}:{application.sent_at.isoformat()}",
        now=now,
    )
    return person


def decline(application: Application, reason: str, *, by: int, now: datetime) -> None:
    """Say no, with a reason that the applicant reads."""
    _must_wait(application)
    application.reason = reason
    _decide(application, Stage.DECLINED, by=by, now=now, why=reason)
    key = f"application-declined:{application.id}:{application.sent_at.isoformat()}"
    post("application-declined", application, key=key, now=now)


def move(
    application: Application, section: Section, *, by: int, now: datetime, why: str = ""
) -> None:
    """Hand the application to another section, whose coordinator then decides."""
    _must_wait(application)
    was = session.get_one(Section, application.section_id)
    application.section_id = section.id
    audit.record(
        "application moved",
        by=by,
        at=now,
        was=was.name,
        became=section.name,
        why=why,
        application_id=application.id,
        section_id=section.id,
    )
    session.flush()


def _must_wait(application: Application) -> None:
    if application.stage not in WAITING_STAGES:
        raise NotWaiting


def _decide(
    application: Application, stage: Stage, *, by: int, now: datetime, why: str = ""
) -> None:
    application.decided_at, application.decided_by = now, by
    change(application, stage, by=by, now=now, why=why)


def _person_of(application: Application, section: Section, now: datetime) -> Person:
    """The person with this address, made if there is none; locked, with skills and languages."""
    known = (
        select(Person)
        .where(Person.email_key == application.email_key)
        .options(selectinload(Person.skills), selectinload(Person.languages))
        .with_for_update(of=Person.__table__)
        .execution_options(populate_existing=True)
    )
    person = session.scalar(known)
    if person is None:
        try:
            with session.begin_nested():
                person = _new_person(application, section, now)
        except IntegrityError:  # somebody added this address in the same moment
            person = session.scalars(known).one()
    return person


def _new_person(application: Application, section: Section, now: datetime) -> Person:
    person = Person(
        given_name=application.given_name,
        family_name=application.family_name,
        email=application.email,
        locale=application.locale,
        section_id=section.id,
        standing=Standing.ACTIVE,
        created_at=now,
        skills=[],
        languages=[],
    )
    person.refresh_keys()
    session.add(person)
    session.flush()
    return person


def _is_member(person: Person, section: Section) -> bool:
    current = select(Membership.section_id).where(
        Membership.person_id == person.id, Membership.until.is_(None)
    )
    return person.standing is Standing.ACTIVE and session.scalar(current) == section.id


def _learn(person: Person, application: Application) -> None:
    """Keep what the application says and the person's page does not say yet."""
    person.phone = person.phone or application.phone
    person.country = person.country or application.country
    if application.available_from or application.available_until or application.availability_note:
        person.available_from = application.available_from
        person.available_until = application.available_until
        person.availability_note = application.availability_note
    had = {(skill.skill, skill.trade) for skill in person.skills}
    for kept in application.skills:
        skill, trade = Skill(kept["skill"]), kept.get("trade") or ""
        if (skill, trade) not in had:
            person.skills.append(PersonSkill(skill=skill, trade=trade, years=kept.get("years")))
            had.add((skill, trade))
    speaks = {language.language for language in person.languages}
    for kept in application.languages:
        if kept["language"] not in speaks:
            # A level that nobody gave is the least one: it can only be raised.
            level = Level(kept.get("level") or Level.A1)
            person.languages.append(PersonLanguage(language=kept["language"], level=level))
            speaks.add(kept["language"])
    session.flush()
