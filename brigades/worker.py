"""The passes that run beside the pages, and the scheduler that drives them.

Any number of workers may run at once: each pass claims its work or posts under unique keys. A
pass that raises is logged and does not stop the others.
"""

import logging
import signal
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from brigades import clock
from brigades.db import look_over, unit
from brigades.keeping import daily
from brigades.keeping.daily import take_away
from brigades.outbox import passes
from brigades.outbox.delivery.delivering import deliver
from brigades.outbox.wishes.gathering import gather
from brigades.rechecks import nightly
from brigades.rechecks.nightly import look_again
from brigades.recruiting import service as recruiting
from brigades.reminders import service as reminders
from brigades.reminders.duties.stood_still import notice
from brigades.schedule import service as schedule
from brigades.schedule.catching_up import catch_up
from brigades.schedule.cover import ask_in_waves
from brigades.schedule.rederive import keep_up
from brigades.trainings.earned import grant_earned

log = logging.getLogger(__name__)

EVERY = 60  # seconds between two runs of what derives and lapses
DELIVER_EVERY = 30
LOOK_OVER_EVERY = 6 * 3600

# In this order: what lapses posts letters, and what is posted is delivered in the same round.
# First of all, what stood still meanwhile: that is read off when the others last ended.
FIRST: tuple[tuple[str, Callable[[datetime], int]], ...] = ((passes.STOOD_STILL, notice),)
# Each of these has transactions of its own, so that nobody waits for all of it.
IN_BATCHES: tuple[tuple[str, Callable[[datetime, Callable[[], bool]], int]], ...] = (
    (passes.ZONES, keep_up),
    (passes.CATCH_UP, catch_up),
)
DERIVING: tuple[tuple[str, Callable[[datetime], int]], ...] = (
    (passes.LAPSE, schedule.lapse_offers),
    (passes.COVER, ask_in_waves),
    (passes.GRANT, grant_earned),
    (passes.FORGET, recruiting.forget_unconfirmed),
    (passes.REMIND, reminders.collect),
    (passes.GATHER, gather),
)


def run(name: str, action: Callable[[datetime], int], now: datetime) -> bool:
    """Run one pass as one unit of work; whether it ended well."""

    def in_one_unit() -> int:
        with unit():
            done = action(now)
            passes.record(name, now)
        return done

    return _ended_well(name, in_one_unit)


def run_in_batches(
    name: str,
    action: Callable[[datetime, Callable[[], bool]], int],
    now: datetime,
    stop: Callable[[], bool] = lambda: False,
) -> bool:
    """Run a pass that has transactions of its own; whether it ended well, or was stopped."""

    def in_batches() -> int:
        done = action(now, stop)
        if not stop():
            with unit():
                passes.record(name, now)
        return done

    return _ended_well(name, in_batches)


def run_delivery(now: datetime, stop: Callable[[], bool] = lambda: False) -> bool:
    """Run the pass that delivers, which has transactions of its own; whether it ended well."""

    def delivered() -> int:
        sent = deliver(now, stop=stop, after_batch=_delivered)
        _delivered(now)
        return sent

    return _ended_well(passes.DELIVER, delivered)


def run_looking(now: datetime, stop: Callable[[], bool] = lambda: False) -> bool:
    """Run the nightly look at all places, in transactions of its own; whether it ended well."""
    return _ended_well(nightly.ENDED, lambda: look_again(now, stop=stop))


def run_taking_away(now: datetime, stop: Callable[[], bool] = lambda: False) -> bool:
    """Take away what was kept long enough, in transactions of its own; whether it ended well."""
    return _ended_well(daily.ENDED, lambda: take_away(now, stop=stop))


def _ended_well(name: str, action: Callable[[], object]) -> bool:
    """Whether a pass ended well; what it did, or why it broke, stands in the log."""
    try:
        done = action()
    except Exception:
        log.exception("the pass %r failed", name)
        return False
    if done:
        log.info("the pass %r did %s", name, done)
    return True


def _delivered(at: datetime) -> None:
    """A long backlog is no silence: each batch counts."""
    with unit():
        passes.record(passes.DELIVER, at)


def once(now: datetime) -> bool:
    """Run every pass once; whether all ended well."""
    ended = [run(name, action, now) for name, action in FIRST]
    ended += [run_in_batches(name, action, now) for name, action in IN_BATCHES]
    ended += [run(name, action, now) for name, action in DERIVING]
    ended += [run_looking(now), run_taking_away(now)]
    return run_delivery(now) and all(ended)


class Driver:
    """Runs the passes at intervals until it is stopped.

    Late runs are made up for, several missed ones by one: nothing is ever dropped for being late.
    """

    def __init__(self, app: Flask) -> None:
        from apscheduler.executors.pool import ThreadPoolExecutor
        from apscheduler.schedulers.background import BackgroundScheduler

        self.app = app
        self.stopping = threading.Event()
        self.scheduler: Any = BackgroundScheduler(
            timezone="UTC",
            executors={"default": ThreadPoolExecutor(2)},
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )
        for name, action, seconds in (
            ("derive", self._derive, EVERY),
            ("deliver", self._deliver, DELIVER_EVERY),
            ("look over", self._look_over, LOOK_OVER_EVERY),
        ):
            self.scheduler.add_job(
                action, "interval", seconds=seconds, id=name, next_run_time=clock.now()
            )

    def start(self) -> None:
        """Begin at once, beside whatever else this process does."""
        self.scheduler.start()

    def stop(self) -> None:
        """End after what is just being done: a batch of letters, not all that wait."""
        self.stopping.set()
        if self.scheduler.running:
            self.scheduler.shutdown(wait=True)

    def _derive(self) -> None:
        with self.app.app_context():
            self._run_each(FIRST)
            for name, action in IN_BATCHES:
                if not self.stopping.is_set():
                    run_in_batches(name, action, clock.now(), self.stopping.is_set)
            self._run_each(DERIVING)
            run_looking(clock.now(), self.stopping.is_set)
            run_taking_away(clock.now(), self.stopping.is_set)

    def _run_each(self, some: tuple[tuple[str, Callable[[datetime], int]], ...]) -> None:
        for name, action in some:
            if not self.stopping.is_set():
                run(name, action, clock.now())

    def _look_over(self) -> None:
        with self.app.app_context(), unit():
            look_over()

    def _deliver(self) -> None:
        with self.app.app_context():
            run_delivery(clock.now(), self.stopping.is_set)


def start_embedded(app: Flask) -> Driver:
    """Run the passes inside a serving process, for the embedded database."""
    driver = Driver(app)
    app.extensions["worker"] = driver
    driver.start()
    return driver


@click.command("worker")
@click.option("--once", "single", is_flag=True, help="Run every pass once and end.")
@with_appcontext
def worker(single: bool) -> None:
    """Remind, let offers lapse, and deliver letters, until stopped by SIGTERM or Ctrl-C."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    if single:
        if not once(clock.now()):
            raise SystemExit(1)
        return
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    # Taken off a queue, not handled: a handler that sets an event waits for ever where it comes
    # just as the same thread begins to wait for it. The driver's threads inherit the block.
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    driver = Driver(current_app._get_current_object())  # type: ignore[attr-defined]
    driver.start()
    click.echo("The worker runs.")
    signal.sigwait(ends)
    driver.stop()
    click.echo("The worker has stopped.")
