"""Two places that are to be traded: locked with their people and slots, and judged."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from brigades.db import session
from brigades.people.models import Person
from brigades.schedule import facts, people_facts
from brigades.schedule.limits import limits
from brigades.schedule.models import Participation, Slot, Status
from brigades.schedule.moves import lock, lock_people
from brigades.schedule.rules import Refusal
from brigades.schedule.rules.swapping import Fallen, Side, swap_refusals
from brigades.schedule.states import State


@dataclass
class NoSwap(Exception):
    """Nothing was swapped. ``fallen``: the question stands no longer; ``answered``: it was before.

    ``mine`` stands against the one who asked, ``theirs`` against the one who was asked.
    """

    fallen: Fallen | None = None
    answered: bool = False
    mine: tuple[Refusal, ...] = ()
    theirs: tuple[Refusal, ...] = ()

    def __str__(self) -> str:
        codes = ", ".join(reason.code for reason in (*self.mine, *self.theirs))
        return codes or self.fallen or "answered before"


class Pair(NamedTuple):
    """Both places with their people and slots; the slots are locked."""

    mine: Participation
    theirs: Participation
    me: Person
    them: Person
    my_slot: Slot
    their_slot: Slot


def lock_pair(mine_id: int, theirs_id: int) -> Pair:
    """Lock both people, both slots, the one with the lower id first, and read both places after."""
    both = Participation.id.in_((mine_id, theirs_id))
    lock_people(*session.scalars(select(Participation.person_id).where(both)))
    ids = session.scalars(select(Participation.slot_id).where(both))
    slots = {slot_id: lock(slot_id) for slot_id in sorted(set(ids))}
    query = (
        select(Participation)
        .where(both)
        .options(joinedload(Participation.person))
        .execution_options(populate_existing=True)
    )
    places = {place.id: place for place in session.scalars(query)}
    mine, theirs = places[mine_id], places[theirs_id]
    of_mine, of_theirs = slots[mine.slot_id], slots[theirs.slot_id]
    return Pair(mine, theirs, mine.person, theirs.person, of_mine, of_theirs)


def side(place: Participation, slot: Slot) -> Side:
    """A place as the rules judge it."""
    return Side(
        confirmed=place.state is State.CONFIRMED,
        published=slot.status is Status.PUBLISHED,
        starts_at=slot.starts_at,
        moved_at=slot.moved_at,
    )


def sides(pair: Pair) -> tuple[Side, Side]:
    """Both places as the rules judge them."""
    return side(pair.mine, pair.my_slot), side(pair.theirs, pair.their_slot)


def judge(pair: Pair, now: datetime) -> None:
    """Raise NoSwap with what stands against either; three statements."""
    slots = [pair.my_slot, pair.their_slot]
    of_mine, of_theirs = facts.facts_of(slots)
    people = people_facts.facts_around([pair.me, pair.them], slots)
    their_need = next(need for need in of_theirs.needs if need.id == pair.theirs.need_id)
    my_need = next(need for need in of_mine.needs if need.id == pair.mine.need_id)
    mine = swap_refusals(of_theirs, their_need, people[pair.me.id], of_mine.id, now, limits())
    theirs = swap_refusals(of_mine, my_need, people[pair.them.id], of_theirs.id, now, limits())
    if mine or theirs:
        raise NoSwap(mine=tuple(mine), theirs=tuple(theirs))
