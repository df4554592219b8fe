"""Judging places that people have already: what holds no longer is written down and told.

Nobody is ever dropped by it. What stands against a place is what blocks by now: a warning was
overruled by a coordinator, or the person knew it when they signed up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select, tuple_
from sqlalchemy.orm import aliased, contains_eager

from brigades.access import Can, inside
from brigades.audit import service as audit
from brigades.db import built_once, session, spelled
from brigades.outbox import service as outbox
from brigades.schedule import facts, people_facts
from brigades.schedule.limits import limits
from brigades.schedule.models import Participation, Slot, Status
from brigades.schedule.rules import Refusal, recheck
from brigades.schedule.states import COMING, State

LOOKED_AT = frozenset(COMING | {State.OFFERED})
MOST = 2000  # places in a batch, each a transaction of its own
IN_QUESTION = "place in question"  # in the trail


def judged(places: Sequence[Participation], now: datetime) -> dict[int, list[Refusal]]:
    """Every reason against each place by its id, warnings among them; two statements.

    ``slot`` and ``person`` of each must be loaded.
    """
    slots = {place.slot_id: place.slot for place in places}
    people = {place.person_id: place.person for place in places}
    of_slots = {one.id: one for one in facts.facts_of(list(slots.values()))} if slots else {}
    of_people = people_facts.facts_around(list(people.values()), list(slots.values()))
    found: dict[int, list[Refusal]] = {}
    for place in places:
        slot = of_slots[place.slot_id]
        need = next(need for need in slot.needs if need.id == place.need_id)
        found[place.id] = list(recheck(slot, need, of_people[place.person_id], now, limits()))
    return found


def codes(reasons: Sequence[Refusal]) -> str:
    """What blocks, as ``Participation.against`` keeps it: each code once, sorted."""
    return ",".join(sorted({reason.code.value for reason in reasons if reason.blocks}))


Mark = tuple[datetime, int, int]  # start, slot and place where a look stopped


@dataclass(frozen=True)
class Looked:
    """A batch of places that were judged again; ``mark`` is None after the last one."""

    places: int
    changed: int
    mark: Mark | None


def look(now: datetime, after: Mark | None = None, most: int = MOST) -> Looked:
    """Judge the next places that people have in slots to come, and keep what stands against each.

    A fixed number of statements however many there are. A person is told once of each reason that
    is new; what no longer stands against them is taken back in silence.
    """
    places = list(session.scalars(_coming(now, after).limit(most)))
    reasons = judged(places, now)
    found = {place.id: codes(reasons[place.id]) for place in places}
    changed = _keep([place for place in places if place.against != found[place.id]], found, now)
    last = places[-1] if len(places) == most else None
    mark = (last.slot.starts_at, last.slot_id, last.id) if last else None
    return Looked(len(places), changed, mark)


def _coming(now: datetime, after: Mark | None) -> Select[Any]:
    in_order = (Slot.starts_at, Slot.id, Participation.id)
    query = (
        select(Participation)
        .join(Participation.slot)
        .join(Participation.person)
        .where(*in_question_for(now))
        .options(contains_eager(Participation.slot), contains_eager(Participation.person))
        .order_by(*in_order)
    )
    return query if after is None else query.where(tuple_(*in_order) > after)


def in_question_for(now: Any) -> tuple[ColumnElement[bool], ...]:
    """The conditions for places that a nightly look judges: kept for somebody, in what comes."""
    return (Participation.state.in_(LOOKED_AT), *coming(now))


def coming(now: Any, slot: Any = Slot) -> tuple[ColumnElement[bool], ...]:
    """The conditions that a slot is one of those."""
    return (slot.status == Status.PUBLISHED, slot.starts_at > now)


@built_once
def waiting(everywhere: frozenset[Can]) -> Select[Any]:
    """How many places stand on a reader's list; runs with ``now`` and the scope's sections."""
    slot = aliased(Slot)
    # Looked up from each place: SQLite would else begin with all slots to come.
    runs = or_(
        (slot.type == "session") & inside(slot, Can.RUN_TRAININGS, everywhere),
        (slot.type != "session") & inside(slot, Can.RUN_SHIFTS, everywhere),
    )
    around = select(slot.id).where(
        slot.id == Participation.slot_id, *coming(bindparam("now"), slot), runs
    )
    return select(func.count(Participation.id)).where(
        Participation.against != spelled("", Participation.against),
        Participation.state.in_(LOOKED_AT),
        around.correlate(Participation).exists(),
    )


def _keep(places: list[Participation], found: Mapping[int, str], now: datetime) -> int:
    """Write down what changed, under the slots' locks, where it still is as it was read."""
    if not places:
        return 0
    slot_ids = sorted({place.slot_id for place in places})
    session.execute(
        select(Slot.id)
        .where(Slot.id.in_(slot_ids))
        .order_by(Slot.id)
        .with_for_update(of=Slot.__table__)
    ).all()
    still = dict(
        session.execute(
            select(Participation.id, Participation.against).where(
                Participation.id.in_([place.id for place in places]),
                Participation.state.in_(LOOKED_AT),
            )
        )
        .tuples()
        .all()
    )
    places = [place for place in places if still.get(place.id) == place.against]
    letters = []
    for place in places:
        was, place.against = place.against, found[place.id]
        audit.record(
            IN_QUESTION,
            by=None,
            at=now,
            was=was,
            became=place.against,
            person_id=place.person_id,
            slot_id=place.slot_id,
            section_id=place.slot.section_id,
        )
        if place.person.email and set(place.against.split(",")) - {*was.split(","), ""}:
            letters.append(_letter(place, place.person.email, now))
    session.flush()
    outbox.post_rows(letters)
    return len(places)


def _letter(place: Participation, address: str, now: datetime) -> dict[str, Any]:
    return outbox.row(
        "place-in-question",
        address=address,
        to_name=place.person.name,
        locale=place.person.locale,
        about={"participation": place.id},
        key=f"place-in-question:{place.id}:{place.against}:{now.date().isoformat()}",
        now=now,
        person_id=place.person_id,
        section_id=place.person.section_id,
        needed_by=place.slot.starts_at,
    )
