"""The reminder pass where nothing is due, and the rules for many people at once."""

import time
from collections.abc import Callable, Iterator
from statistics import median

from sqlalchemy import select

from bench.report import Figure, at_most
from bench.serving import Place
from bench.world import Marks
from brigades import clock
from brigades.db import session, unit
from brigades.people.models import Person
from brigades.reminders.service import collect
from brigades.schedule import facts, people_facts
from brigades.schedule.models import Slot, Status
from brigades.schedule.rules import refusals

RUNS = 9


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
        crowd, square = _median(_crowd(marks), 3), _median(_square, 3)
        yield at_most(f"{place.name}: 5,000 people against a slot", crowd, "s", 1)
        yield at_most(f"{place.name}: 200 people against 200 slots", square, "s", 2)
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
    known = people_facts.facts_around(people, slots)
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
