"""Two people trade places: whether each may take the other's, and whether the question stands.

Pure. A place that is given up counts neither as an overlap nor for the rest, and since one goes
where another comes, nothing is full.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from brigades.schedule.rules import refusals
from brigades.schedule.rules.facts import NeedFacts, PersonFacts, SlotFacts
from brigades.schedule.rules.limits import Limits
from brigades.schedule.rules.reasons import Code, Refusal, blocking

# Of no matter to who takes over a place that somebody has: it was given before.
_OF_NEWCOMERS = frozenset({Code.FULL, Code.ASSIGNED_ONLY, Code.SIGNUP_CLOSED})


class Fallen(StrEnum):
    """Why a question about a swap stands no longer, though nobody answered it."""

    GIVEN_UP = "given up"  # a place is not confirmed any more
    MOVED = "moved"  # since it was asked or agreed to
    STARTED = "started"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Side:
    """One of the two places as it stands now."""

    confirmed: bool
    published: bool
    starts_at: datetime
    moved_at: datetime | None


def fallen(sides: Iterable[Side], since: datetime, now: datetime) -> Fallen | None:
    """Why the question stands no longer; ``since``: when it was asked or agreed to."""
    sides = list(sides)
    if not all(side.published for side in sides):
        return Fallen.CANCELLED
    if any(side.starts_at <= now for side in sides):
        return Fallen.STARTED
    if not all(side.confirmed for side in sides):
        return Fallen.GIVEN_UP
    if any(side.moved_at is not None and side.moved_at > since for side in sides):
        return Fallen.MOVED
    return None


def swap_refusals(
    slot: SlotFacts,
    need: NeedFacts,
    person: PersonFacts,
    gives_up: int,
    now: datetime,
    limits: Limits,
) -> list[Refusal]:
    """What keeps a person from taking over a place who gives up theirs in the slot ``gives_up``.

    They come by themselves, so the rest rules block and what they said of their days does not.
    Who waits for a place there need not wait for it any more.
    """
    free = replace(
        person,
        commitments=tuple(one for one in person.commitments if one.slot_id != gives_up),
        live_in=person.live_in - {gives_up} - person.waits_in,
    )
    reasons = refusals(slot, need, free, now, by_self=True, limits=limits)
    return [reason for reason in blocking(reasons) if reason.code not in _OF_NEWCOMERS]
