"""Loading what the rules judge on of slots: what they ask for, of many in one statement.

What they judge on of people stands in ``people_facts``.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Integer,
    Select,
    String,
    bindparam,
    cast,
    func,
    null,
    select,
    union_all,
)

from brigades.clock import day_bounds
from brigades.db import built_once, session
from brigades.qualifications.models import Kind
from brigades.schedule.models import Need, Participation, SignUp, Slot, SlotPaper, Status
from brigades.schedule.rules import (
    NeedFacts,
    Paper,
    SlotFacts,
)
from brigades.schedule.states import HOLDING, LIVE, State


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
