"""Who is on a slot and who is in question for each of its needs, as one statement."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Float,
    Integer,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    cast,
    exists,
    false,
    func,
    null,
    select,
    union_all,
)

from brigades.access import Can, Scope, inside
from brigades.db import Instant
from brigades.people.models import Person, PersonSkill, plain
from brigades.people.skills import Skill
from brigades.schedule import hours
from brigades.schedule.asked_for import Narrowed, Shape, conditions, skill_of
from brigades.schedule.models import Participation, Slot
from brigades.schedule.rules import NeedFacts
from brigades.schedule.states import LIVE, State
from brigades.schedule.waitlist import position
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


def everyone(
    scope: Scope, slot: Slot, needs: list[NeedFacts], filters: Filters, now: datetime
) -> tuple[Select[Any], dict[str, Any]]:
    """One row for each person on the slot, and for each person in question at each need.

    As a statement and what it runs with: statements are built once for all boards of a shape,
    since building one takes longer than running it.
    """
    asking = needs if filters.most else []
    given: dict[str, Any] = {
        "slot": slot.id,
        "now": now,
        "path": slot.section.path,
        "most": filters.most + 1,
        "section": filters.section_id,
        "speaks": filters.speaks,
        "words": f"%{_literally(plain(filters.q))}%",
        **scope.given(scope.can),
    }
    for number, need in enumerate(asking):
        given |= {
            f"need_{number}": need.id,
            f"skill_{number}": Skill(need.skill) if need.skill else None,
            f"trade_{number}": need.trade,
            f"kind_{number}": need.kind_id,
        }
        for place, language in enumerate(need.languages):
            given[f"language_{number}_{place}"] = language
    shapes = tuple(
        Shape(bool(need.skill), bool(need.trade), len(need.languages), need.kind_id is not None)
        for need in asking
    )
    narrowed = Narrowed(
        section=filters.section_id is not None,
        speaks=bool(filters.speaks),
        words=bool(filters.q),
        whole=scope.can in scope.everywhere and slot.section.parent_id is None,
    )
    statement = _statement(scope.everywhere, scope.can, shapes, narrowed)
    return statement, given


def _literally(words: str) -> str:
    """Words for LIKE, in which nothing stands for anything else."""
    return words.replace("/", "//").replace("%", "/%").replace("_", "/_")


@lru_cache(maxsize=256)
def _statement(
    everywhere: frozenset[Can], can: Can, shapes: tuple[Shape, ...], narrowed: Narrowed
) -> Select[Any]:
    on = select(
        Participation.need_id.label("need_id"),
        Participation.person_id.label("person_id"),
        Participation.id.label("place_id"),
        cast(null(), Float).label("seconds"),
        Participation.asked_at.label("asked"),
        cast(null(), Integer).label("years"),
        cast(null(), Date).label("verified"),
        cast(null(), Instant()).label("said_no"),
    ).where(Participation.slot_id == bindparam("slot"), Participation.state.in_(LIVE))
    found: CompoundSelect[Any] = union_all(
        on,
        *(
            _near(inside(Person, can, everywhere), number, shape, narrowed)
            for number, shape in enumerate(shapes)
        ),
    )
    rows = found.subquery("everyone")
    return (
        select(
            Person,
            Section.name.label("section"),
            Participation,
            position().label("position"),
            *rows.c,
        )
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


def _near(reach: ColumnElement[bool], number: int, shape: Shape, narrowed: Narrowed) -> Select[Any]:
    """The people nearest to a need: few hours first, then long unasked; one more than shown."""
    seconds = func.coalesce(_seconds_served(), 0.0).label("seconds")
    asked = (
        select(func.max(Participation.asked_at))
        .where(Participation.person_id == Person.id)
        .scalar_subquery()
        .label("asked")
    )
    slot: Any = bindparam("slot")
    mine = and_(Participation.slot_id == slot, Participation.person_id == Person.id)
    found = select(Person.id.label("person_id"), seconds, asked)
    if shape.trade:  # of which a person has one row: it is read along
        # An outer join, or SQLite starts from everybody who has the trade anywhere.
        found = found.add_columns(PersonSkill.years, PersonSkill.verified_on).join(
            PersonSkill, skill_of(number, shape, Person.id), isouter=not narrowed.skill_first
        )
    if not narrowed.whole:
        below = select(Section.id).where(Section.path.startswith(bindparam("path")))
        found = found.where(Person.section_id.in_(below))
    near = (
        found.where(
            reach,
            ~exists().where(mine, Participation.state.in_(LIVE)),
            *conditions(number, shape, narrowed),
        )
        .order_by(seconds, asked.asc().nulls_first(), Person.id)
        .limit(bindparam("most"))
        .subquery()
    )
    said_no = (
        select(func.max(Participation.changed_at))
        .where(
            Participation.slot_id == slot,
            Participation.person_id == near.c.person_id,
            Participation.state == State.DECLINED,
        )
        .scalar_subquery()
    )
    return select(
        cast(bindparam(f"need_{number}"), Integer),
        near.c.person_id,
        cast(null(), Integer),
        near.c.seconds,
        near.c.asked,
        *_experience(number, shape, near),
        said_no,
    )


def _experience(number: int, shape: Shape, near: Subquery) -> list[Any]:
    """Years of experience in what is asked for, and when that was checked."""
    if shape.trade:
        return [near.c.years, near.c.verified_on]
    skill = skill_of(number, shape, near.c.person_id) if shape.skill else false()
    return [
        select(func.max(PersonSkill.years)).where(skill).scalar_subquery(),
        select(func.max(PersonSkill.verified_on)).where(skill).scalar_subquery(),
    ]


def _seconds_served() -> Any:
    """Seconds that a person has served; they follow the slot when it is corrected."""
    return (
        select(cast(func.sum(hours.seconds()), Float))
        .join(Slot, Slot.id == Participation.slot_id)
        .where(Participation.person_id == Person.id, hours.count(bindparam("now")))
        .correlate(Person)
        .scalar_subquery()
    )
