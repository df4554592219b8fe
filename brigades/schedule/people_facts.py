"""Loading what the rules judge on of people, of many in two statements.

Skills, languages, qualifications and days away take one together, commitments another.
"""

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
    """The facts of people as they matter to these slots, by id; two statements."""
    since = min((slot.starts_at for slot in slots), default=None)
    until = max((slot.ends_at for slot in slots), default=None)
    if since is None or until is None:
        return {}
    return facts_between(people, since - REACH, until + REACH)


def facts_between(
    people: Sequence[Person], since: datetime, until: datetime
) -> dict[int, PersonFacts]:
    """The facts of people that are already loaded, by their id; two statements.

    Commitments are those that touch the instants [since, until]; `facts_around` widens a slot's
    span by what the rules look at.
    """
    ids = [person.id for person in people]
    skills: dict[int, set[tuple[str, str]]] = defaultdict(set)
    languages: dict[int, dict[str, Level]] = defaultdict(dict)
    holdings: dict[int, dict[int, list[Holding]]] = defaultdict(lambda: defaultdict(list))
    away: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for person_id, tag, one, two, day, flag in session.execute(_traits(), {"people": ids}):
        if tag == "skill":
            skills[person_id] |= {(one, two), (one, "")}
        elif tag == "language":
            languages[person_id][one] = Level(two)
        elif tag == "away":
            away[person_id].append((day, flag))
        else:
            holdings[person_id][int(one)].append(Holding(day, flag is not None))
    commitments, live_in, waits_in = _commitments(ids, since, until)
    return {
        person.id: PersonFacts(
            id=person.id,
            active=person.standing is Standing.ACTIVE,
            skills=frozenset(skills[person.id]),
            languages=languages[person.id],
            holdings={kind: tuple(held) for kind, held in holdings[person.id].items()},
            commitments=tuple(commitments[person.id]),
            live_in=frozenset(live_in[person.id]),
            waits_in=frozenset(waits_in[person.id]),
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


@built_once
def _traits() -> CompoundSelect[Any]:
    """What is known of people beside their rows, as one statement with one set of columns."""
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
        select(
            Away.person_id, literal("away"), literal(""), literal(""), Away.first_day, Away.last_day
        ).where(Away.person_id.in_(ids)),
    )


def _commitments(
    ids: list[int], since: datetime, until: datetime
) -> tuple[dict[int, list[Commitment]], dict[int, set[int]], dict[int, set[int]]]:
    """Slots near the span in which people have a live part: those that bind, and all of them.

    And those in which they wait.
    """
    given = {"people": ids, "since": since, "until": until}
    commitments: dict[int, list[Commitment]] = defaultdict(list)
    live_in: dict[int, set[int]] = defaultdict(set)
    waits_in: dict[int, set[int]] = defaultdict(set)
    for person_id, state, slot_id, title, starts_at, ends_at, zone in session.execute(
        _live_parts(), given
    ):
        live_in[person_id].add(slot_id)
        if state in COMMITTED:
            commitments[person_id].append(Commitment(slot_id, title, starts_at, ends_at, zone))
        elif state is State.WAITLISTED:
            waits_in[person_id].add(slot_id)
    return commitments, live_in, waits_in


@built_once
def _live_parts() -> Select[Any]:
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
            parts.state,
            Slot.id,
            Slot.title,
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
        .order_by(Slot.starts_at, Slot.id)
    )
