"""What tests build with. Each reads aloud, commits, and fills in what does not matter."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from flask_login import utils as login_utils

from brigades.access import Role
from brigades.accounts.models import Account
from brigades.clock import to_wall
from brigades.db import session
from brigades.people.levels import Level
from brigades.people.models import Membership, Person, PersonLanguage, PersonSkill
from brigades.people.skills import TRADES, Skill
from brigades.qualifications.models import Kind, KindIncludes, Qualification
from brigades.schedule.models import Need, Participation, Slot, Status
from brigades.schedule.states import State
from brigades.sections.models import Appointment, Section
from brigades.sections.service import set_path
from brigades.shifts.models import Shift
from brigades.trainings.models import Course, Session

NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
_number = count(1)


def _kept(row: Any) -> Any:
    session.add(row)
    session.commit()
    return row


def a_section(parent: Section | None = None, **given: Any) -> Section:
    """A section under ``parent``, in Berlin unless told otherwise."""
    n = next(_number)
    values = {"slug": f"section-{n}", "name": f"Section {n}", "zone": "Europe/Berlin"} | given
    section = Section(**{"created_at": NOON, "country": "DE"} | values)
    session.add(section)
    session.flush()
    set_path(section, parent)
    return _kept(section)


def a_person(section: Section, *skills: str, **given: Any) -> Person:
    """An active member; ``skills`` are codes of skills or trades, ``languages`` {"ar": "C1"}."""
    n = next(_number)
    languages = given.pop("languages", {})
    values = {"given_name": "Person", "family_name": f"Number {n}", "email": f"p{n}@example.org"}
    person = Person(**{"section_id": section.id, "created_at": NOON} | values | given)
    person.refresh_keys()
    session.add(person)
    session.flush()
    for code in skills:
        trade = TRADES.get(code)
        session.add(
            PersonSkill(
                person_id=person.id,
                skill=trade.skill if trade else Skill(code),
                trade=code if trade else "",
            )
        )
    for code, level in languages.items():
        session.add(PersonLanguage(person_id=person.id, language=code, level=Level(level)))
    session.add(Membership(person_id=person.id, section_id=section.id, since=date(2026, 1, 1)))
    return _kept(person)


def an_account(person: Person, **given: Any) -> Account:
    """A sign-in without a password; ``sign_in`` below needs none."""
    return _kept(Account(**{"person_id": person.id, "created_at": NOON} | given))


def an_appointment(person: Person, section: Section, role: Role, **given: Any) -> Appointment:
    """A role in a section, since last year."""
    values = {"person_id": person.id, "section_id": section.id, "role": role}
    return _kept(Appointment(**values | {"since": date(2025, 1, 1)} | given))


def a_kind(name: str = "First aid", *includes: Kind, **given: Any) -> Kind:
    """A kind of qualification that includes others."""
    kind = _kept(Kind(**{"code": f"kind-{next(_number)}", "name": name} | given))
    for other in includes:
        _kept(KindIncludes(kind_id=kind.id, includes_id=other.id))
    return kind


def a_qualification(person: Person, kind: Kind, **given: Any) -> Qualification:
    """A verified certificate without end."""
    values = {"person_id": person.id, "kind_id": kind.id, "issued_on": date(2026, 1, 1)}
    return _kept(Qualification(**values | {"verified_on": date(2026, 1, 2)} | given))


def a_need(**given: Any) -> Need:
    """A need for the ``needs`` of a slot; asks for nothing and has no limit unless told."""
    if given.get("skill"):
        given["skill"] = Skill(given["skill"])
    if given.get("level"):
        given["level"] = Level(given["level"])
    return Need(**given)


def _slot(cls: type[Slot], section: Section, given: dict[str, Any], **more: Any) -> Any:
    zone = given.pop("zone", section.zone)
    starts_at = given.pop("starts_at", NOON + 7 * DAY)
    ends_at = given.pop("ends_at", starts_at + given.pop("hours", 8) * HOUR)
    needs = given.pop("needs", None)
    starts, ends = to_wall(starts_at, zone), to_wall(ends_at, zone)
    values = {
        "section_id": section.id,
        "title": f"{cls.__name__} {next(_number)}",
        "zone": zone,
        "starts_local": starts.local,
        "starts_fold": starts.fold,
        "ends_local": ends.local,
        "ends_fold": ends.fold,
        "status": Status.PUBLISHED,
        "created_at": NOON,
        "changed_at": NOON,
    }
    slot = cls(**values | more | given)
    slot.derive_instants()
    slot.needs = needs if needs is not None else [a_need()]
    return _kept(slot)


def a_shift(section: Section, **given: Any) -> Shift:
    """A published shift of eight hours in a week; takes starts_at, ends_at or hours, needs."""
    return _slot(Shift, section, given)


def a_course(section: Section, **given: Any) -> Course:
    """A course that grants nothing unless told."""
    return _kept(Course(**{"section_id": section.id, "title": f"Course {next(_number)}"} | given))


def a_session(course: Course, section: Section, **given: Any) -> Session:
    """A published training session of a course, four hours in a week."""
    given = {"hours": 4} | given
    return _slot(Session, section, given, course_id=course.id)


def a_participation(
    slot: Slot, person: Person, state: State = State.CONFIRMED, **given: Any
) -> Participation:
    """A person's place at the slot's first need."""
    values = {"slot_id": slot.id, "need_id": given.pop("need_id", None) or slot.needs[0].id}
    stamps = {"queued_at": NOON, "changed_at": NOON}
    return _kept(
        Participation(**values | stamps | {"person_id": person.id, "state": state} | given)
    )


def sign_in(client: Any, account: Account) -> None:
    """Put the account into the client's session, as signing in does."""
    session.commit()
    kept = account.get_id()
    with client.application.test_request_context(environ_base=client.environ_base):
        browser = login_utils._create_identifier()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"], cookie["_id"] = kept, True, browser


def signed_in(app: Any, person: Person) -> Any:
    """A client in which this person is signed in."""
    client = app.test_client()
    sign_in(client, an_account(person))
    return client
