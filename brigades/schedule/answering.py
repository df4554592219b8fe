"""What somebody can say about their own place at a moment, and saying it.

The page behind a mail asks here; each answer is the same change as on the slot's own page.
"""

from datetime import datetime
from enum import StrEnum

from brigades.schedule import cover
from brigades.schedule.leaving import leave
from brigades.schedule.models import Participation, Status
from brigades.schedule.service import answer, too_late
from brigades.schedule.states import State


class Act(StrEnum):
    """One thing to say: yes or no to an offer, that one cannot come, or comes after all."""

    ACCEPT = "accept"
    DECLINE = "decline"
    LEAVE = "leave"
    COME = "come"


_ACTS = {
    State.OFFERED: frozenset({Act.ACCEPT, Act.DECLINE}),
    State.CONFIRMED: frozenset({Act.LEAVE}),
    State.WAITLISTED: frozenset({Act.LEAVE}),
    State.REQUESTED: frozenset({Act.LEAVE}),
    State.SEEKING_COVER: frozenset({Act.COME}),
}


def stands(place: Participation, now: datetime) -> State:
    """The place's state; an offer whose time is over has lapsed, though no pass wrote it down."""
    lapsed = place.state is State.OFFERED and too_late(place, now)
    return State.LAPSED if lapsed else place.state


def acts(place: Participation, now: datetime) -> frozenset[Act]:
    """What its person can say now; nothing once it has started or is off. Its slot is loaded."""
    if place.slot.status is not Status.PUBLISHED or place.slot.starts_at <= now:
        return frozenset()
    return _ACTS.get(stands(place, now), frozenset())


def act(place: Participation, what: Act, *, now: datetime, why: str = "") -> None:
    """Do it under the slot's lock. Raises Refused, with NO_PLACE where it was said before."""
    if what is Act.LEAVE:
        leave(place, now=now, why=why)
    elif what is Act.COME:
        cover.come_after_all(place, now=now)
    else:
        answer(place, what is Act.ACCEPT, now=now)
