"""What a slot's new time means for those who have a place in it.

Whom it conflicts with is asked again, and the place is kept for them until the deadline; all
others keep theirs. An offer is not open for longer than one that is made at that moment. Whom an
earlier move put in question, and a later one no longer does, has the place as before.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from brigades.audit.models import Entry
from brigades.db import session
from brigades.schedule import facts, people_facts
from brigades.schedule.again import judged
from brigades.schedule.limits import limits
from brigades.schedule.models import Participation, Slot
from brigades.schedule.moves import move, offer
from brigades.schedule.rules import (
    REST_RULES,
    Code,
    NeedFacts,
    PersonFacts,
    Refusal,
    SlotFacts,
    recheck,
)
from brigades.schedule.states import COMING, State
from brigades.schedule.timing import answer_by

CONFLICT = "the new time conflicts"  # the trail says so, and a later move reads it there
FITS = "the new time fits again"


def ask_again(slot: Slot, places: Sequence[Participation], *, now: datetime) -> None:
    """Ask those to confirm whom the slot's time conflicts with by now.

    ``places`` are the live ones of the slot, each with its person; the slot is locked and has its
    new time. Once it has started nobody is asked.
    """
    held = [place for place in places if place.state in COMING or place.state is State.OFFERED]
    if not held or slot.starts_at <= now:
        return
    slot_facts = facts.facts_of([slot])[0]
    needs = {need.id: need for need in slot_facts.needs}
    people = people_facts.facts_around([place.person for place in held], [slot])
    came_by_self, asked_before = _from_the_trail(slot.id)
    for place in held:
        conflicts = _conflicts(
            slot_facts,
            needs[place.need_id],
            people[place.person_id],
            now,
            place,
            by_self=place.person_id in came_by_self,
            asked=place.person_id in asked_before,
        )
        if conflicts:
            place.cover_since = None
            offer(place, slot, by=None, now=now, why=CONFLICT)
        elif place.state is State.OFFERED and place.person_id in asked_before:
            move(place, State.CONFIRMED, by=None, now=now, why=FITS)
        elif place.state is State.OFFERED and place.answer_by is not None:
            soonest = answer_by(now, slot.starts_at, limits().answer)
            place.answer_by = min(place.answer_by, soonest)


def conflicts_of(place: Participation, now: datetime) -> list[Refusal]:
    """What stands against an offered place by now; its slot and person must be loaded."""
    return [
        reason
        for reason in judged([place], now)[place.id]
        if reason.blocks or (not place.override and reason.code in REST_RULES)
    ]


def _conflicts(
    slot: SlotFacts,
    need: NeedFacts,
    person: PersonFacts,
    now: datetime,
    place: Participation,
    *,
    by_self: bool,
    asked: bool,
) -> list[Refusal]:
    """What the new time brings: a paper that was missing before is on the list already."""
    known = set() if asked else set(place.against.split(",")) - {Code.OVERLAP}
    return [
        reason
        for reason in recheck(slot, need, person, now, limits())
        if reason.code not in known
        and (reason.blocks or (by_self and not place.override and reason.code in REST_RULES))
    ]


def _from_the_trail(slot_id: int) -> tuple[set[int], set[int]]:
    """Ids of people who came in by themselves, and of those whom a move has asked already."""
    came: set[int] = set()
    asked: set[int] = set()
    rows = session.execute(
        select(Entry.person_id, Entry.by_id, Entry.was, Entry.why)
        .where(Entry.slot_id == slot_id, Entry.what == "participation")
        .order_by(Entry.id)
    )
    for person_id, by, was, why in rows:
        if was == "":  # another round of coming and going
            (came.add if by == person_id else came.discard)(person_id)
        if why != CONFLICT:
            asked.discard(person_id)
        elif was in COMING:  # who had only been offered the place still has to say yes
            asked.add(person_id)
    return came, asked
