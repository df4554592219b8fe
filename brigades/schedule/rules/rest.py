"""Overlaps and rest: between two slots, within a stretch of duty, and within seven days.

Everything is measured between instants, so that nights on which the clocks change are as long as
they are. A slot is judged together with others: what is long by itself (a camp, a watch of thirty
hours) has its rest inside, and whoever plans it sees to that.

Who comes of age in between is judged by the day concerned, whichever slot is asked about: a rest by
the day on which duty follows it, a stretch or a week by the day on which it begins.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta

from brigades.clock import HOUR, local_day
from brigades.schedule.rules.facts import SlotFacts
from brigades.schedule.rules.limits import WEEK, Limits
from brigades.schedule.rules.reasons import Code, Commitment, Refusal

NOTHING = timedelta(0)
Span = tuple[datetime, datetime]
Duty = SlotFacts | Commitment


def about_time(
    slot: SlotFacts,
    others: Sequence[Commitment],
    by_self: bool,
    of_age: date | None,
    limits: Limits,
) -> Iterator[Refusal]:
    """Overlaps block; too little rest blocks whoever signs up and warns a coordinator.

    ``others`` are in the order of their starts. ``of_age``: the local day from which on the person
    is no minor, None where they are none on any of these days.
    """
    some_minor = of_age is not None
    starts_at, ends_at, rest = slot.starts_at, slot.ends_at, limits.rest_for(some_minor)
    before, after = starts_at - rest, ends_at + rest
    apart: list[Commitment] = []
    near: list[Commitment] = []
    duty, last = ends_at - starts_at, ends_at
    for other in others:
        start, end = other.starts_at, other.ends_at
        if start < ends_at and starts_at < end:
            yield Refusal(Code.OVERLAP, other=other)
            continue
        apart.append(other)
        duty += other.length
        if end > before and start < after:
            near.append(other)
        if end > last:
            last = end
    if near:
        yield from _about_neighbours(slot, near, apart, by_self, of_age, limits)
    if not apart:
        return
    if duty > limits.week:
        yield from _about_week(slot, apart, by_self, limits)
    first = min(starts_at, apart[0].starts_at)
    if last - first > WEEK - limits.weekly_rest_for(some_minor):
        yield from _about_weekly_rest(slot, apart, by_self, of_age, limits)


def _minor(duty: Duty, of_age: date | None) -> bool:
    """Whether somebody is a minor on the local day on which a duty begins."""
    return of_age is not None and local_day(duty.starts_at, duty.zone) < of_age


def _first(slot: SlotFacts, others: Sequence[Commitment], start: datetime) -> Duty:
    """What begins a span of duty."""
    return next((one for one in others if one.starts_at == start), slot)


def _about_neighbours(
    slot: SlotFacts,
    near: list[Commitment],
    others: list[Commitment],
    by_self: bool,
    of_age: date | None,
    limits: Limits,
) -> Iterator[Refusal]:
    """What touches is one stretch of duty, which must leave the rest; what does not, the gap."""
    start, end = _run(slot, others, lambda _later: NOTHING)
    touching = [other for other in others if start <= other.starts_at and other.ends_at <= end]
    longest = limits.stretch_for(_minor(_first(slot, touching, start), of_age))
    if touching and end - start > longest:
        yield Refusal(
            Code.STRETCH,
            blocks=by_self,
            other=_nearest(slot, touching),
            hours=(end - start) / HOUR,
            limit=longest / HOUR,
        )
    for other in near:
        if other in touching:
            continue
        later: Duty = other if other.starts_at >= slot.ends_at else slot
        rest = limits.rest_for(_minor(later, of_age))
        gap = max(slot.starts_at - other.ends_at, other.starts_at - slot.ends_at)
        if gap < rest:
            yield Refusal(
                Code.REST, blocks=by_self, other=other, hours=gap / HOUR, limit=rest / HOUR
            )


def _about_week(
    slot: SlotFacts, others: list[Commitment], by_self: bool, limits: Limits
) -> Iterator[Refusal]:
    """The fullest seven days that the slot reaches into, together with at least one other."""
    mine = (slot.starts_at, slot.ends_at)
    early, late = mine[0] - WEEK, mine[1] + WEEK
    near = [one for one in others if early < one.ends_at and one.starts_at < late]
    if sum((one.length for one in near), mine[1] - mine[0]) <= limits.week:
        return
    spans = [mine, *((one.starts_at, one.ends_at) for one in near)]
    fullest, first = NOTHING, mine[0]
    for start in (*(start for start, _end in spans), *(end - WEEK for _start, end in spans)):
        if start < mine[1] and mine[0] < start + WEEK:
            duty = _within(spans, start)
            if duty > fullest and duty > _within([mine], start):
                fullest, first = duty, start
    if fullest > limits.week:
        among = [one for one in near if first < one.ends_at and one.starts_at < first + WEEK]
        yield Refusal(
            Code.WEEK,
            blocks=by_self,
            other=_nearest(slot, among),
            hours=fullest / HOUR,
            limit=limits.week / HOUR,
            on=local_day(first, slot.zone),
        )


def _within(spans: list[Span], start: datetime) -> timedelta:
    """How much of the spans lies in the seven days from an instant on."""
    end = start + WEEK
    return sum((min(b, end) - max(a, start) for a, b in spans if a < end and start < b), NOTHING)


def _about_weekly_rest(
    slot: SlotFacts,
    others: list[Commitment],
    by_self: bool,
    of_age: date | None,
    limits: Limits,
) -> Iterator[Refusal]:
    """Seven days from the end of one long rest on, there must have been the next one."""
    start, end = _run(slot, others, lambda later: limits.weekly_rest_for(_minor(later, of_age)))
    long = limits.weekly_rest_for(_minor(_first(slot, others, start), of_age))
    if end - start <= WEEK - long:
        return
    inside = [one for one in others if start <= one.starts_at and one.ends_at <= end]
    if inside:
        yield Refusal(
            Code.WEEKLY_REST,
            blocks=by_self,
            other=inside[0],
            hours=_longest_gap(slot, inside) / HOUR,
            limit=long / HOUR,
        )


def _longest_gap(slot: SlotFacts, inside: list[Commitment]) -> timedelta:
    spans = sorted([(slot.starts_at, slot.ends_at), *((o.starts_at, o.ends_at) for o in inside)])
    longest, until = NOTHING, spans[0][1]
    for start, end in spans[1:]:
        longest, until = max(longest, start - until), max(until, end)
    return longest


def _run(
    slot: SlotFacts, others: list[Commitment], gap_before: Callable[[Duty], timedelta]
) -> Span:
    """The span of duty around a slot in which no two slots lie that gap or more apart.

    ``gap_before``: the one before a duty; nothing joins only what touches. ``others`` are in the
    order of their starts.
    """
    start, end = slot.starts_at, slot.ends_at
    for other in others:
        if other.ends_at > end and _joins(other.starts_at - end, gap_before(other)):
            end = other.ends_at
    first: Duty = slot
    for other in reversed(others):
        if other.starts_at < start and _joins(start - other.ends_at, gap_before(first)):
            start, first = other.starts_at, other
    return start, end


def _joins(distance: timedelta, gap: timedelta) -> bool:
    return distance < gap or distance == NOTHING


def _nearest(slot: SlotFacts, some: list[Commitment]) -> Commitment:
    return min(some, key=lambda one: abs(one.starts_at - slot.starts_at))
