"""The demo's tree of sections, and the kinds of certificates it knows."""

from brigades.db import session
from brigades.demo.names import PLACES
from brigades.demo.world import World
from brigades.people.skills import Skill
from brigades.qualifications.models import Kind, KindIncludes
from brigades.sections.models import Section
from brigades.sections.service import set_path


def build(world: World, organisation: str) -> None:
    """The international body with the national sections below it, and kinds of certificates."""
    _sections(world, organisation)
    _kinds(world)


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
