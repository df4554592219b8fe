"""Judging one person for one slot, under its lock, on what is true at that moment."""

from dataclasses import dataclass
from datetime import datetime

from brigades.people.models import Person
from brigades.schedule import facts, people_facts
from brigades.schedule.limits import limits
from brigades.schedule.models import Slot
from brigades.schedule.rules import Code, NeedFacts, PersonFacts, Refusal, SlotFacts, refusals

# What stands against a newcomer, not against who is in, waits, or is asked.
FOR_NEWCOMERS = frozenset({Code.ALREADY_IN, Code.FULL, Code.ASSIGNED_ONLY, Code.SIGNUP_CLOSED})


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

    def against(self, need: NeedFacts, now: datetime, *, by_self: bool) -> list[Refusal]:
        """Every reason why somebody who is in, waits or is asked should not come.

        Whether a place is free and whether people may still sign up is not among them.
        """
        found = self.refusals(need, now, by_self=by_self)
        return [reason for reason in found if reason.code not in FOR_NEWCOMERS]


def judge(slot: Slot, person: Person) -> Judged:
    """Everything that the rules need on one person and one slot, read now."""
    known = people_facts.facts_around([person], [slot])
    return Judged(slot, facts.facts_of([slot])[0], person, known[person.id])
