"""What shifts the demo has: in every state, and each with a rule that it is there to show."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from brigades.people.levels import Level
from brigades.people.skills import Skill
from brigades.schedule.models import SignUp


@dataclass(frozen=True)
class Plan:
    """A shift to make: days from today, hours on the wall, what it needs, how it will stand."""

    title: str
    section: str
    day: int
    start: int
    hours: int
    needs: tuple[dict[str, object], ...]
    fill: int = 99  # how many come at most
    draft: bool = False
    cancelled: bool = False
    assigned: bool = False
    terms: Mapping[str, object] = field(default_factory=dict)  # columns of the slot
    papers: tuple[str, ...] = ()  # what everybody must hold


def masons(least: int, most: int) -> dict[str, object]:
    """A need for bricklayers."""
    return {"skill": Skill.CONSTRUCTION, "trade": "bricklaying", "least": least, "most": most}


def of_skill(skill: Skill, least: int, most: int | None, kind: str = "") -> dict[str, object]:
    """A need for anybody with a skill, and perhaps a kind of qualification."""
    return {"skill": skill, "least": least, "most": most, "kind": kind}


def nurse(least: int, most: int) -> dict[str, object]:
    """A need for nurses with first aid."""
    return of_skill(Skill.MEDICAL, least, most, "first-aid") | {"trade": "nursing"}


def pair(least: int = 1, most: int = 1, level: Level = Level.B2) -> dict[str, object]:
    """A need for interpreters between Arabic and English."""
    return {
        "skill": Skill.INTERPRETING,
        "language": "ar",
        "language_to": "en",
        "level": level,
        "least": least,
        "most": most,
    }


def plans() -> list[Plan]:
    """Thirty-nine shifts; the fortieth stands on the night when the clocks change."""
    build, medical, youth = Skill.CONSTRUCTION, Skill.MEDICAL, Skill.YOUTH
    found = [
        Plan("North wing, wall", "international", day, 7, 8, (masons(3, 5), pair()), fill)
        for day, fill in ((2, 4), (4, 2), (7, 5), (9, 1), (11, 3), (14, 0), (16, 2), (-3, 4))
    ]
    found += [
        Plan("Clinic tent, day", "international", day, 8, 8, (nurse(1, 2), pair()), fill)
        for day, fill in ((1, 2), (3, 3), (5, 1), (8, 0), (12, 2), (-2, 2), (-6, 3))
    ]
    found += [
        Plan("Clinic tent, night", "international", day, 22, 8, (nurse(1, 2),), fill)
        for day, fill in ((3, 1), (6, 0), (10, 1))
    ]
    found += [
        Plan(
            "Youth room",
            "international",
            day,
            15,
            4,
            (of_skill(youth, 2, 3),),
            fill,
            terms={"with_children": True, "min_age": 18, "meet_before": 30},
        )
        for day, fill in ((2, 2), (6, 1), (13, 3))
    ]
    found += [
        Plan("Workshop, tools and store", "germany", day, 9, 6, (of_skill(build, 1, 4),), fill)
        for day, fill in ((3, 6), (10, 2), (17, 0), (-9, 3))
    ]
    found += [
        Plan(
            "First-aid post, city run", "germany", 5, 8, 10, (of_skill(medical, 2, 4, "first-aid"),)
        ),
        Plan(
            "Packing medical crates",
            "germany",
            8,
            16,
            4,
            (of_skill(medical, 1, None),),
            2,
            terms={"signup": SignUp.REQUEST},
        ),
        Plan(
            "Roof of the depot",
            "kenya",
            4,
            7,
            9,
            (of_skill(build, 2, 4, "height"),),
            3,
            terms={"swaps_asked": True, "leave_by_hours": 72},
        ),
        Plan("School benches", "kenya", 9, 8, 8, (of_skill(build, 2, 6),), 4),
        Plan("Reading circle", "kenya", 6, 14, 3, (of_skill(youth, 1, 3),), 2),
        Plan("Clinic interpreters", "jordan", 2, 8, 8, (pair(2, 4, Level.C1),), 2),
        Plan("Airport welcome", "jordan", 12, 20, 6, (pair(1, 3),), 1),
        Plan("Kitchen wall", "portugal", 5, 9, 6, (of_skill(build, 2, 5),), 2),
        Plan(
            "Earthquake drill",
            "chile",
            36,
            10,
            5,
            (of_skill(build, 3, None),),
            2,
            terms={"meet_before": 45},
            papers=("passport",),
        ),
        Plan("Winter depot", "germany", 20, 9, 8, (of_skill(build, 2, 4),), draft=True),
        Plan("Second clinic tent", "international", 25, 8, 8, (nurse(2, 4),), draft=True),
        Plan("Tent check", "international", 4, 16, 3, (of_skill(build, 1, 2),), 1, cancelled=True),
        Plan(
            "Drivers for the convoy",
            "germany",
            6,
            5,
            12,
            (of_skill(build, 2, 3),),
            3,
            assigned=True,
        ),
        Plan(
            "Japanese doctors' visit",  # nobody in the demo can take this one
            "international",
            9,
            9,
            6,
            ({"language": "ja", "language_to": "ar", "level": Level.C2, "least": 1, "most": 1},),
        ),
    ]
    return found
