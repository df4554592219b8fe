"""The demo's people: what they can do, which languages they speak, which certificates they hold."""

from datetime import date, timedelta

from brigades.db import session
from brigades.demo.names import PLACES, TRADES, Place
from brigades.demo.world import World
from brigades.people.levels import Level
from brigades.people.models import Membership, Person, PersonLanguage, PersonSkill, Standing
from brigades.people.skills import TRADES as KNOWN
from brigades.qualifications.models import Qualification
from brigades.qualifications.rules import valid_until

PEOPLE = 150


def build(world: World) -> None:
    """People of every section with skills, languages and certificates."""
    share = {"germany": 30, "jordan": 24, "kenya": 26, "lord-howe": 5}
    rest = PEOPLE - sum(share.values())
    others = [place for place in PLACES if place.slug not in share]
    for place in PLACES:
        count = share.get(place.slug, rest // len(others))
        if place is others[-1]:
            count += rest % len(others)
        world.people[place.slug] = [_person(world, place, n) for n in range(count)]


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
        add_skill(world, person, trade)


def add_skill(world: World, person: Person, trade: str) -> None:
    """A trade with years of experience; most are verified."""
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
