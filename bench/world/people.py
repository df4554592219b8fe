"""Sections and their people: skills, languages, certificates, sign-ins, applications."""

from datetime import timedelta

from bench.world.build import PASSWORD, World
from brigades.access import Role
from brigades.accounts.models import Account
from brigades.accounts.passwords import hashed
from brigades.demo.names import PLACES
from brigades.people.levels import Level
from brigades.people.models import Membership, Person, PersonLanguage, PersonSkill, Standing, plain
from brigades.people.skills import TRADES, Skill
from brigades.qualifications.models import Kind, KindIncludes, Qualification
from brigades.recruiting.models import Application, Stage
from brigades.sections.models import Appointment, Section

BODY, MEASURED = 1, 2
IN_MEASURED = 200
IN_BODY = 60
WAITING_IN_MEASURED = 60
JOINERS = 8
ZONES = (
    "Europe/Berlin",
    "Asia/Amman",
    "Africa/Nairobi",
    "America/Bogota",
    "Asia/Kathmandu",
    "Europe/Lisbon",
)
LANGUAGES = ("en", "de", "ar", "fr", "es", "pt", "sw", "uk")
KINDS = ("First aid", "Paramedic", "Driving licence", "Safeguarding", "Work at height", "Forklift")


def add_all(world: World) -> None:
    """Sections, kinds, people and applications."""
    _sections(world)
    for number, name in enumerate(KINDS, start=1):
        world.add(Kind, code=f"kind-{number}", name=name, months=24, year_end=None)
    world.rows[KindIncludes.__table__].append({"kind_id": 2, "includes_id": 1})
    password = hashed(PASSWORD)
    shares = _shares(world)
    for section, share in shares.items():
        for number in range(share):
            _person(world, section, number, password)
    _appointments(world)
    _applications(world)


def _sections(world: World) -> None:
    """The body, its national sections, and below those local ones where there are many."""
    nations = 30
    for number in range(1, world.size.sections + 1):
        parent = None if number == BODY else BODY if number <= nations else 3 + number % 27
        path = f"/{number}/" if parent is None else f"/1/{number}/"
        if number > nations:
            path = f"/1/{parent}/{number}/"
        place = PLACES[number % len(PLACES)]
        world.zones[number] = ZONES[number % len(ZONES)]
        world.add(
            Section,
            id=number,
            parent_id=parent,
            path=path,
            slug=f"section-{number}",
            name=f"{place.name} {number}",
            country=None if number == BODY else place.country,
            zone=world.zones[number],
            locale="en",
            contact=f"section-{number}@example.org",
            about=place.about,
            recruits=number != BODY,
            looks_for=["construction", "medical"],
            created_at=world.now - timedelta(days=900),
        )


