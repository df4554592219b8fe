"""Workers that are killed at random moments: every letter arrives, few arrive twice.

``python -m bench kill`` runs it by itself: 5,000 letters through two workers on PostgreSQL, each
killed ten times, over one connection and over four, and through one worker on SQLite.
"""

import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import func, select

from bench.letters import sink
from bench.report import Figure, at_most, told
from bench.serving import ROOT, Place
from brigades.db import db, session, unit
from brigades.outbox import service
from brigades.outbox.delivery.claiming import BATCH
from brigades.outbox.models import Fate, Letter
from brigades.people.models import Membership, Person
from brigades.sections.models import Section
from brigades.sections.service import set_path


@dataclass(frozen=True)
class Course:
    """How many letters, through how many workers over how many connections, killed how often."""

    letters: int
    workers: int
    kills: int
    connections: int = 1
    life: float = 3.0  # seconds of a worker from its first pass to its end, at most
    patience: int = 1500  # seconds until all must have arrived

    @property
    def in_flight(self) -> int:
        """How many letters may arrive twice, at most."""
        return self.workers * self.kills * BATCH * self.connections


@dataclass(frozen=True)
class Found:
    """What there was in the end: ``sent`` as the rows say, ``arrived`` as the mail server does."""

    sent: set[str]
    arrived: Counter[str]
    fates: dict[Fate, int]
    most_tries: int
    seconds: float

    @property
    def lost(self) -> int:
        """Letters of which the rows say that they were sent, and none arrived; or the reverse."""
        return len(self.sent ^ set(self.arrived))

    @property
    def repeats(self) -> int:
        """How many arrived that had arrived before."""
        return self.arrived.total() - len(self.arrived)


def run(place: Place, course: Course) -> Found:
    """Post letters, let workers send them and be killed, look what there is.

    Must be called in the context of an application on the place's database, which is empty.
    """
    began = time.monotonic()
    kept = place.folder / "arrived"
    with sink(kept) as port:
        lives = [_Life(place, course, port) for _ in range(course.workers)]
        _post(course.letters)
        try:
            for life in lives:
                life.start()
            for life in lives:
                life.killed.wait(course.patience)
            while _waiting() and time.monotonic() - began < course.patience:
                time.sleep(0.2)
        finally:
            for life in lives:
                life.end()
    if any(life.broken for life in lives):
        raise RuntimeError("a worker did not start")
    return _look(kept, time.monotonic() - began)


class _Life(threading.Thread):
    """One worker that is started again each time it was killed, and lives on after the last."""

    def __init__(self, place: Place, course: Course, port: int) -> None:
        super().__init__(daemon=True)
        self.environment = {
            **place.environment,
            "MAIL_URL": f"smtp://127.0.0.1:{port}",
            "MAIL_CONNECTIONS": str(course.connections),
        }
        self.course = course
        self.killed = threading.Event()
        self.over = threading.Event()
        self.broken = False
        self.worker: subprocess.Popen[str] | None = None

    def run(self) -> None:
        for _ in range(self.course.kills):
            worker = self._begin()
            time.sleep(random.uniform(0, self.course.life))
            _close(worker, worker.kill)
            if self.over.is_set():
                return
        self._begin()
        self.killed.set()

    def _begin(self) -> "subprocess.Popen[str]":
        """A worker that has said that it runs."""
        self.worker = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "bench.hasty", "worker"],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.worker.stdout is not None
        self.broken = self.broken or not self.worker.stdout.readline()
        return self.worker

    def end(self) -> None:
        """Let it stop after its batch."""
        self.over.set()
        if self.worker is not None:
            _close(self.worker, self.worker.terminate)
        self.join(20)


def _close(worker: "subprocess.Popen[str]", how: Callable[[], None]) -> None:
    how()
    try:
        worker.wait(20)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()
    assert worker.stdout is not None
    worker.stdout.close()


def _post(letters: int) -> None:
    now = datetime.now(UTC)
    with unit():
        section = Section(
            slug="killed", name="Killed", zone="Europe/Berlin", country="DE", created_at=now
        )
        session.add(section)
        session.flush()
        set_path(section, None)
        reader = Person(given_name="Mira", section_id=section.id, created_at=now)
        reader.refresh_keys()
        session.add(reader)
        session.flush()
        session.add(Membership(person_id=reader.id, section_id=section.id, since=date(2026, 1, 1)))
        service.post_rows(
            [
                service.row(
                    "password-changed",
                    address=f"reader-{n}@example.org",
                    locale="en",
                    about={"at": now.isoformat()},
                    key=f"killed:{n}",
                    now=now,
                    person_id=reader.id,
                    section_id=section.id,
                )
                for n in range(letters)
            ]
        )


def _waiting() -> int:
    query = select(func.count()).where(Letter.fate == Fate.WAITING)
    waiting = session.scalar(query) or 0
    session.rollback()
    return waiting


def _look(kept: Path, seconds: float) -> Found:
    rows = session.execute(select(Letter.fate, Letter.message_id, Letter.tries)).all()
    found = Found(
        sent={str(row.message_id) for row in rows if row.fate is Fate.SENT},
        arrived=Counter(kept.read_text().split()),
        fates=Counter(row.fate for row in rows),
        most_tries=max(row.tries for row in rows),
        seconds=seconds,
    )
    session.rollback()
    return found


def measure(name: str, url: str, folder: Path, course: Course) -> Iterator[Figure]:
    """Lost and repeated letters of one course."""
    folder.mkdir(parents=True)
    place = Place(name, folder, url)
    app = place.app()
    with app.app_context():
        db.create_all()
        found = run(place, course)
        db.engine.dispose()
    said = f"{name}, {course.workers} x {course.kills} kills, {course.connections} connections"
    yield told(f"letters sent: {said}", found.fates[Fate.SENT], "letters")
    yield at_most("  not sent", course.letters - found.fates[Fate.SENT], "letters", 0)
    yield at_most("  failed", found.fates[Fate.FAILED], "letters", 0)
    yield at_most("  lost", found.lost, "letters", 0)
    yield at_most("  arrived twice", found.repeats, "letters", course.in_flight)
    yield told("  most tries of one", found.most_tries, "tries")
    yield told("  took", found.seconds, "s")
