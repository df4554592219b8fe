"""What a need asks for, as conditions on people; once for all needs of a shape.

The need's own values are given when the statement runs, under names that end in its number.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, case, exists, or_, select
from sqlalchemy.orm import aliased

from brigades.people.models import STILL_HERE, Person, PersonLanguage, PersonSkill, Standing
from brigades.qualifications.models import KindIncludes, Qualification


@dataclass(frozen=True)
class Shape:
    """What a need asks for in kind, whatever it is: needs of one shape share their conditions."""

    skill: bool
    trade: bool
    languages: int
    certificate: bool


@dataclass(frozen=True)
class Narrowed:
    """Which filters are set. ``whole``: people of every section are in question."""

    section: bool
    speaks: bool
    words: bool
    whole: bool = False

    @property
    def skill_first(self) -> bool:
        """Whether to begin with who has a skill: among many people that leaves few."""
        return self.whole and not self.words


def conditions(number: int, shape: Shape, narrowed: Narrowed) -> list[Any]:
    """Conditions that let near misses in: a lapsed certificate is shown, none at all is not."""
    asked: list[Any] = []
    if narrowed.section:
        asked.append(Person.section_id == bindparam("section"))
    if narrowed.speaks:
        asked.append(_speaks("speaks"))
    if narrowed.words:
        return [
            *asked,
            Person.standing.in_(STILL_HERE),
            Person.search.like(bindparam("words"), escape="/"),
        ]
    asked.append(Person.standing == Standing.ACTIVE)
    if shape.skill:
        has = aliased(PersonSkill)
        skilled = exists().where(skill_of(number, shape, Person.id, has))
        # Wrapped, or PostgreSQL joins everybody who has the trade anywhere.
        asked.append(skilled if narrowed.skill_first else case((skilled, 1), else_=0) == 1)
    asked += [_speaks(f"language_{number}_{place}") for place in range(shape.languages)]
    if shape.certificate:
        kind: Any = bindparam(f"kind_{number}")
        including = select(KindIncludes.kind_id).where(KindIncludes.includes_id == kind)
        asked.append(
            exists().where(
                Qualification.person_id == Person.id,
                or_(Qualification.kind_id == kind, Qualification.kind_id.in_(including)),
            )
        )
    return asked


def skill_of(number: int, shape: Shape, person_id: Any, has: Any = PersonSkill) -> Any:
    """The condition that a person has the skill, and the trade where one is asked for."""
    condition = and_(has.person_id == person_id, has.skill == bindparam(f"skill_{number}"))
    if not shape.trade:
        return condition
    return and_(condition, has.trade == bindparam(f"trade_{number}"))


def _speaks(language: str) -> Any:
    return exists().where(
        PersonLanguage.person_id == Person.id, PersonLanguage.language == bindparam(language)
    )
