"""The assignment board of a slot: for each need who is on, who fits best, and who cannot and why.

Four statements for any number of people: the needs, everyone who is on or in question, and two
for what the rules judge on.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
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
from brigades.clock import DAY
from brigades.db import Instant, session
from brigades.people.levels import Level
from brigades.people.models import Person, PersonLanguage, PersonSkill, Standing, plain
from brigades.people.skills import Skill
from brigades.qualifications.models import KindIncludes, Qualification
from brigades.schedule import facts
from brigades.schedule.fit import Experience, Fit, fit
from brigades.schedule.lengths import seconds_between
from brigades.schedule.models import Participation, Slot
from brigades.schedule.rules import NeedFacts, PersonFacts, Refusal, SlotFacts, recheck, refusals
from brigades.schedule.service import LIMITS
from brigades.schedule.states import HOLDING, LIVE, State
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


@dataclass(frozen=True)
class Candidate:
    """Somebody in question for a need. ``asked_at``: when a place was last offered, anywhere."""

    person: Person
    section: str
    facts: PersonFacts
    fit: Fit
    hours: float
    asked_at: datetime | None
    said_no_at: datetime | None
    refusals: tuple[Refusal, ...]

    @property
    def blocked(self) -> bool:
        """Whether nobody may give this person the place."""
        return any(reason.blocks for reason in self.refusals)

    @property
    def languages(self) -> list[tuple[str, Level]]:
        """Languages spoken, the best one first."""
        return sorted(self.facts.languages.items(), key=lambda one: (-one[1].rank, one[0]))


@dataclass(frozen=True)
class Place:
    """Somebody who is on; ``against`` is what stands against them by now."""

    participation: Participation
    person: Person
    section: str
    position: int | None
    against: tuple[Refusal, ...]


@dataclass(frozen=True)
class Desk:
    """One need on the board. ``more``: there are more people in question than are shown."""

    need: NeedFacts
    held: list[Place]
    waiting: list[Place]
    candidates: list[Candidate]
    refused: list[Candidate]
    more: bool

    @property
    def too_many(self) -> int:
        """How many hold a place beyond the most, since places may be taken away again."""
        return 0 if self.need.most is None else max(0, self.need.held - self.need.most)


def pool(scope: Scope, slot: Slot) -> Any:
    """The condition that a person (joined with their section) may be given places in a slot.

    Active or not, of the slot's section and below, within the scope. ``slot.section`` is loaded.
    """
    return and_(scope.within(Person), Section.path.startswith(slot.section.path, autoescape=False))


def board(scope: Scope, slot: Slot, filters: Filters, now: datetime) -> list[Desk]:
    """The needs of a slot in order, each with its people; ``slot.section`` must be loaded."""
    needs = facts.needs_of([slot.id]).get(slot.id, [])
    slot_facts = facts.slot_facts(slot, needs)
    rows = session.execute(_everyone(scope, slot, needs, filters)).all()
    span = LIMITS.rest + DAY
    people = {row.Person.id: row.Person for row in rows}
    known = facts.people_facts(list(people.values()), slot.starts_at - span, slot.ends_at + span)
    by_need: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        by_need[row.need_id].append(row)
    return [_desk(slot_facts, need, by_need[need.id], known, filters, now) for need in needs]


def _desk(
    slot: SlotFacts,
    need: NeedFacts,
    rows: list[Any],
    known: dict[int, PersonFacts],
    filters: Filters,
    now: datetime,
) -> Desk:
    places = [row for row in rows if row.Participation is not None]
    in_question = [row for row in rows if row.Participation is None]
    held = [row for row in places if row.Participation.state is not State.WAITLISTED]
    waiting = [row for row in places if row.Participation.state is State.WAITLISTED]
    candidates = [
        _candidate(slot, need, row, known[row.Person.id], now)
        for row in in_question[: filters.most]
    ]
    candidates.sort(key=_best_first)
    return Desk(
        need=need,
        held=[
            _place(slot, need, row, known, None)
            for row in sorted(held, key=lambda row: _held_first(row.Participation))
        ],
        waiting=[
            _place(slot, need, row, known, number)
            for number, row in enumerate(sorted(waiting, key=_longest_first), start=1)
        ],
        candidates=[one for one in candidates if not one.blocked],
        refused=[one for one in candidates if one.blocked] if filters.refused else [],
        more=len(in_question) > filters.most,
    )


def _held_first(place: Participation) -> tuple[bool, bool, int]:
    return (place.state not in HOLDING, place.state is State.OFFERED, place.id)


def _longest_first(row: Any) -> tuple[datetime, int]:
    return (row.Participation.queued_at, row.Participation.id)


def _best_first(one: Candidate) -> tuple[Any, ...]:
    """Whom nothing speaks against first; among them fit, then few hours, then long unasked."""
    return (
        bool(one.refusals) or one.said_no_at is not None,
        -one.fit.points,
        one.hours,
        one.asked_at is not None,
        one.asked_at.timestamp() if one.asked_at else 0,
        one.person.id,
    )


def _place(
    slot: SlotFacts,
    need: NeedFacts,
    row: Any,
    known: dict[int, PersonFacts],
    position: int | None,
) -> Place:
    against = tuple(reason for reason in recheck(slot, need, known[row.Person.id]) if reason.blocks)
    return Place(row.Participation, row.Person, row.section, position, against)


def _candidate(
    slot: SlotFacts, need: NeedFacts, row: Any, person: PersonFacts, now: datetime
) -> Candidate:
    return Candidate(
        person=row.Person,
        section=row.section,
        facts=person,
        fit=fit(slot, need, person, Experience(row.years, row.verified is not None)),
        hours=(row.seconds or 0) / 3600,
        asked_at=row.asked,
        said_no_at=row.said_no,
        refusals=tuple(refusals(slot, need, person, now, by_self=False)),
    )


def _everyone(scope: Scope, slot: Slot, needs: list[NeedFacts], filters: Filters) -> Select[Any]:
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
