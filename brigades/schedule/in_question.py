"""Who is on a slot and who is in question for each of its needs, as one statement."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Date,
    Float,
    Integer,
    Select,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from brigades.access import Scope
from brigades.db import Instant
from brigades.people.models import Person, PersonLanguage, PersonSkill, Standing, plain
from brigades.people.skills import Skill
from brigades.qualifications.models import KindIncludes, Qualification
from brigades.schedule.lengths import seconds_between
from brigades.schedule.models import Participation, Slot
from brigades.schedule.rules import NeedFacts
from brigades.schedule.states import LIVE, State
from brigades.sections.models import Section

MOST = 100  # people in question per need; who is not among them is found by name


@dataclass(frozen=True)
class Filters:
    """What the board shows. A name finds people whatever the need asks for, to say why not."""

    q: str = ""
    section_id: int | None = None
    speaks: str = ""
    refused: bool = True
    most: int = MOST  # people in question per need; 0 for nobody but who is on


def pool(scope: Scope, slot: Slot) -> Any:
    """The condition that a person (joined with their section) may be given places in a slot.

    Active or not, of the slot's section and below, within the scope. ``slot.section`` is loaded.
    """
    return and_(scope.within(Person), Section.path.startswith(slot.section.path, autoescape=False))


def everyone(scope: Scope, slot: Slot, needs: list[NeedFacts], filters: Filters) -> Select[Any]:
    """One row for each person on the slot, and for each person in question at each need."""
    on = select(
        Participation.need_id.label("need_id"),
        Participation.person_id.label("person_id"),
        Participation.id.label("place_id"),
        cast(null(), Float).label("seconds"),
        Participation.asked_at.label("asked"),
        cast(null(), Integer).label("years"),
        cast(null(), Date).label("verified"),
        cast(null(), Instant()).label("said_no"),
    ).where(Participation.slot_id == slot.id, Participation.state.in_(LIVE))
    found: CompoundSelect[Any] = union_all(
        on, *(_in_question(scope, slot, need, filters) for need in needs if filters.most)
    )
    rows = found.subquery("everyone")
    return (
        select(Person, Section.name.label("section"), Participation, *rows.c)
        .join(rows, rows.c.person_id == Person.id)
        .join(Section, Section.id == Person.section_id)
        .outerjoin(Participation, Participation.id == rows.c.place_id)
        .order_by(
            rows.c.seconds,
            case((rows.c.asked.is_(None), 0), else_=1),
            rows.c.asked,
            Person.id,
        )
    )


def _in_question(scope: Scope, slot: Slot, need: NeedFacts, filters: Filters) -> Select[Any]:
    """The people nearest to a need: few hours first, then long unasked; one more than shown."""
    seconds = func.coalesce(_seconds_served(), 0.0).label("seconds")
    asked = (
        select(func.max(Participation.asked_at))
        .where(Participation.person_id == Person.id)
        .scalar_subquery()
        .label("asked")
    )
    mine = and_(Participation.slot_id == slot.id, Participation.person_id == Person.id)
    near = (
        select(Person.id.label("person_id"), seconds, asked)
        .join(Section, Section.id == Person.section_id)
        .where(
            pool(scope, slot),
            ~exists().where(mine, Participation.state.in_(LIVE)),
            *_asked_for(need, filters),
        )
        .order_by(seconds, case((asked.is_(None), 0), else_=1), asked, Person.id)
        .limit(filters.most + 1)
        .subquery()
    )
    said_no = (
        select(func.max(Participation.changed_at))
        .where(
            Participation.slot_id == slot.id,
            Participation.person_id == near.c.person_id,
            Participation.state == State.DECLINED,
        )
        .scalar_subquery()
    )
    skill = _skill_of(need, near.c.person_id) if need.skill else false()
    return select(
        literal(need.id),
        near.c.person_id,
        cast(null(), Integer),
        near.c.seconds,
        near.c.asked,
        select(func.max(PersonSkill.years)).where(skill).scalar_subquery(),
        select(func.max(PersonSkill.verified_on)).where(skill).scalar_subquery(),
        said_no,
    )


def _seconds_served() -> Any:
    """Seconds of the slots that a person attended; they follow the slot when it is corrected."""
    return (
        select(cast(func.sum(seconds_between(Slot.starts_at, Slot.ends_at)), Float))
        .join(Participation, Participation.slot_id == Slot.id)
        .where(Participation.person_id == Person.id, Participation.state == State.ATTENDED)
        .correlate(Person)
        .scalar_subquery()
    )


def _skill_of(need: NeedFacts, person_id: Any) -> Any:
    condition = and_(PersonSkill.person_id == person_id, PersonSkill.skill == Skill(need.skill))
    return and_(condition, PersonSkill.trade == need.trade) if need.trade else condition


def _asked_for(need: NeedFacts, filters: Filters) -> list[Any]:
    """Conditions that let near misses in: a lapsed certificate is shown, none at all is not."""
    conditions: list[Any] = []
    if filters.section_id is not None:
        conditions.append(Person.section_id == filters.section_id)
    if filters.speaks:
        conditions.append(_speaks(filters.speaks))
    if filters.q:
        return [
            *conditions,
            Person.standing.in_((Standing.ACTIVE, Standing.ON_LEAVE)),
            Person.search.contains(plain(filters.q), autoescape=True),
        ]
    conditions.append(Person.standing == Standing.ACTIVE)
    if need.skill:
        conditions.append(exists().where(_skill_of(need, Person.id)))
    conditions += [_speaks(language) for language in need.languages]
    if need.kind_id is not None:
        including = select(KindIncludes.kind_id).where(KindIncludes.includes_id == need.kind_id)
        conditions.append(
            exists().where(
                Qualification.person_id == Person.id,
                or_(
                    Qualification.kind_id == need.kind_id,
                    Qualification.kind_id.in_(including),
                ),
            )
        )
    return conditions


def _speaks(language: str) -> Any:
    return exists().where(
        PersonLanguage.person_id == Person.id, PersonLanguage.language == language
    )
