"""What is allowed. Pure: all that is judged on stands in the arguments, all instants are UTC.

``refusals`` is the one list of reasons to say no. The page explains with it, the service enforces
with it, the assignment board greys out with it, the nightly look judges again with it.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from brigades.clock import local_day
from brigades.schedule.rules.days import about_age, about_availability, of_age_from
from brigades.schedule.rules.facts import (
    Holding,
    NeedFacts,
    Paper,
    PersonFacts,
    SlotFacts,
)
from brigades.schedule.rules.limits import DEFAULT, REACH, WEEK, Limits, limits_from
from brigades.schedule.rules.papers import about_need, about_papers
from brigades.schedule.rules.reasons import REST_RULES, Code, Commitment, Refusal, blocking
from brigades.schedule.rules.rest import about_time

__all__ = [
    "DEFAULT",
    "REACH",
    "REST_RULES",
    "WEEK",
    "Code",
    "Commitment",
    "Holding",
    "Limits",
    "NeedFacts",
    "Paper",
    "PersonFacts",
    "Refusal",
    "SlotFacts",
    "blocking",
    "limits_from",
    "recheck",
    "refusals",
]


def refusals(
    slot: SlotFacts,
    need: NeedFacts | None,
    person: PersonFacts,
    now: datetime,
    *,
    by_self: bool = True,
    limits: Limits = DEFAULT,
) -> Iterator[Refusal]:
    """Yield every reason to say no; nothing yielded means yes.

    ``by_self``: the person signs up; otherwise a coordinator assigns, for whom the rest rules warn
    and closed sign-up does not count.
    """
    yield from _about_slot(slot, now, by_self)
    if person.on_leave or not person.active:
        yield from _about_membership(person)
    if slot.id in person.live_in:
        yield Refusal(Code.ALREADY_IN)
    if need is not None:
        if not slot.waitlist and need.full:
            yield Refusal(Code.FULL)
        yield from about_need(slot, need, person, now, limits)
    yield from _about_person(slot, need, person, now, by_self, limits)


def recheck(
    slot: SlotFacts,
    need: NeedFacts,
    person: PersonFacts,
    now: datetime,
    limits: Limits = DEFAULT,
) -> Iterator[Refusal]:
    """Reasons why somebody who already holds a place should not: all but opening and places."""
    yield from _about_membership(person)
    yield from about_need(slot, need, person, now, limits)
    yield from _about_person(slot, need, person, now, False, limits)


def _about_person(
    slot: SlotFacts,
    need: NeedFacts | None,
    person: PersonFacts,
    now: datetime,
    by_self: bool,
    limits: Limits,
) -> Iterator[Refusal]:
    """What is judged whatever the place asks for."""
    if slot.papers or slot.with_children:
        yield from about_papers(slot, need, person, now, limits)
    if person.born is not None or slot.min_age is not None:
        yield from about_age(slot, person, limits)
    if person.limited:
        yield from about_availability(slot, person)
    if person.commitments:
        others = [one for one in person.busy_between(*slot.around) if one.slot_id != slot.id]
        if others:
            of_age = of_age_from(slot, person, limits)
            yield from about_time(slot, others, by_self, of_age, limits)


def _about_membership(person: PersonFacts) -> Iterator[Refusal]:
    if person.on_leave:
        yield Refusal(Code.ON_LEAVE)
    elif not person.active:
        yield Refusal(Code.NOT_ACTIVE)


def _about_slot(slot: SlotFacts, now: datetime, by_self: bool) -> Iterator[Refusal]:
    if slot.cancelled:
        yield Refusal(Code.CANCELLED)
    elif not slot.published:
        yield Refusal(Code.NOT_OPEN)
    if slot.ends_at <= now:
        yield Refusal(Code.OVER)
    elif by_self and slot.starts_at <= now:
        yield Refusal(Code.STARTED)
    if by_self and not slot.by_oneself:
        yield Refusal(Code.ASSIGNED_ONLY)
    if by_self and slot.signup_ends is not None and slot.signup_ends <= now < slot.starts_at:
        day = local_day(slot.signup_ends - timedelta(microseconds=1), slot.zone)
        yield Refusal(Code.SIGNUP_CLOSED, on=day)
