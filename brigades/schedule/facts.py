"""Loading what the rules judge on, for many people and many slots in a fixed number of statements.

Slots with their needs take two, people's skills, languages and qualifications one together, their
commitments one.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Date,
    Select,
    String,
    bindparam,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)

from brigades.clock import day_bounds
from brigades.db import built_once, session
from brigades.people.levels import Level
from brigades.people.models import Person, PersonLanguage, PersonSkill, Standing
from brigades.qualifications.models import Kind, KindIncludes, Qualification
from brigades.schedule.models import Need, Participation, SignUp, Slot, Status
from brigades.schedule.rules import Commitment, Holding, NeedFacts, PersonFacts, SlotFacts
from brigades.schedule.states import COMMITTED, HOLDING, LIVE, State


def needs_of(slot_ids: Iterable[int]) -> dict[int, list[NeedFacts]]:
    """The needs of each slot in order, with how their places stand, in one statement."""
    found: dict[int, list[NeedFacts]] = defaultdict(list)
    for slot_id, id, skill, trade, one, other, level, kind_id, kind, *numbers in session.execute(
        _needs(), {"slots": list(slot_ids)}
    ):
        least, most, held, offered, waiting = numbers
        found[slot_id].append(
            NeedFacts(
                id=id,
                skill=skill.value if skill else "",
                trade=trade,
                languages=tuple(code for code in (one, other) if code),
                level=level,
                kind_id=kind_id,
                kind_name=kind or "",
                least=least,
                most=most,
                held=held,
                offered=offered,
                waiting=waiting,
            )
        )
    return found


@built_once
def _needs() -> Select[Any]:
    held = func.count(Participation.id).filter(Participation.state.in_(HOLDING))
    offered = func.count(Participation.id).filter(Participation.state == State.OFFERED)
    waiting = func.count(Participation.id).filter(Participation.state == State.WAITLISTED)
    return (
        select(
            Need.slot_id,
            Need.id,
            Need.skill,
            Need.trade,
            Need.language,
            Need.language_to,
            Need.level,
            Need.kind_id,
            Kind.name,
            Need.least,
            Need.most,
            held,
            offered,
            waiting,
        )
        .outerjoin(Kind, Kind.id == Need.kind_id)
        .outerjoin(Participation, Participation.need_id == Need.id)
        .where(Need.slot_id.in_(bindparam("slots", expanding=True)))
        .group_by(Need.id, Kind.name)
        .order_by(Need.slot_id, Need.position, Need.id)
    )


def states_of(person_id: int | None, slot_ids: Iterable[int]) -> dict[int, State]:
    """Where a person stands with each slot that they have a live part in, in one statement."""
    given = {"person": person_id, "slots": list(slot_ids)}
    return dict(session.execute(_states(), given).tuples().all())


@built_once
def _states() -> Select[Any]:
    return select(Participation.slot_id, Participation.state).where(
        Participation.person_id == bindparam("person"),
        Participation.slot_id.in_(bindparam("slots", expanding=True)),
        Participation.state.in_(LIVE),
    )


def slot_facts(slot: Slot, needs: Sequence[NeedFacts]) -> SlotFacts:
    """The facts of a slot that is already loaded."""
    closes = day_bounds(slot.signup_until, slot.zone)[1] if slot.signup_until else None
    return SlotFacts(
        id=slot.id,
        title=slot.title,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        zone=slot.zone,
        published=slot.status is Status.PUBLISHED,
        cancelled=slot.status is Status.CANCELLED,
        by_oneself=slot.signup is not SignUp.ASSIGNED,
        waitlist=slot.waitlist,
        signup_ends=closes,
        needs=tuple(needs),
    )


def facts_of(slots: Sequence[Slot]) -> list[SlotFacts]:
    """The facts of slots that are already loaded, in their order; one statement."""
    needs = needs_of([slot.id for slot in slots])
    return [slot_facts(slot, needs.get(slot.id, [])) for slot in slots]


def people_facts(
    people: Sequence[Person], since: datetime, until: datetime
) -> dict[int, PersonFacts]:
    """The facts of people that are already loaded, by their id; two statements.

    Commitments are those that touch the instants [since, until]; widen it by the longest rest.
    """
    ids = [person.id for person in people]
    skills: dict[int, set[tuple[str, str]]] = defaultdict(set)
    languages: dict[int, dict[str, Level]] = defaultdict(dict)
    holdings: dict[int, dict[int, list[Holding]]] = defaultdict(lambda: defaultdict(list))
    for person_id, tag, one, two, day, flag in session.execute(_traits(), {"people": ids}):
        if tag == "skill":
            skills[person_id] |= {(one, two), (one, "")}
        elif tag == "language":
            languages[person_id][one] = Level(two)
        else:
            holdings[person_id][int(one)].append(Holding(day, flag is not None))
    commitments, live_in = _commitments(ids, since, until)
    return {
        person.id: PersonFacts(
            id=person.id,
            active=person.standing is Standing.ACTIVE,
            skills=frozenset(skills[person.id]),
            languages=languages[person.id],
            holdings={kind: tuple(held) for kind, held in holdings[person.id].items()},
            commitments=tuple(commitments[person.id]),
            live_in=frozenset(live_in[person.id]),
        )
        for person in people
    }


@built_once
def _traits() -> CompoundSelect[Any]:
    """Skills, languages and qualifications of people as one statement with one set of columns."""
    ids: Any = bindparam("people", expanding=True)
    day = cast(null(), Date)
    held = select(
        Qualification.person_id,
        literal("held"),
        cast(Qualification.kind_id, String),
        literal(""),
        Qualification.valid_until,
        Qualification.verified_on,
    ).where(Qualification.person_id.in_(ids))
    included = (
        select(
            Qualification.person_id,
            literal("held"),
            cast(KindIncludes.includes_id, String),
            literal(""),
            Qualification.valid_until,
            Qualification.verified_on,
        )
        .join(KindIncludes, KindIncludes.kind_id == Qualification.kind_id)
        .where(Qualification.person_id.in_(ids))
    )
    return union_all(
        select(
            PersonSkill.person_id,
            literal("skill").label("tag"),
            cast(PersonSkill.skill, String).label("one"),
            PersonSkill.trade.label("two"),
            day.label("day"),
            day.label("flag"),
        ).where(PersonSkill.person_id.in_(ids)),
        select(
            PersonLanguage.person_id,
            literal("language"),
            PersonLanguage.language,
            cast(PersonLanguage.level, String),
            day,
            day,
        ).where(PersonLanguage.person_id.in_(ids)),
        held,
        included,
    )


def _commitments(
    ids: list[int], since: datetime, until: datetime
) -> tuple[dict[int, list[Commitment]], dict[int, set[int]]]:
    """Slots near the span in which people have a live part: those that bind, and all of them."""
    given = {"people": ids, "since": since, "until": until}
    commitments: dict[int, list[Commitment]] = defaultdict(list)
    live_in: dict[int, set[int]] = defaultdict(set)
    for person_id, state, slot_id, title, starts_at, ends_at, zone in session.execute(
        _live_parts(), given
    ):
        live_in[person_id].add(slot_id)
        if state in COMMITTED:
            commitments[person_id].append(Commitment(slot_id, title, starts_at, ends_at, zone))
    return commitments, live_in


@built_once
def _live_parts() -> Select[Any]:
    return (
        select(
            Participation.person_id,
            Participation.state,
            Slot.id,
            Slot.title,
            Slot.starts_at,
            Slot.ends_at,
            Slot.zone,
        )
        .join(Slot, Slot.id == Participation.slot_id)
        .where(
            Participation.person_id.in_(bindparam("people", expanding=True)),
            Participation.state.in_(LIVE),
            Slot.ends_at >= bindparam("since"),
            Slot.starts_at <= bindparam("until"),
        )
        .order_by(Slot.starts_at, Slot.id)
    )
