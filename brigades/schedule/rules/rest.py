"""Overlaps and rest: between two slots, within a stretch of duty, and within seven days.

Everything is measured between instants. A slot is judged together with others: what is long by
itself (a camp, a watch of thirty hours) has its rest inside, and whoever plans it sees to that.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from brigades.clock import DAY, HOUR, local_day
from brigades.schedule.rules.facts import SlotFacts
from brigades.schedule.rules.limits import WEEK, Limits
from brigades.schedule.rules.reasons import Code, Commitment, Refusal

NOTHING = timedelta(0)
Span = tuple[datetime, datetime]


def about_time(
    slot: SlotFacts, others: list[Commitment], by_self: bool, minor: bool, limits: Limits
) -> Iterator[Refusal]:
    """Overlaps block; too little rest blocks whoever signs up and warns a coordinator."""
    rest = limits.rest_for(minor)
    apart: list[Commitment] = []
    touching: list[Commitment] = []
    for other in others:
        if other.starts_at < slot.ends_at and slot.starts_at < other.ends_at:
            yield Refusal(Code.OVERLAP, other=other)
            continue
        apart.append(other)
        if other.ends_at == slot.starts_at or other.starts_at == slot.ends_at:
            touching.append(other)
            continue
        gap = max(slot.starts_at - other.ends_at, other.starts_at - slot.ends_at)
        if gap < rest:
            yield Refusal(
                Code.REST, blocks=by_self, other=other, hours=gap / HOUR, limit=rest / HOUR
            )
    if touching:
        yield from _about_stretch(slot, apart, touching, by_self, minor, limits)
    if apart:
        yield from _about_week(slot, apart, by_self, limits)
        yield from _about_weekly_rest(slot, apart, by_self, minor, limits)


def _about_stretch(
    slot: SlotFacts,
    others: list[Commitment],
    touching: list[Commitment],
    by_self: bool,
    minor: bool,
    limits: Limits,
) -> Iterator[Refusal]:
    """Slots that touch are one stretch of duty; put together they must still leave the rest."""
    start, end = _run(slot, others, NOTHING)
    if end - start > limits.stretch_for(minor):
        left = max(DAY - (end - start), NOTHING)
        rest = limits.rest_for(minor)
        yield Refusal(
            Code.REST, blocks=by_self, other=touching[0], hours=left / HOUR, limit=rest / HOUR
        )


def _about_week(
    slot: SlotFacts, others: list[Commitment], by_self: bool, limits: Limits
) -> Iterator[Refusal]:
    """The fullest seven days that the slot reaches into, together with at least one other."""
    mine = (slot.starts_at, slot.ends_at)
    if sum((one.ends_at - one.starts_at for one in others), mine[1] - mine[0]) <= limits.week:
        return
    spans = [mine, *((other.starts_at, other.ends_at) for other in others)]
    starts = [start for start, _end in spans] + [end - WEEK for _start, end in spans]
    fullest, first = NOTHING, mine[0]
    for start in starts:
        if start < mine[1] and mine[0] < start + WEEK:
            duty = _within(spans, start)
            if duty > fullest and duty > _within([mine], start):
                fullest, first = duty, start
    if fullest > limits.week:
        other = min(others, key=lambda one: abs(one.starts_at - slot.starts_at))
        yield Refusal(
            Code.WEEK,
            blocks=by_self,
            other=other,
            hours=fullest / HOUR,
            limit=limits.week / HOUR,
            on=local_day(first, slot.zone),
        )


def _within(spans: list[Span], start: datetime) -> timedelta:
    """How much of the spans lies in the seven days from an instant on."""
    end = start + WEEK
    return sum((max(min(b, end) - max(a, start), NOTHING) for a, b in spans), NOTHING)


def _about_weekly_rest(
    slot: SlotFacts, others: list[Commitment], by_self: bool, minor: bool, limits: Limits
) -> Iterator[Refusal]:
    """Seven days from the end of one long rest on, there must have been the next one."""
    long = limits.weekly_rest_for(minor)
    first = min(slot.starts_at, *(one.starts_at for one in others))
    last = max(slot.ends_at, *(one.ends_at for one in others))
    if last - first <= WEEK - long:
        return
    start, end = _run(slot, others, long)
    if end - start > WEEK - long and (start, end) != (slot.starts_at, slot.ends_at):
        inside = [one for one in others if start <= one.starts_at and one.ends_at <= end]
        spans = sorted(
            [(slot.starts_at, slot.ends_at), *((one.starts_at, one.ends_at) for one in inside)]
        )
        gaps = [after[0] - before[1] for before, after in pairwise(spans)]
        yield Refusal(
            Code.WEEKLY_REST,
            blocks=by_self,
            other=min(inside, key=lambda one: one.starts_at),
            hours=max(*gaps, NOTHING) / HOUR,
            limit=long / HOUR,
        )


def _run(slot: SlotFacts, others: list[Commitment], gap: timedelta) -> Span:
    """The span of duty around a slot in which no two slots lie ``gap`` or more apart.

    A ``gap`` of nothing joins only what touches.
    """
    start, end = slot.starts_at, slot.ends_at
    for other in sorted(others, key=lambda one: one.ends_at, reverse=True):
        if other.starts_at < start and _joins(start - other.ends_at, gap):
            start = other.starts_at
    for other in sorted(others, key=lambda one: one.starts_at):
        if other.ends_at > end and _joins(other.starts_at - end, gap):
            end = other.ends_at
    return start, end


def _joins(distance: timedelta, gap: timedelta) -> bool:
    return distance < gap or distance == NOTHING
