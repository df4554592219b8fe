"""The pass that takes away what was kept long enough, once a day, people who left among it.

Batches are transactions of their own and so many a turn at most: mail and reminders go on beside
it. What is left over waits for the next turn, a quarter of an hour later.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from brigades.audit import service as audit
from brigades.clock import MINUTE
from brigades.db import session, unit
from brigades.keeping import leaving, service
from brigades.outbox import passes
from brigades.sections.models import Section

ENDED, BEGUN = "take away what was kept long enough", "take away what was kept long enough, begun"
LEASE = 15 * MINUTE
BATCHES = 20  # a turn
MEMBERS = "members who left"


def take_away(
    now: datetime, *, stop: Callable[[], bool] = lambda: False, batches: int = BATCHES
) -> dict[str, int]:
    """Take away what is due, where that is due; returns how many of each kind went.

    Of several workers one does it. The trail of the international body says how many went at each
    step, in the step's own transaction: what breaks later takes nothing of that back.
    """
    with unit():
        ended = passes.ended_at(ENDED)
        due = ended is None or ended.date() < now.date()
        mine = due and passes.claim(BEGUN, now, LEASE)
    gone: dict[str, int] = {}
    if not mine:
        return gone
    left = list(service.KINDS)
    while left and batches and not stop():
        with unit():
            taken = service.take(left[0], now)
            _record(left[0].name, taken, now)
        batches -= 1
        gone[left[0].name] = gone.get(left[0].name, 0) + taken
        if not taken:
            left.pop(0)
    over = not left and not stop()
    if over:
        leaving.tell(service.keep(), now, stop=stop)
        gone[MEMBERS], over = leaving.erase(service.keep(), now, stop=stop)
        with unit():
            _record(MEMBERS, gone[MEMBERS], now)
            if over:
                passes.record(ENDED, now)
    return {name: number for name, number in gone.items() if number}


def _record(name: str, number: int, now: datetime) -> None:
    if not number:
        return
    top = select(Section.id).where(Section.parent_id.is_(None)).order_by(Section.id).limit(1)
    audit.record(
        "kept long enough",
        by=None,
        at=now,
        became=f"{name} {number}",
        section_id=session.scalar(top),
    )
