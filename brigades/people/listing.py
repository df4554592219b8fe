"""Finding people: the select behind the list and its exports, and what a page of it shows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Select, String, bindparam, cast, exists, literal, select, union_all
from sqlalchemy.orm import joinedload

from brigades.access import Can, Scope
from brigades.asking import as_day
from brigades.db import built_once, session
from brigades.people import age, parts
from brigades.people.models import Person, PersonLanguage, PersonSkill, Standing, plain
from brigades.people.skills import TRADES, Skill
from brigades.sections.models import Section

SORTS = {
    "name": (Person.sort_name, Person.id),
    "newest": (Person.created_at.desc(), Person.id.desc()),
}


@dataclass(frozen=True)
class Asked:
    """What a list was asked for; an empty value filters nothing, an unknown one finds nobody."""

    q: str = ""
    section: str = ""
    skill: str = ""
    language: str = ""
    standing: str = ""
    minor_on: str = ""  # under age on this day
    sort: str = "name"
    others: Mapping[str, str] = field(default_factory=dict)  # filters of higher folders

    @property
    def narrowed(self) -> bool:
        """Whether anything is filtered."""
        own = (self.q, self.section, self.skill, self.language, self.standing, self.minor_on)
        return any(own) or any(self.others.values())

    @property
    def minor_day(self) -> date | None:
        """The day on which to be under age; None where none is asked for, or what is no day."""
        return as_day(self.minor_on)


def asked(args: Mapping[str, str]) -> Asked:
    """What an address asks for."""
    names = ("q", "section", "skill", "language", "standing", "minor_on")
    own = {name: args.get(name, "").strip()[:200] for name in names}
    sort = args.get("sort", "")
    others = {name: args.get(name, "").strip()[:200] for name in parts.filters}
    return Asked(**own, sort=sort if sort in SORTS else "name", others=others)


def people(scope: Scope, ask: Asked, today: date) -> Select[tuple[Person]]:
    """The people in scope that fit, with their section, in an order that ends in the id."""
    query = fitting(scope, ask, today)
    if ask.standing in set(Standing):
        query = query.where(Person.standing == Standing(ask.standing))
    else:
        query = query.where(Person.standing.in_([Standing.ACTIVE, Standing.ON_LEAVE]))
    return query.order_by(*SORTS[ask.sort])


def fitting(scope: Scope, ask: Asked, today: date) -> Select[tuple[Person]]:
    """The same whatever their standing, in no order."""
    query: Select[tuple[Person]] = scope.select(Person).options(joinedload(Person.section))
    for word in plain(ask.q).split():
        query = query.where(Person.search.contains(word, autoescape=True))
    if ask.section:
        top = select(Section.path).where(Section.slug == ask.section).scalar_subquery()
        below = select(Section.id).where(Section.path.startswith(top))
        query = query.where(Person.section_id.in_(below))
    if ask.skill:
        query = query.where(_has_skill(ask.skill))
    if ask.language:
        query = query.where(
            exists().where(
                PersonLanguage.person_id == Person.id, PersonLanguage.language == ask.language
            )
        )
    if ask.minor_on:
        day = ask.minor_day
        query = query.where(literal(False) if day is None else age.minor_on(day))
    for name, value in ask.others.items():
        if value:
            condition = parts.filters[name](value, today)
            query = query.where(literal(False) if condition is None else condition)
    return query


def _has_skill(code: str) -> Any:
    """Whoever has the trade, or any trade of the skill; an unknown code nobody has."""
    theirs = exists().where(PersonSkill.person_id == Person.id)
    if code in set(Skill):
        return theirs.where(PersonSkill.skill == Skill(code))
    trade = TRADES.get(code)
    if trade is None:
        return literal(False)
    return theirs.where(PersonSkill.skill == trade.skill, PersonSkill.trade == code)


@dataclass
class Traits:
    """Codes of what a person can do, and of the languages they speak with the level's code."""

    skills: list[str] = field(default_factory=list)
    languages: list[tuple[str, str]] = field(default_factory=list)


def traits(ids: Iterable[int]) -> dict[int, Traits]:
    """Skills and languages of people, by person; one statement however many they are."""
    found: dict[int, Traits] = defaultdict(Traits)
    for person_id, tag, one, two in session.execute(_traits(), {"people": list(ids)}):
        if tag == "skill":
            found[person_id].skills.append(two or one)
        else:
            found[person_id].languages.append((one, two))
    return found


@built_once
def _traits() -> Select[Any]:
    wanted: Any = bindparam("people", expanding=True)
    rows = union_all(
        select(
            PersonSkill.person_id,
            literal("skill").label("tag"),
            cast(PersonSkill.skill, String).label("one"),
            PersonSkill.trade.label("two"),
            PersonSkill.id.label("row"),
        ).where(PersonSkill.person_id.in_(wanted)),
        select(
            PersonLanguage.person_id,
            literal("language"),
            PersonLanguage.language,
            cast(PersonLanguage.level, String),
            PersonLanguage.id,
        ).where(PersonLanguage.person_id.in_(wanted)),
    ).subquery()
    return select(rows.c.person_id, rows.c.tag, rows.c.one, rows.c.two).order_by(
        rows.c.person_id, rows.c.tag, rows.c.row
    )


def of_section(scope: Scope, section: Section, _today: date) -> list[Person]:
    """The first people of a section by name, for the section's page."""
    return list(
        session.scalars(
            scope.select(Person, Can.SEE_PEOPLE)
            .where(
                Person.section_id == section.id,
                Person.standing.in_([Standing.ACTIVE, Standing.ON_LEAVE]),
            )
            .order_by(*SORTS["name"])
            .limit(20)
        )
    )
