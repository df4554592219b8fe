"""Judging places that people have already: what holds no longer is written down and told.

Nobody is ever dropped by it. What stands against a place is what blocks by now: a warning was
overruled by a coordinator, or the person knew it when they signed up.
"""

from collections.abc import Sequence
from datetime import datetime

from brigades.schedule import facts
from brigades.schedule.limits import limits
from brigades.schedule.models import Participation
from brigades.schedule.rules import Refusal, recheck
from brigades.schedule.states import COMING, State

LOOKED_AT = frozenset(COMING | {State.OFFERED})


def judged(places: Sequence[Participation], now: datetime) -> dict[int, list[Refusal]]:
    """Every reason against each place by its id, warnings among them; three statements.

    ``slot`` and ``person`` of each must be loaded.
    """
    slots = {place.slot_id: place.slot for place in places}
    people = {place.person_id: place.person for place in places}
    of_slots = {one.id: one for one in facts.facts_of(list(slots.values()))} if slots else {}
    of_people = facts.facts_around(list(people.values()), list(slots.values()))
    found: dict[int, list[Refusal]] = {}
    for place in places:
        slot = of_slots[place.slot_id]
        need = next(need for need in slot.needs if need.id == place.need_id)
        found[place.id] = list(recheck(slot, need, of_people[place.person_id], now, limits()))
    return found


def codes(reasons: Sequence[Refusal]) -> str:
    """What blocks, as ``Participation.against`` keeps it: each code once, sorted."""
    return ",".join(sorted({reason.code.value for reason in reasons if reason.blocks}))
