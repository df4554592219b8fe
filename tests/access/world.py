"""Two sections under one body. What belongs to the first must stay unseen by the second.

``ARGUMENTS`` says how to fill each argument of a route with the id of a real row of the first
section. A route with a new argument makes the walks fail until it is named here.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from brigades import tokens
from brigades.access import Role
from brigades.accounts import addresses, passwords
from brigades.accounts.links import reset_token
from brigades.accounts.models import Account
from brigades.audit import service as audit
from brigades.calendars.importing.kept import written
from brigades.calendars.models import Becomes, CalendarFile
from brigades.calendars.reading.reader import read
from brigades.db import Base, session
from brigades.keeping import staying
from brigades.mailings.models import Mailing
from brigades.outbox import service as outbox
from brigades.outbox.kinds import Kind as MailKind
from brigades.outbox.models import Letter
from brigades.outbox.wishes import stopping
from brigades.people.models import (
    Away,
    Membership,
    Person,
    PersonLanguage,
    PersonSkill,
    Standing,
)
from brigades.push.models import Subscription
from brigades.qualifications.models import Kind, Qualification
from brigades.recruiting.models import Application, Stage
from brigades.recruiting.service import token_of
from brigades.schedule.models import CoverAsk, Participation, Swap
from brigades.schedule.states import State
from brigades.sections.models import Appointment, Section
from brigades.shifts.models import Shift
from brigades.trainings.models import Course, Session
from tests import builders
from tests.calendars.reading.files import a_file

# Words that stand in nothing but rows of the first section: no stranger may ever read them.
SECRETS = ("Quillon", "Featherstone", "Zorblaxian", "quillon@", "Umbriel")
SECRET_NAME = "Wexcombe"  # the section's own, which public pages may say


@dataclass
class World:
    """One row of everything in section ``a``, and people who look at it from everywhere."""

    body: Section
    a: Section
    b: Section
    owner: Person  # of a, whose rows most of these are
    insider: Person  # administers everything
    neighbour: Person  # a volunteer of b
    power: Person  # holds every role in b
    account: Account
    application: Application
    appointment: Appointment
    kind: Kind
    qualification: Qualification
    course: Course
    training: Session
    shift: Shift
    training_place: Participation
    shift_place: Participation
    ask: CoverAsk
    letter: Letter
    mailing: Mailing
    swap: Swap
    skill: PersonSkill
    language: PersonLanguage
    away: Away
    files: dict[Becomes, CalendarFile]
    device: Subscription
    left: Person  # was a member of a
    rows_of_a: dict[str, set[tuple[Any, ...]]] = field(default_factory=dict)


def a_world(now: datetime) -> World:
    """Build it around the present moment, so that what is open is open."""
    body = builders.a_section(slug="top", name="Everybody", country=None)
    a = builders.a_section(body, slug="wexcombe", name=SECRET_NAME)
    owner = builders.a_person(
        a,
        "carpentry",
        languages={"ar": "C1"},
        given_name="Quillon",
        family_name="Featherstone",
        email="quillon@example.org",
        phone="+4915112345678",
        calendar_secret="a-secret-that-nobody-guesses",
    )
    account = builders.an_account(
        owner,
        password_hash=passwords.hashed("seven quiet lanterns"),
        wanted_email="quillon@example.net",
        wanted_at=now,
    )
    colleague = builders.a_person(
        a, given_name="Umbriel", family_name="Featherstone", email="umbriel@example.org"
    )
    appointment = builders.an_appointment(colleague, a, Role.COORDINATOR)
    kind = builders.a_kind("First aid")
    qualification = builders.a_qualification(
        owner, kind, number="Zorblaxian 7", verified_on=None, issued_on=date(2025, 1, 1)
    )
    away = builders._kept(
        Away(
            person_id=owner.id,
            first_day=(now + timedelta(days=40)).date(),
            last_day=(now + timedelta(days=44)).date(),
            note="Zorblaxian holiday",
        )
    )
    left = builders.a_person(
        a, given_name="Umbriel", family_name="Gone", standing=Standing.LEFT, email="g@example.org"
    )
    session.scalars(select(Membership).where(Membership.person_id == left.id)).one().until = date(
        2024, 1, 1
    )
    course = builders.a_course(a, title="Zorblaxian rope course", grants_id=kind.id)
    training = builders.a_session(
        course, a, starts_at=now + timedelta(days=9), title="Zorblaxian ropes"
    )
    shift = builders.a_shift(a, starts_at=now + timedelta(days=5), title="Zorblaxian night watch")
    training_place = builders.a_participation(training, owner)
    shift_place = builders.a_participation(shift, owner, State.OFFERED)
    swap = builders._kept(
        Swap(mine_id=training_place.id, theirs_id=shift_place.id, asked_at=now, changed_at=now)
    )
    ask = builders._kept(
        CoverAsk(place_id=training_place.id, person_id=colleague.id, wave=1, asked_at=now)
    )
    device = builders._kept(
        Subscription(
            person_id=owner.id,
            endpoint="https://push.example.org/Zorblaxian",
            key="key",
            auth="auth",
            device="Zorblaxian browser",
            made_at=now,
        )
    )
    application = builders._kept(
        Application(
            section_id=a.id,
            given_name="Umbriel",
            family_name="Applicant",
            email="umbriel.applies@example.org",
            email_key="umbriel.applies@example.org",
            country="DE",
            why="Zorblaxian reasons",
            consent_version="1",
            consented_at=now,
            stage=Stage.CONFIRMED,
            sent_at=now,
            confirmed_at=now,
        )
    )
    mailing = builders._kept(
        Mailing(
            section_id=a.id,
            by_id=colleague.id,
            texts={"en": {"subject": "Zorblaxian news", "body": "Zorblaxian words"}},
            search="zorblaxian news",
            made_at=now,
            changed_at=now,
        )
    )
    outbox.post(
        "password-reset",
        to=owner,
        about={"account": account.id, "epoch": 0},
        key="walk",
        now=now,
    )
    for about in (
        {"person_id": owner.id},
        {"slot_id": shift.id},
        {"application_id": application.id},
    ):
        audit.record("walk", by=colleague.id, at=now, why="Zorblaxian", section_id=a.id, **about)
    session.commit()
    rows_of_a = snapshot()
    b = builders.a_section(body, slug="elsewhere", name="Elsewhere", country="FR")
    power = builders.a_person(b, given_name="Mighty", family_name="Neighbour")
    for role in (Role.ADMINISTRATOR, Role.COORDINATOR, Role.ORGANIZER, Role.TRAINER):
        builders.an_appointment(power, b, role)
    insider = builders.a_person(body, given_name="In", family_name="Sider")
    builders.an_appointment(insider, body, Role.ADMINISTRATOR)
    soon = (now + timedelta(days=6)).strftime("%Y%m%dT%H%M%SZ")
    event = f"SUMMARY:Zorblaxian evening\nDTSTART:{soon}\nDURATION:PT2H"
    files = {
        becomes: builders._kept(
            CalendarFile(
                person_id=insider.id,
                section_id=a.id,
                course_id=course.id if becomes is Becomes.SESSION else None,
                becomes=becomes,
                name="Zorblaxian plans.ics",
                found=written(read(a_file(event), zone=a.zone, now=now), a.zone, now),
                brought_at=now,
            )
        )
        for becomes in Becomes
    }
    rows_of_a["calendar_file"] = snapshot()["calendar_file"]
    return World(
        body=body,
        a=a,
        b=b,
        owner=owner,
        insider=insider,
        neighbour=builders.a_person(b),
        power=power,
        account=account,
        application=application,
        appointment=appointment,
        kind=kind,
        qualification=qualification,
        course=course,
        training=training,
        shift=shift,
        training_place=training_place,
        shift_place=shift_place,
        ask=ask,
        letter=session.scalars(select(Letter)).one(),
        mailing=mailing,
        swap=swap,
        skill=session.scalars(select(PersonSkill)).one(),
        language=session.scalars(select(PersonLanguage)).one(),
        away=away,
        files=files,
        device=device,
        left=left,
        rows_of_a=rows_of_a,
    )


# By endpoint and argument, else by blueprint and argument, else by argument alone.
ARGUMENTS: dict[str, Callable[[World], Any]] = {
    "accounts.confirm_address:token": lambda world: addresses.token_of(world.account),
    "accounts.move_address:token": lambda world: addresses.token_of(world.account),
    "accounts:token": lambda world: reset_token(world.account),
    "attendance:place_id": lambda world: world.shift_place.id,
    "attendance:slot_id": lambda world: world.shift.id,
    "attendance:token": lambda world: tokens.sign("attendance", world.shift.id),
    "attendance:where": lambda world: "shifts",
    "application_id": lambda world: world.application.id,
    "appointment_id": lambda world: world.appointment.id,
    "away_id": lambda world: world.away.id,
    "calendars:place_id": lambda world: world.shift_place.id,
    "calendars:section_id": lambda world: world.a.id,
    "calendars:token": lambda world: world.owner.calendar_secret,
    "device_id": lambda world: world.device.id,
    "calendars.brought_sessions:file_id": lambda world: world.files[Becomes.SESSION].id,
    "calendars.brought_sessions_now:file_id": lambda world: world.files[Becomes.SESSION].id,
    "calendars.throw_sessions:file_id": lambda world: world.files[Becomes.SESSION].id,
    "calendars:file_id": lambda world: world.files[Becomes.SHIFT].id,
    "course_id": lambda world: world.course.id,
    "kind_id": lambda world: world.kind.id,
    "keeping:token": lambda world: staying.token_of(world.left),
    "keeping.ask_hold:person_id": lambda world: world.left.id,
    "keeping.hold:person_id": lambda world: world.left.id,
    "keeping.let_go:person_id": lambda world: world.left.id,
    "language_id": lambda world: world.language.id,
    "letter_id": lambda world: world.letter.id,
    "mailing_id": lambda world: world.mailing.id,
    # Not the owner: everything else in the world is theirs.
    "people.ask_erase:person_id": lambda world: world.ask.person_id,
    "people.erase:person_id": lambda world: world.ask.person_id,
    "people:token": lambda world: stopping.token_of(world.owner.id, MailKind.NEWS),
    "person_id": lambda world: world.owner.id,
    "qualification_id": lambda world: world.qualification.id,
    "recruiting:token": lambda world: token_of(world.application),
    "session_id": lambda world: world.training.id,
    "shift_id": lambda world: world.shift.id,
    "schedule.answer_cover:token": lambda world: tokens.sign("cover", world.ask.id),
    "schedule.take_answer_cover:token": lambda world: tokens.sign("cover", world.ask.id),
    "schedule:token": lambda world: tokens.sign("answer", world.shift_place.id),
    "shifts:place_id": lambda world: world.shift_place.id,
    "shifts:slot_id": lambda world: world.shift.id,
    "skill_id": lambda world: world.skill.id,
    "slug": lambda world: world.a.slug,
    "swap_id": lambda world: world.swap.id,
    "swaps:place_id": lambda world: world.training_place.id,
    "swaps:token": lambda world: tokens.sign("swap", world.swap.id),
    "trainings:slot_id": lambda world: world.training.id,
    "trainings:place_id": lambda world: world.training_place.id,
}


def value_of(world: World, endpoint: str, argument: str) -> Any:
    """A real value for one argument of a route, from a row of section ``a``."""
    blueprint = endpoint.partition(".")[0]
    for name in (f"{endpoint}:{argument}", f"{blueprint}:{argument}", argument):
        if name in ARGUMENTS:
            return ARGUMENTS[name](world)
    pytest.fail(
        f"The route {endpoint} takes <{argument}>, and tests/access/world.py does not know which "
        f'row that names. Add "{argument}" or "{blueprint}:{argument}" to ARGUMENTS there.',
        pytrace=False,
    )


def snapshot() -> dict[str, set[tuple[Any, ...]]]:
    """Every row of every table, to be compared with a later one."""
    session.rollback()
    return {
        table.name: {tuple(repr(value) for value in row) for row in session.execute(select(table))}
        for table in Base.metadata.sorted_tables
    }


class Watch:
    """Tells what has changed since it last looked; looking where nothing has costs little."""

    def __init__(self) -> None:
        self.rows = snapshot()
        self._stamp = _stamp()

    def moved(self) -> bool:
        """Whether any row of any table is another one now; then ``rows`` are today's."""
        stamp = _stamp()
        if stamp == self._stamp:
            return False
        self.rows, self._stamp = snapshot(), stamp
        return True

    def difference(self) -> str:
        """What has changed, as `difference` says it; empty where nothing has."""
        before = self.rows
        return difference(before, self.rows) if self.moved() else ""


def _stamp() -> list[Any]:
    """Equal as long as all rows are: the driver's own rows, or a sum of their hashes."""
    session.rollback()
    link: Any = session.connection().connection.driver_connection
    names = [table.name for table in Base.metadata.sorted_tables]
    if isinstance(link, sqlite3.Connection):
        return [link.execute(f'SELECT * FROM "{name}"').fetchall() for name in names]
    each = 'SELECT count(*), sum(hashtextextended(t::text, 0)) FROM "{}" t'
    return list(link.execute(" UNION ALL ".join(map(each.format, names))).fetchall())


def difference(before: dict[str, set[Any]], after: dict[str, set[Any]]) -> str:
    """Which tables differ, with one row of each; empty where nothing changed."""
    return "; ".join(
        f"{name}: {min(before[name] ^ after[name])}"
        for name in before
        if before[name] != after[name]
    )
