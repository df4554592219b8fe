"""Who does what in the demo: the five who sign in, coordinators, minors, who is away."""

from datetime import timedelta
from secrets import token_urlsafe

from sqlalchemy import select

from brigades.access import Role
from brigades.accounts.models import Account
from brigades.accounts.passwords import hashed
from brigades.db import session
from brigades.demo.people import add_skill
from brigades.demo.world import World
from brigades.people.levels import Level
from brigades.people.models import Away, Person, PersonLanguage, PersonSkill, Standing
from brigades.qualifications.models import Qualification
from brigades.sections.models import Appointment, Section


def build(world: World, password: str) -> None:
    """Sign-ins and appointments; some whose age or days the rules look at."""
    _sign_ins(world, password)
    _ages_and_days(world)


def _sign_ins(world: World, password: str) -> None:
    """Five people with one password; each can do what the name says."""
    germany, body = world.sections["germany"], world.body
    assert body is not None, "the body is made first"
    one_hash = hashed(password)
    people = world.people["germany"]
    for name, person, role, section in (
        ("volunteer", people[0], None, germany),
        ("coordinator", people[1], Role.COORDINATOR, germany),
        ("trainer", people[2], Role.TRAINER, germany),
        ("organizer", people[3], Role.ORGANIZER, body),
        ("admin", people[4], Role.ADMINISTRATOR, body),
    ):
        person.email, person.locale, person.standing = f"{name}@example.org", "en", Standing.ACTIVE
        person.refresh_keys()
        session.add(
            Account(person_id=person.id, password_hash=one_hash, demo=True, created_at=world.now)
        )
        if role is not None:
            _appoint(world, person, role, section)
        world.known[name] = person
    for person in world.known.values():
        person.calendar_secret = token_urlsafe(32)
    for slug in ("jordan", "egypt", "kenya", "portugal", "chile"):
        _appoint(world, world.people[slug][0], Role.COORDINATOR, world.sections[slug])
    _make_ready(world, world.known["volunteer"])
    session.flush()


def _ages_and_days(world: World) -> None:
    """Two minors, one whose guardian agreed; some who are away, or come at weekends only."""
    germany, chile = world.people["germany"], world.people["chile"]
    agreed, waiting, away, weekends = germany[6], germany[7], germany[8], germany[9]
    for minor, years in ((agreed, 16), (waiting, 17)):
        minor.born = world.today - timedelta(days=years * 365 + 100)
    agreed.guardian = f"Andrea {agreed.family_name}"
    agreed.guardian_consent_on = world.today - timedelta(days=40)
    agreed.guardian_consent_by = world.known["coordinator"].id
    weekends.weekdays, weekends.availability_note = "67", "I work on weekdays."
    for person, first, days in ((away, 2, 12), (world.known["volunteer"], 45, 9)):
        start = world.today + timedelta(days=first)
        last = start + timedelta(days=days)
        session.add(Away(person_id=person.id, first_day=start, last_day=last, note="Holiday"))
    for number, person in enumerate(chile[:4]):
        lasts = world.today + timedelta(days=150 if number % 2 else 900)
        session.add(
            Qualification(
                person_id=person.id,
                kind_id=world.kinds["passport"].id,
                number=f"P-{person.id:05d}",
                issued_on=lasts - timedelta(days=3650),
                valid_until=lasts,
                verified_on=world.today - timedelta(days=30),
            )
        )
    session.flush()


def _appoint(world: World, person: Person, role: Role, section: Section) -> None:
    since = world.today - timedelta(days=200)
    session.add(Appointment(person_id=person.id, section_id=section.id, role=role, since=since))


def _make_ready(world: World, person: Person) -> None:
    """The demo's volunteer can take most of what there is: a mason who interprets."""
    has = set(session.scalars(select(PersonSkill.trade).where(PersonSkill.person_id == person.id)))
    for trade in sorted({"bricklaying", "interpreting"} - has):
        add_skill(world, person, trade)
    session.add(PersonLanguage(person_id=person.id, language="ar", level=Level.B2))
