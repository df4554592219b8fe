"""Age, a guardian's consent, and the days on which somebody said that they can come."""

from collections.abc import Iterator
from datetime import date

from brigades.clock import DAY
from brigades.people.rules import first_day_of_age
from brigades.schedule.rules.facts import PersonFacts, SlotFacts
from brigades.schedule.rules.limits import REACH, Limits
from brigades.schedule.rules.reasons import Code, Refusal


def of_age_from(slot: SlotFacts, person: PersonFacts, limits: Limits) -> date | None:
    """From which local day on somebody is no minor; None where they are none around a slot.

    None too where no date of birth is known.
    """
    if person.born is None:
        return None
    day = first_day_of_age(person.born, limits.adult)
    return day if day > slot.first_day - REACH - DAY else None


def about_age(slot: SlotFacts, person: PersonFacts, limits: Limits) -> Iterator[Refusal]:
    """Old enough on the local day of the start, and for minors a guardian who agrees."""
    day = slot.first_day
    age = person.age_on(day)
    if age is None:
        if slot.min_age is not None:
            yield Refusal(Code.AGE_UNKNOWN, least_age=slot.min_age)
        return
    if slot.min_age is not None and age < slot.min_age:
        yield Refusal(Code.TOO_YOUNG, age=age, least_age=slot.min_age, on=day)
    if age < limits.adult and not person.guardian_agrees:
        yield Refusal(Code.GUARDIAN, age=age, least_age=limits.adult, on=day)


def about_availability(slot: SlotFacts, person: PersonFacts) -> Iterator[Refusal]:
    """Every local day of the slot lies within the availability that was stated; else it warns."""
    outside = _first_day_outside(slot, person)
    if outside is not None:
        yield Refusal(Code.UNAVAILABLE, blocks=False, on=outside)


def _first_day_outside(slot: SlotFacts, person: PersonFacts) -> date | None:
    first, last = slot.first_day, slot.last_day
    if person.available_from is not None and first < person.available_from:
        return first
    if person.available_until is not None and last > person.available_until:
        return max(first, person.available_until + DAY)
    for start, end in person.away:
        if start <= last and first <= end:
            return max(first, start)
    if person.weekdays:
        for number in range(min((last - first).days, 6) + 1):
            day = first + number * DAY
            if day.isoweekday() not in person.weekdays:
                return day
    return None
