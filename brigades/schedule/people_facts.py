"""Loading what the rules judge on of people: of many, and all of it, in one statement."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Date,
    Select,
    String,
    bindparam,
    cast,
    literal,
    null,
    select,
    union_all,
)

from brigades.db import built_once, session
from brigades.people.levels import Level
from brigades.people.models import Away, Person, PersonLanguage, PersonSkill, Standing
from brigades.qualifications.models import KindIncludes, Qualification
from brigades.schedule.models import Participation, Slot, Status
from brigades.schedule.rules import (
    REACH,
    Commitment,
    Holding,
    PersonFacts,
)
from brigades.schedule.states import COMMITTED, LIVE, State


def facts_around(people: Sequence[Person], slots: Sequence[Slot]) -> dict[int, PersonFacts]:
    """The facts of people as they matter to these slots, by id; one statement."""
    since = min((slot.starts_at for slot in slots), default=None)
    until = max((slot.ends_at for slot in slots), default=None)
    if since is None or until is None:
        return {}
    return facts_between(people, since - REACH, until + REACH)


def facts_between(
    people: Sequence[Person], since: datetime, until: datetime
) -> dict[int, PersonFacts]:
    """The facts of people that are already loaded, by their id; one statement.

    Commitments are those that touch the instants [since, until]; `facts_around` widens a slot's
    span by what the rules look at.
    """
    ids = [person.id for person in people]
    skills: dict[int, set[tuple[str, str]]] = defaultdict(set)
    languages: dict[int, dict[str, Level]] = defaultdict(dict)
    holdings: dict[int, dict[int, list[Holding]]] = defaultdict(lambda: defaultdict(list))
    away: dict[int, list[tuple[date, date]]] = defaultdict(list)
    parts: dict[int, list[tuple[State, Commitment]]] = defaultdict(list)
    given = {"people": ids, "since": since, "until": until}
    for person_id, tag, one, two, day, flag, *slot in session.execute(_known(), given):
        if tag == "skill":
            skills[person_id] |= {(one, two), (one, "")}
        elif tag == "language":
            languages[person_id][one] = Level(two)
        elif tag == "away":
            away[person_id].append((day, flag))
        elif tag == "part":
            id, starts_at, ends_at, zone = slot
            parts[person_id].append((State(one), Commitment(id, two, starts_at, ends_at, zone)))
        else:
            holdings[person_id][int(one)].append(Holding(day, flag is not None))
    return {
        person.id: PersonFacts(
            id=person.id,
            active=person.standing is Standing.ACTIVE,
            skills=frozenset(skills[person.id]),
            languages=languages[person.id],
            holdings={kind: tuple(held) for kind, held in holdings[person.id].items()},
            commitments=_binding(parts[person.id]),
            live_in=frozenset(slot.slot_id for _state, slot in parts[person.id]),
            waits_in=frozenset(
                slot.slot_id for state, slot in parts[person.id] if state is State.WAITLISTED
            ),
            on_leave=person.standing is Standing.ON_LEAVE,
            born=person.born,
            guardian_agrees=person.guardian_consent_on is not None,
            available_from=person.available_from,
            available_until=person.available_until,
            weekdays=frozenset(int(number) for number in person.weekdays),
            away=tuple(away[person.id]),
        )
        for person in people
    }


def _binding(parts: list[tuple[State, Commitment]]) -> tuple[Commitment, ...]:
    """The slots that bind somebody's time, soonest first."""
    bind = [slot for state, slot in parts if state in COMMITTED]
    return tuple(sorted(bind, key=lambda slot: (slot.starts_at, slot.slot_id)))


@built_once
def _known() -> CompoundSelect[Any]:
    """What is known of people beside their rows, as one statement with one set of columns."""
    none = (null(), null(), null(), null())
    return union_all(_live_parts(), *(trait.add_columns(*none) for trait in _traits()))


def _traits() -> list[Select[Any]]:
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
    return [
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
        select(
            Away.person_id, literal("away"), literal(""), literal(""), Away.first_day, Away.last_day
        ).where(Away.person_id.in_(ids)),
    ]


def _live_parts() -> Select[Any]:
    """Slots near the span in which people have a live part."""
    parts = (
        select(Participation.person_id, Participation.state, Participation.slot_id)
        .where(
            Participation.person_id.in_(bindparam("people", expanding=True)),
            Participation.state.in_(LIVE),
        )
        .cte("parts")
        # Or PostgreSQL, once it plans for any span, looks at all slots before its end.
        .prefix_with("MATERIALIZED")
        .c
    )
    return (
        select(
            parts.person_id,
            literal("part").label("tag"),
            cast(parts.state, String).label("one"),
            Slot.title.label("two"),
            cast(null(), Date).label("day"),
            cast(null(), Date).label("flag"),
            Slot.id,
            Slot.starts_at,
            Slot.ends_at,
            Slot.zone,
        )
        .join(Slot, Slot.id == parts.slot_id)
        .where(
            Slot.status != Status.CANCELLED,  # broken off: who came is free again
            Slot.ends_at >= bindparam("since"),
            Slot.starts_at <= bindparam("until"),
        )
    )