def _shares(world: World) -> dict[int, int]:
    """How many people each section has."""
    others = range(3, world.size.sections + 1)
    rest = world.size.people - IN_BODY - IN_MEASURED
    shares = {BODY: IN_BODY, MEASURED: IN_MEASURED}
    shares |= {section: rest // len(others) for section in others}
    shares[others[-1]] += rest % len(others)
    return shares


def _person(world: World, section: int, number: int, password: str) -> None:
    random, place = world.random, PLACES[section % len(PLACES)]
    given, family = random.choice(place.given), random.choice(place.family)
    person = world.count(Person) + 1
    email = f"person-{person}@example.org"
    long_ago = random.randrange(30, 900)
    active = number < 12 or random.random() < 0.93
    world.people[section].append(person)
    world.add(
        Person,
        id=person,
        given_name=given,
        family_name=family,
        email=email,
        email_key=email,
        phone=f"+4915123{person:06d}" if random.random() < 0.7 else None,
        country=place.country,
        locale="en",
        section_id=section,
        standing=Standing.ACTIVE if active else Standing.ON_LEAVE,
        available_from=None,
        available_until=None,
        availability_note="",
        calendar_secret=f"secret-{person}",
        sort_name=plain(f"{family} {given}"),
        search=plain(f"{given} {family} {email}"),
        created_at=world.now - timedelta(days=long_ago),
    )
    since = world.today - timedelta(days=long_ago)
    world.add(Membership, person_id=person, section_id=section, since=since, until=None)
    if number < 12 or random.random() < 0.6:
        world.add(
            Account,
            person_id=person,
            password_hash=password,
            epoch=0,
            active=True,
            demo=False,
            created_at=world.now - timedelta(days=long_ago),
            signed_in_at=None,
        )
    _abilities(world, person)


def _abilities(world: World, person: int) -> None:
    random = world.random
    for trade in random.sample(list(TRADES.values()), random.choice((1, 2, 2, 3))):
        world.add(
            PersonSkill,
            person_id=person,
            skill=trade.skill,
            trade=trade.code,
            years=random.randrange(1, 25),
            verified_by=None,
            verified_on=world.today if random.random() < 0.5 else None,
        )
    for number, language in enumerate(random.sample(LANGUAGES, random.choice((1, 2, 3)))):
        level = random.choice(list(Level)[:6]) if number else Level.NATIVE
        world.add(PersonLanguage, person_id=person, language=language, level=level)
    for kind in random.sample(range(1, len(KINDS) + 1), random.choice((0, 0, 1, 1, 2))):
        issued = world.today - timedelta(days=random.randrange(1, 700))
        world.add(
            Qualification,
            person_id=person,
            kind_id=kind,
            number=f"N{person}",
            authority="",
            issued_on=issued,
            valid_until=issued + timedelta(days=730),
            verified_by=None,
            verified_on=issued if random.random() < 0.9 else None,
            participation_id=None,
        )


def _appointments(world: World) -> None:
    """A coordinator and a trainer in each section, five organizers over all of them."""
    since = world.today - timedelta(days=400)

    def appoint(person: int, section: int, role: Role) -> None:
        world.add(
            Appointment, section_id=section, person_id=person, role=role, since=since, until=None
        )

    for section, people in world.people.items():
        if section != BODY:
            appoint(people[0], section, Role.COORDINATOR)
            appoint(people[1], section, Role.TRAINER)
    for person in world.people[BODY][:5]:
        appoint(person, BODY, Role.ORGANIZER)
    measured, marks = world.people[MEASURED], world.marks
    marks.section = MEASURED
    marks.organizer = f"person-{world.people[BODY][0]}@example.org"
    marks.coordinator = f"person-{measured[0]}@example.org"
    marks.volunteer = f"person-{measured[2]}@example.org"
    marks.joiners = [f"person-{person}@example.org" for person in measured[3 : 3 + JOINERS]]


def _applications(world: World) -> None:
    random = world.random
    total = world.size.people // 10
    old = [Stage.ACCEPTED, Stage.ACCEPTED, Stage.DECLINED, Stage.WITHDRAWN, Stage.CONFIRMED]
    for number in range(1, total + 1):
        in_measured = number <= WAITING_IN_MEASURED
        section = MEASURED if in_measured else random.randrange(3, world.size.sections + 1)
        stage = Stage.CONFIRMED if in_measured else random.choice(old)
        place = PLACES[section % len(PLACES)]
        given, family = random.choice(place.given), random.choice(place.family)
        email = f"applicant-{number}@example.org"
        sent = world.now - timedelta(hours=random.randrange(2, 400))
        decided = stage in (Stage.ACCEPTED, Stage.DECLINED)
        world.add(
            Application,
            section_id=section,
            given_name=given,
            family_name=family,
            email=email,
            email_key=email,
            phone=None,
            country=place.country,
            locale="en",
            skills=[{"skill": Skill.CONSTRUCTION.value, "trade": "carpentry", "years": 4}],
            languages=[{"language": "en", "level": "C1"}],
            available_from=None,
            available_until=None,
            availability_note="",
            why="I would like to help where I can.",
            consent_version="1",
            consented_at=sent,
            stage=stage,
            sent_at=sent,
            confirmed_at=sent + timedelta(minutes=9),
            decided_at=sent + timedelta(hours=1) if decided else None,
            decided_by=None,
            reason="",
            person_id=None,
            search=plain(f"{given} {family} {email}"),
        )
