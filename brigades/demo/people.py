"""The demo's sections, people, certificates and applications."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from secrets import token_urlsafe

from brigades.access import Role
from brigades.accounts.models import Account
from brigades.accounts.passwords import hashed
from brigades.db import session
from brigades.demo.names import PLACES, TRADES, Place
from brigades.people.levels import Level
from brigades.people.models import Away, Membership, Person, PersonLanguage, PersonSkill, Standing
from brigades.people.skills import TRADES as KNOWN
from brigades.people.skills import Skill
from brigades.qualifications.models import Kind, KindIncludes, Qualification
from brigades.qualifications.rules import valid_until
from brigades.recruiting.models import Application, Stage
from brigades.sections.models import Appointment, Section
from brigades.sections.service import set_path

PEOPLE = 150


@dataclass
class World:
    """What has been made so far, by name."""

    now: datetime
    random: Random = field(default_factory=lambda: Random(7))  # noqa: S311 -- the same demo each time
    body: Section | None = None
    sections: dict[str, Section] = field(default_factory=dict)
    people: dict[str, list[Person]] = field(default_factory=dict)
    kinds: dict[str, Kind] = field(default_factory=dict)
    known: dict[str, Person] = field(default_factory=dict)  # the five who sign in

    @property
    def today(self) -> date:
        """The day on which the demo is loaded."""
        return self.now.date()


def build(world: World, organisation: str, password: str) -> None:
    """Sections, kinds, people with skills and certificates, the five sign-ins, applications."""
    _sections(world, organisation)
    _kinds(world)
    share = {"germany": 30, "jordan": 24, "kenya": 26, "lord-howe": 5}
    rest = PEOPLE - sum(share.values())
    others = [place for place in PLACES if place.slug not in share]
    for place in PLACES:
        count = share.get(place.slug, rest // len(others))
        if place is others[-1]:
            count += rest % len(others)
        world.people[place.slug] = [_person(world, place, n) for n in range(count)]
    _sign_ins(world, password)
    _ages_and_days(world)
    _applications(world)


def _sections(world: World, organisation: str) -> None:
    body = Section(
        slug="international",
        name=organisation,
        zone="Asia/Amman",
        locale="en",
        contact="office@example.org",
        about="The international body: runs the site that receives the brigades.",
        recruits=False,
        looks_for=[skill.value for skill in Skill],
        created_at=world.now,
    )
    session.add(body)
    session.flush()
    set_path(body, None)
    world.body = world.sections["international"] = body
    for place in PLACES:
        section = Section(
            slug=place.slug,
            name=place.name,
            country=place.country,
            zone=place.zone,
            locale=place.locale,
            contact=f"{place.slug}@example.org",
            about=place.about,
            recruits=place.recruits,
            looks_for=list(place.looks_for),
            created_at=world.now,
        )
        session.add(section)
        session.flush()
        set_path(section, body)
        world.sections[place.slug] = section


def _kinds(world: World) -> None:
    for code, name, months, year_end in (
        ("first-aid", "First aid", 24, None),
        ("paramedic", "Paramedic licence", 60, None),
        ("height", "Working at height", 36, None),
        ("site-safety", "Site safety", None, 1),
        ("safeguarding", "Safeguarding", 60, None),
        ("interpreting", "Interpreting in health care", None, None),
        ("passport", "Passport", 120, None),
    ):
        kind = Kind(code=code, name=name, months=months, year_end=year_end)
        kind.safeguarding = code == "safeguarding"
        if code == "passport":
            kind.travel, kind.months_past_end = True, 6
        session.add(kind)
        world.kinds[code] = kind
    session.flush()
    session.add(
        KindIncludes(kind_id=world.kinds["paramedic"].id, includes_id=world.kinds["first-aid"].id)
    )


def _person(world: World, place: Place, number: int) -> Person:
    random, section = world.random, world.sections[place.slug]
    round_, first = divmod(number, len(place.given))
    given = place.given[first]
    family = place.family[(round_ + first) % len(place.family)]  # no pair comes twice
    person = Person(
        given_name=given,
        family_name=family,
        email=f"{place.slug}.{number + 1}@example.org",
        phone=place.phone.replace(" ", "") + f"{1000 + number * 37:04d}" if number % 9 else None,
        country=place.country,
        locale=place.locale,
        section_id=section.id,
        available_from=world.today if number % 4 else None,
        standing=Standing.ON_LEAVE if number % 17 == 16 else Standing.ACTIVE,
        created_at=world.now - timedelta(days=30 + number),
    )
    person.refresh_keys()
    session.add(person)
    session.flush()
    since = world.today - timedelta(days=random.randint(60, 900))
    session.add(Membership(person_id=person.id, section_id=section.id, since=since))
    skill = place.looks_for[number % len(place.looks_for)]
    _skills(world, person, skill)
    _languages(world, person, place, skill)
    _certificates(world, person, skill)
    return person


def _skills(world: World, person: Person, skill: str) -> None:
    random = world.random
    for trade in random.sample(TRADES[skill], k=min(len(TRADES[skill]), random.randint(1, 2))):
        _skill(world, person, trade)


def _skill(world: World, person: Person, trade: str) -> None:
    verified = world.random.random() < 0.7
    session.add(
        PersonSkill(
            person_id=person.id,
            skill=KNOWN[trade].skill,
            trade=trade,
            years=world.random.randint(1, 20),
            verified_on=world.today - timedelta(days=90) if verified else None,
        )
    )


def _languages(world: World, person: Person, place: Place, skill: str) -> None:
    random = world.random
    levels = {place.languages[0]: Level.NATIVE}
    for code in place.languages[1:]:
        levels[code] = random.choice([Level.B1, Level.B2, Level.C1])
    if skill == "interpreting":
        levels.setdefault("ar", random.choice([Level.B2, Level.C1, Level.C2]))
        levels["en"] = random.choice([Level.B2, Level.C1, Level.C2])
    for code, level in levels.items():
        session.add(PersonLanguage(person_id=person.id, language=code, level=level))


def _certificates(world: World, person: Person, skill: str) -> None:
    random = world.random
    wanted = {"construction": ["height", "site-safety"], "youth": ["safeguarding"]}.get(skill, [])
    if skill == "medical" and random.random() < 0.3:
        wanted = ["paramedic"]
    if skill == "interpreting" and random.random() < 0.5:
        wanted = ["interpreting"]
    if "paramedic" not in wanted and random.random() < 0.75:
        wanted = [*wanted, "first-aid"]
    for code in wanted:
        if random.random() < 0.85:
            _certificate(world, person, code, _issued(world, code))


def _issued(world: World, code: str) -> date:
    """Mostly fresh; some about to lapse, a few lapsed."""
    dice, months = world.random.random(), world.kinds[code].months or 12
    age = months * 30 - 20 if dice < 0.12 else months * 30 + 60 if dice < 0.2 else 150
    return world.today - timedelta(days=age)


def _certificate(world: World, person: Person, code: str, issued: date) -> None:
    kind = world.kinds[code]
    verified = world.random.random() < 0.9
    session.add(
        Qualification(
            person_id=person.id,
            kind_id=kind.id,
            number=f"{code[:2].upper()}-{person.id:05d}",
            issued_on=issued,
            valid_until=valid_until(kind, issued),
            verified_on=issued if verified else None,
        )
    )


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
    has = set(session.scalars(_trades(person)))
    for trade in {"bricklaying", "interpreting"} - has:
        _skill(world, person, trade)
    session.add(PersonLanguage(person_id=person.id, language="ar", level=Level.B2))


def _trades(person: Person):  # type: ignore[no-untyped-def]
    from sqlalchemy import select

    return select(PersonSkill.trade).where(PersonSkill.person_id == person.id)


def _applications(world: World) -> None:
    """Applications in every state; some have waited too long."""
    stages = [Stage.CONFIRMED] * 5 + [Stage.IN_REVIEW, Stage.SENT, Stage.DECLINED, Stage.WITHDRAWN]
    given = ("Selma", "Oskar", "Pia", "Hamid", "Ronja", "Amadou", "Vera", "Luca", "Sina")
    for number, stage in enumerate(stages):
        slug = "germany" if number < 6 else ("kenya", "jordan", "chile")[number % 3]
        sent = world.now - timedelta(days=1 + number * 2, hours=number)
        address = f"applicant.{number + 1}@example.org"
        session.add(
            Application(
                section_id=world.sections[slug].id,
                given_name=given[number],
                family_name=("Lang", "Farouk", "Berger")[number % 3],
                email=address,
                email_key=address,
                country=world.sections[slug].country or "DE",
                locale=world.sections[slug].locale,
                skills=[{"skill": "construction", "trade": "carpentry", "years": number}],
                languages=[{"language": "en", "level": "B2"}],
                why="I have time this spring and would like to help where it is needed.",
                consent_version="1",
                consented_at=sent,
                stage=stage,
                sent_at=sent,
                confirmed_at=None if stage is Stage.SENT else sent + timedelta(hours=1),
                decided_at=world.now if stage is Stage.DECLINED else None,
                decided_by=world.known["coordinator"].id if stage is Stage.DECLINED else None,
                reason="We have no place for this trade this year." * (stage is Stage.DECLINED),
            )
        )
    session.flush()
