"""The pass that judges all places again, once a day.

When it is due is read off when it last ended, never remembered; batches are transactions of their
own, so that nobody waits for all of it.
"""

from collections.abc import Callable
from datetime import datetime

from brigades.clock import MINUTE
from brigades.db import unit
from brigades.outbox import passes
from brigades.schedule import again

ENDED, BEGUN = "look again at places", "look again at places, begun"
LEASE = 15 * MINUTE  # after which another worker takes over from one that broke off


def due(ended: datetime | None, now: datetime) -> bool:
    """Whether it last ended on an earlier day of UTC, or never."""
    return ended is None or ended.date() < now.date()


def look_again(
    now: datetime, *, stop: Callable[[], bool] = lambda: False, most: int = again.MOST
) -> int:
    """Judge every place that people have in what comes, where that is due; returns what changed.

    Of several workers one does it. One that is stopped or breaks off leaves it due, and since
    each batch is kept by itself, doing it again changes nothing twice.
    """
    with unit():
        mine = due(passes.ended_at(ENDED), now) and passes.claim(BEGUN, now, LEASE)
    if not mine:
        return 0
    changed, mark = 0, None
    while not stop():
        with unit():
            looked = again.look(now, mark, most)
        changed, mark = changed + looked.changed, looked.mark
        if mark is None:
            with unit():
                passes.record(ENDED, now)
            break
    return changed
