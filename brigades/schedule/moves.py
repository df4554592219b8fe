"""What every change of a place is made of: the lock, the new state, the trail, the letter."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from brigades.audit import service as audit
from brigades.db import session
from brigades.outbox import service as outbox
from brigades.people.models import Person
from brigades.schedule.limits import limits
from brigades.schedule.models import Participation, Slot
from brigades.schedule.rules import Refusal
from brigades.schedule.states import LIVE, State
from brigades.schedule.timing import answer_by


class Refused(Exception):
    """A place was not given; ``reasons`` says why, each judged at that moment."""

    def __init__(self, reasons: list[Refusal]) -> None:
        super().__init__(", ".join(reason.code for reason in reasons))
        self.reasons = reasons


def lock(slot_id: int) -> Slot:
    """The slot's row, locked until the transaction ends and read anew."""
    return session.execute(_locked(Slot.id == slot_id)).scalar_one()


def _locked(which: ColumnElement[bool]) -> Select[tuple[Slot]]:
    locked = select(Slot).where(which).with_for_update(of=Slot.__table__)
    return locked.execution_options(populate_existing=True)


def lock_all(slot_ids: Collection[int]) -> list[Slot]:
    """The rows of several slots, locked in the order of their ids and read anew."""
    return list(session.scalars(_locked(Slot.id.in_(slot_ids)).order_by(Slot.id)))


def lock_people(*people_ids: int) -> None:
    """Lock people's rows, in the order of their ids, and read anew what is judged of them.

    Before any slot, for whoever comes by a place: a slot's lock does not keep one person from
    taking places in two slots at once that overlap, nor from taking one while they leave.
    """
    _lock_rows(people_ids, skip=False)


def lock_idle(people_ids: Iterable[int]) -> set[int]:
    """Lock those of these people who are in nobody's hands just now, without waiting; their ids.

    For who gives places under a slot's lock: whoever has the others may wait for that slot.
    """
    return _lock_rows(people_ids, skip=True)


def lock_with_people(*slot_ids: int, also: Iterable[int] = ()) -> None:
    """Lock everybody who stands with these slots, then the slots: their times may change.

    Nobody can then take at the same moment what the new time runs into. Who came in while we
    waited for a slot is locked too: all is let go for that, since people come before slots.
    ``also``: ids of people who are to lead there.
    """
    people = _standing_with(slot_ids) | set(also)
    while True:
        attempt = session.begin_nested()
        lock_people(*people)
        lock_all(slot_ids)
        now_there = _standing_with(slot_ids)
        if now_there <= people:
            attempt.commit()
            return
        attempt.rollback()
        people |= now_there


def _standing_with(slot_ids: Collection[int]) -> set[int]:
    query = select(Participation.person_id).where(
        Participation.slot_id.in_(slot_ids), Participation.state.in_(LIVE)
    )
    return set(session.scalars(query))


def _lock_rows(people_ids: Iterable[int], *, skip: bool) -> set[int]:
    """One statement. What is loaded beside these columns of a person stays as it is."""
    query = (
        select(Person.id, Person.standing, Person.born, Person.guardian_consent_on)
        .where(Person.id.in_(sorted(set(people_ids))))
        .order_by(Person.id)
        .with_for_update(key_share=True, skip_locked=skip)
    )
    locked = set()
    for row in session.execute(query):
        locked.add(row.id)
        person = session.identity_map.get(identity_key(Person, row.id))
        if person is not None:
            for name in ("standing", "born", "guardian_consent_on"):
                set_committed_value(person, name, getattr(row, name))
    return locked


def take(
    slot: Slot,
    need_id: int,
    person: Person,
    state: State,
    *,
    by: int,
    now: datetime,
    why: str = "",
) -> Participation:
    """A new place of somebody who has none here; the slot must be locked.

    Who was in it before goes on counting: for their calendar it is one event all along.
    """
    rounds, sequence = session.execute(
        select(
            func.coalesce(func.max(Participation.round), 0),
            func.coalesce(func.max(Participation.sequence) + 1, 0),
        ).where(Participation.slot_id == slot.id, Participation.person_id == person.id)
    ).one()
    place = Participation(
        slot_id=slot.id,
        need_id=need_id,
        person_id=person.id,
        round=rounds + 1,
        sequence=sequence,
        state=state,
        queued_at=now,
        changed_at=now,
    )
    if state is State.OFFERED:
        _ask(place, slot, now)
    session.add(place)
    session.flush()
    _record(place, slot.section_id, "", state, by=by, now=now, why=why)
    return place


def move(
    place: Participation, state: State, *, by: int | None, now: datetime, why: str = ""
) -> None:
    """Change a place's state and write it into the trail; the slot must be locked."""
    was, place.state, place.changed_at = place.state, state, now
    place.sequence += 1
    if state is not State.OFFERED:
        place.answer_by = None
    if state is not State.SEEKING_COVER:
        place.cover_since = place.cover_looked_at = None
    section_id = session.scalar(select(Slot.section_id).where(Slot.id == place.slot_id))
    _record(place, section_id, was.value, state, by=by, now=now, why=why)
    session.flush()


def offer(
    place: Participation, slot: Slot, *, by: int | None, now: datetime, why: str = ""
) -> None:
    """Ask somebody whether they come, with a deadline; the slot must be locked."""
    move(place, State.OFFERED, by=by, now=now, why=why)
    _ask(place, slot, now)


def tell(name: str, place: Participation, person: Person, now: datetime, **about: Any) -> None:
    """Post a letter about what has just happened to somebody's place."""
    outbox.post(
        name,
        to=person,
        about={"participation": place.id, "state": place.state.value, **about},
        key=f"{name}:{place.id}:{now.isoformat()}",
        now=now,
        needed_by=place.answer_by or session.get_one(Slot, place.slot_id).starts_at,
    )


def _ask(place: Participation, slot: Slot, now: datetime) -> None:
    place.asked_at, place.answer_by = now, answer_by(now, slot.starts_at, limits().answer)


def _record(
    place: Participation,
    section_id: int | None,
    was: str,
    state: State,
    *,
    by: int | None,
    now: datetime,
    why: str,
) -> None:
    audit.record(
        "participation",
        by=by,
        at=now,
        was=was,
        became=state.value,
        why=why,
        person_id=place.person_id,
        slot_id=place.slot_id,
        section_id=section_id,
    )
