"""Judging one person for one slot, under its lock, on what is true at that moment."""

from dataclasses import dataclass
from datetime import datetime

from brigades.people.models import Person
from brigades.schedule import facts
from brigades.schedule.limits import limits
from brigades.schedule.models import Participation, Slot
from brigades.schedule.rules import Code, NeedFacts, PersonFacts, Refusal, SlotFacts, refusals

# What stands against a newcomer and not against who is in already.
_OF_ONES_OWN = frozenset({Code.ALREADY_IN, Code.FULL})


@dataclass(frozen=True)
class Judged:
    """A slot under lock, with the facts that were read after it."""

    slot: Slot
    facts: SlotFacts
    person: Person
    person_facts: PersonFacts

    def need(self, need_id: int) -> NeedFacts:
        """One of the slot's needs, as it stands."""
        return next(need for need in self.facts.needs if need.id == need_id)

    def refusals(self, need: NeedFacts, now: datetime, *, by_self: bool) -> list[Refusal]:
        """Every reason to say no to this person at this need."""
        return list(
            refusals(self.facts, need, self.person_facts, now, by_self=by_self, limits=limits())
        )

    def against(self, place: Participation, now: datetime) -> list[Refusal]:
        """Every reason why somebody who stands with the slot already should not come.

        Whether a place is free is not among them. A warning that was overruled is not either.
        """
        return [
            reason
            for reason in self.refusals(self.need(place.need_id), now, by_self=False)
            if reason.code not in _OF_ONES_OWN and (reason.blocks or not place.override)
        ]


def judge(slot: Slot, person: Person) -> Judged:
    """Everything that the rules need on one person and one slot, read now."""
    known = facts.facts_around([person], [slot])
    return Judged(slot, facts.facts_of([slot])[0], person, known[person.id])
