"""What new times of slots mean for those who have a place in them.

Whom they conflict with is asked again, and the place is kept for them until the deadline; all
others keep theirs. An offer is not open for longer than one that is made at that moment. Whom an
earlier move put in question, and a later one no longer does, has the place as before.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select

from brigades.audit.models import Entry
from brigades.db import session
from brigades.schedule import facts, people_facts
from brigades.schedule.again import LOOKED_AT, judged
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


def ask_again(
    slots: Sequence[Slot], places: Sequence[Participation], *, now: datetime
) -> list[Participation]:
    """Ask those to confirm whom the slots' times conflict with by now.

    ``places`` are the live ones of these slots, each with its person; all are locked, and the
    slots have their new times. In what has started nobody is asked. Returns the places of which
    something changed: asked for, fitting again, or to be answered sooner.
    """
    coming = {slot.id: slot for slot in slots if slot.starts_at > now}
    held = [place for place in places if place.slot_id in coming and place.state in LOOKED_AT]
    if not held:
        return []
    of_slots = {one.id: one for one in facts.facts_of(list(coming.values()))}
    of_people = people_facts.facts_around([place.person for place in held], list(coming.values()))
    came_by_self, asked_before = _from_the_trail(coming)
    touched = []
    for place in held:
        slot, who = coming[place.slot_id], (place.slot_id, place.person_id)
        needs = {need.id: need for need in of_slots[slot.id].needs}
        conflicts = _conflicts(
            of_slots[slot.id],
            needs[place.need_id],
            of_people[place.person_id],
            now,
            place,
            by_self=who in came_by_self,
            asked=who in asked_before,
        )
        soonest = answer_by(now, slot.starts_at, limits().answer)
        if conflicts:
            place.cover_since = None
            offer(place, slot, by=None, now=now, why=CONFLICT)
        elif place.state is State.OFFERED and who in asked_before:
            move(place, State.CONFIRMED, by=None, now=now, why=FITS)
        elif place.answer_by is not None and soonest < place.answer_by:
            place.answer_by = soonest
        else:
            continue
        touched.append(place)
    return touched


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


Who = tuple[int, int]  # a slot and a person


def _from_the_trail(slot_ids: Iterable[int]) -> tuple[set[Who], set[Who]]:
    """Who came in by themselves, and whom a move has asked already."""
    came: set[Who] = set()
    asked: set[Who] = set()
    rows = session.execute(
        select(Entry.slot_id, Entry.person_id, Entry.by_id, Entry.was, Entry.why)
        .where(Entry.slot_id.in_(slot_ids), Entry.what == "participation")
        .order_by(Entry.id)
    )
    for slot_id, person_id, by, was, why in rows:
        who = (slot_id, person_id)
        if was == "":  # another round of coming and going
            (came.add if by == person_id else came.discard)(who)
        if why != CONFLICT:
            asked.discard(who)
        elif was in COMING:  # who had only been offered the place still has to say yes
            asked.add(who)
    return came, asked
