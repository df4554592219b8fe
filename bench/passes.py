"""The reminder pass where nothing is due, and the rules for many people at once."""

import time
from collections.abc import Callable, Iterator
from statistics import median

from sqlalchemy import select

from bench.report import Figure, at_most, told
from bench.serving import Place
from bench.world import Marks
from brigades import clock
from brigades.clock import DAY
from brigades.db import session, unit
from brigades.people.models import Person
from brigades.reminders.service import collect
from brigades.schedule import facts
from brigades.schedule.models import Slot, Status
from brigades.schedule.rules import refusals
from brigades.schedule.service import LIMITS

RUNS = 9
SPAN = LIMITS.rest + DAY


def remind(place: Place) -> Iterator[Figure]:
    """A pass right after one that posted what was due."""
    with place.app().app_context():
        now = clock.now()
        with unit():
            collect(now)

        def idle() -> None:
            with unit():
                if collect(now):
                    raise RuntimeError("something was due")

        value = _median(idle) * 1000
    yield at_most(f"{place.name}: reminder pass with nothing due, 10x", value, "ms", 50)


def judge(place: Place, marks: Marks) -> Iterator[Figure]:
    """Everybody against one slot, and two hundred people against two hundred slots."""
    with place.app().app_context():
        yield told(f"{place.name}: 5,000 people against a slot", _median(_crowd(marks), 3), "s")
        yield told(f"{place.name}: 200 people against 200 slots", _median(_square, 3), "s")
        session.remove()


def _crowd(marks: Marks) -> Callable[[], None]:
    def run() -> None:
        session.remove()
        slot = session.get_one(Slot, marks.shift)
        people = session.scalars(select(Person).limit(5000)).all()
        _all(list(people), [slot])

    return run


def _square() -> None:
    session.remove()
    now = clock.now()
    coming = select(Slot).where(Slot.status == Status.PUBLISHED, Slot.starts_at > now)
    slots = session.scalars(coming.order_by(Slot.starts_at, Slot.id).limit(200)).all()
    _all(list(session.scalars(select(Person).limit(200))), list(slots))


def _all(people: list[Person], slots: list[Slot]) -> None:
    now = clock.now()
    first = min(slot.starts_at for slot in slots) - SPAN
    last = max(slot.ends_at for slot in slots) + SPAN
    known = facts.people_facts(people, first, last)
    for slot in facts.facts_of(slots):
        for person in people:
            for need in slot.needs:
                list(refusals(slot, need, known[person.id], now))


def _median(action: Callable[[], None], runs: int = RUNS) -> float:
    action()
    seconds = []
    for _ in range(runs):
        started = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - started)
    return median(seconds)
