"""Who came. Whatever follows from it (a qualification, hours) listens in the same transaction."""

from collections.abc import Callable
from datetime import datetime

from brigades.clock import HOUR
from brigades.db import session
from brigades.schedule.models import Participation
from brigades.schedule.rules import Code, Refusal
from brigades.schedule.service import Refused, lock, move
from brigades.schedule.states import State

# (place, by, now) after attendance was ticked or taken back; registered in create_app.
listeners: list[Callable[[Participation, int, datetime], None]] = []

TICKABLE = frozenset({State.CONFIRMED, State.SEEKING_COVER, State.ATTENDED, State.ABSENT})


def tick(place: Participation, came: bool | None, *, by: int, now: datetime) -> None:
    """Say that somebody came (True), did not (False), or take it back (None).

    Saying it twice changes nothing. Raises Refused earlier than an hour before the start,
    and for who has no place.
    """
    slot = lock(place.slot_id)
    session.refresh(place)
    if place.state not in TICKABLE:
        raise Refused([Refusal(Code.NO_PLACE)])
    if now < slot.starts_at - HOUR:
        raise Refused([Refusal(Code.TOO_EARLY)])
    became = {True: State.ATTENDED, False: State.ABSENT, None: State.CONFIRMED}[came]
    if place.state is became:
        return
    move(place, became, by=by, now=now)
    place.came_at, place.left_at = (slot.starts_at, slot.ends_at) if came else (None, None)
    for listener in listeners:
        listener(place, by, now)
