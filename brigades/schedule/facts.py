"""Loading what the rules judge on, for many people and many slots in a fixed number of statements.

What slots ask for takes one; people's skills, languages, qualifications and days away one
together, their commitments another.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Date,
    Integer,
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
from brigades.people.models import Away, Person, PersonLanguage, PersonSkill, Standing
from brigades.qualifications.models import Kind, KindIncludes, Qualification
from brigades.schedule.models import Need, Participation, SignUp, Slot, SlotPaper, Status
from brigades.schedule.rules import (
    REACH,
    Commitment,
    Holding,
    NeedFacts,
    Paper,
    PersonFacts,
    SlotFacts,
)
from brigades.schedule.states import COMMITTED, HOLDING, LIVE, State


@dataclass(frozen=True)
class Asked:
    """What slots ask for: needs in order, what everybody must hold, what work with children asks.

    ``papers`` by slot; ``safeguarding`` are ids of the kinds that allow work with children.
    """

    needs: Mapping[int, list[NeedFacts]]
    papers: Mapping[int, tuple[Paper, ...]] = field(default_factory=dict)
    safeguarding: frozenset[int] = frozenset()


def needs_of(slot_ids: Iterable[int]) -> dict[int, list[NeedFacts]]:
    """The needs of each slot in order, with how their places stand, in one statement."""
    found: dict[int, list[NeedFacts]] = defaultdict(list)
    for row in session.execute(_needs_in_order(), {"slots": list(slot_ids)}):
        found[row[0]].append(_need_facts(row))
    return found


def asked_of(slot_ids: Iterable[int]) -> Asked:
    """All that slots ask for, in one statement."""
    needs: dict[int, list[tuple[int, NeedFacts]]] = defaultdict(list)
    papers: dict[int, tuple[Paper, ...]] = defaultdict(tuple)
    safeguarding: set[int] = set()
    for row in session.execute(_asked(), {"slots": list(slot_ids)}):
        if row.need is not None:
            needs[row.slot].append((row.position, _need_facts(row)))
        elif row.slot is not None:
            papers[row.slot] += (Paper(row.kind, row.kind_name, row.months, row.travel),)
        else:
            safeguarding.add(row.kind)
    in_order = {
        slot: [need for _at, need in sorted(some, key=lambda one: (one[0], one[1].id))]
        for slot, some in needs.items()
    }
    return Asked(in_order, papers, frozenset(safeguarding))


def _need_facts(row: Any) -> NeedFacts:
    _slot, id, _position, skill, trade, one, other, level, *rest = row
    kind_id, kind, months, travel, least, most, held, offered, waiting, seeking = rest
    return NeedFacts(
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
        seeking=seeking,
        paper=Paper(kind_id, kind, months, travel) if kind_id else None,
    )


@built_once
def _needs_in_order() -> Select[Any]:
    return _needs().order_by(Need.slot_id, Need.position, Need.id)


def _needs() -> Select[Any]:
    def standing(*states: State) -> Any:
        return func.count(Participation.id).filter(Participation.state.in_(states))

    return (
        select(
            Need.slot_id.label("slot"),
            Need.id.label("need"),
            Need.position.label("position"),
            Need.skill,
            Need.trade,
            Need.language,
            Need.language_to,
            Need.level,
            Need.kind_id.label("kind"),
            Kind.name.label("kind_name"),
            Kind.months_past_end.label("months"),
            Kind.travel.label("travel"),
            Need.least,
            Need.most,
            standing(*HOLDING),
            standing(State.OFFERED),
            standing(State.WAITLISTED),
            standing(State.SEEKING_COVER),
        )
        .outerjoin(Kind, Kind.id == Need.kind_id)
        .outerjoin(Participation, Participation.need_id == Need.id)
        .where(Need.slot_id.in_(bindparam("slots", expanding=True)))
        .group_by(Need.id, Kind.id)
    )


@built_once
def _asked() -> CompoundSelect[Any]:
    number, text = cast(null(), Integer), cast(null(), String)
    kind = (Kind.id, Kind.name, Kind.months_past_end, Kind.travel)
    before, after = (number, number, text, text, text, text, text), (number,) * 6
    return union_all(
        _needs(),
        select(SlotPaper.slot_id, *before, *kind, *after)
        .join(Kind, Kind.id == SlotPaper.kind_id)
        .where(SlotPaper.slot_id.in_(bindparam("slots", expanding=True))),
        select(number, *before, *kind, *after).where(Kind.safeguarding),
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


def slot_facts(slot: Slot, asked: Asked) -> SlotFacts:
    """The facts of a slot that is already loaded; ``asked`` must be of it too."""
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
        needs=tuple(asked.needs.get(slot.id, ())),
        papers=asked.papers.get(slot.id, ()),
        with_children=slot.with_children,
        safeguarding=asked.safeguarding if slot.with_children else frozenset(),
        min_age=slot.min_age,
    )


def facts_of(slots: Sequence[Slot]) -> list[SlotFacts]:
    """The facts of slots that are already loaded, in their order; one statement."""
    asked = asked_of(slot.id for slot in slots)
    return [slot_facts(slot, asked) for slot in slots]


def facts_around(people: Sequence[Person], slots: Sequence[Slot]) -> dict[int, PersonFacts]:
    """The facts of people as they matter to these slots, by id; two statements."""
    since = min((slot.starts_at for slot in slots), default=None)
    until = max((slot.ends_at for slot in slots), default=None)
    if since is None or until is None:
        return {}
    return people_facts(people, since - REACH, until + REACH)


def people_facts(
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
