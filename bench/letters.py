"""Letters: how fast they are written, and how fast finished ones leave against a bare loop."""

import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import select, update

from bench.report import Figure, at_least, told
from bench.serving import ROOT, Place
from brigades import clock
from brigades.db import session, unit
from brigades.outbox.delivery import claiming, delivering
from brigades.outbox.delivery.marking import mark
from brigades.outbox.delivery.sending import send_all
from brigades.outbox.delivery.transport import transport
from brigades.outbox.delivery.writing import Finished, write_all
from brigades.outbox.models import Fate, Letter
from brigades.people.models import Person, Standing
from brigades.reminders.keys import reminder_key
from brigades.reminders.rules import Audience
from brigades.schedule.models import Participation, Slot
from brigades.schedule.states import State

RUNS = 5
# How many of each; the event goes with the first.
KINDS = {"place-confirmed": 100, "reminder": 200, "place-waitlisted": 100}


@contextmanager
def sink(file: Path | None = None) -> Iterator[int]:
    """A mail server in another process; yields its port. ``file`` gets every Message-ID."""
    server = subprocess.Popen(
        [sys.executable, "-m", "bench.sink", *([str(file)] if file else [])],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None and server.stdin is not None
    try:
        yield int(server.stdout.readline())
    finally:
        server.stdin.close()
        server.wait(10)
        server.stdout.close()


def measure(place: Place) -> Iterator[Figure]:
    """Writing alone, then the whole of delivery but writing, beside a bare loop."""
    with sink() as port:
        app = place.app(MAIL_URL=f"smtp://127.0.0.1:{port}")
        with app.app_context():
            ids = _post()
            rate, finished = _write(ids)
            yield at_least("letters written", rate, "letters/s", 150)
            batches = [
                finished[start : start + claiming.BATCH]
                for start in range(0, len(finished), claiming.BATCH)
            ]
            ours, bare = [], []
            for _ in range(RUNS):
                bare.append(_bare(port, batches))
                ours.append(_deliver(ids, batches))
            yield told("letters sent by a bare loop", len(finished) / median(bare), "letters/s")
            yield told("letters delivered", len(finished) / median(ours), "letters/s")
            share = median(b / o for b, o in zip(bare, ours, strict=True))
            yield at_least("letters delivered, of a bare loop", 100 * share, "%", 80)


def _post() -> list[int]:
    """Waiting letters about people who have a place that is coming."""
    now = clock.now()
    with unit():
        # What was joined and left while pages were measured has no letter here.
        session.execute(update(Letter).values(fate=Fate.SENT))
        wanted = {"place-waitlisted": State.WAITLISTED}
        for kind, many in KINDS.items():
            places = session.execute(
                select(Participation.id, Participation.person_id, Slot)
                .join(Slot, Slot.id == Participation.slot_id)
                .join(Person, Person.id == Participation.person_id)
                .where(
                    Person.standing == Standing.ACTIVE,
                    Participation.state == wanted.get(kind, State.CONFIRMED),
                    Slot.starts_at > now + timedelta(days=8),
                )
                .order_by(Participation.id)
                .limit(many)
            ).all()
            session.add_all(_letter(kind, *row) for row in places)
        session.flush()
        ids = session.scalars(select(Letter.id).where(Letter.fate == Fate.WAITING)).all()
    return list(ids)


def _letter(kind: str, place: int, person: int, slot: Slot) -> Letter:
    now = clock.now()
    if kind == "reminder":
        about: dict[str, object] = {"slot": slot.id, "person": person}
        key = reminder_key(24, Audience.COMING, slot, person)
    else:
        about = {"participation": place, "state": kind.removeprefix("place-")}
        key = f"bench:{kind}:{place}"
    return Letter(
        key=key,
        name=kind,
        about=about,
        to_address=f"person-{person}@example.org",
        to_name="Mira Vogt",
        locale="en",
        person_id=person,
        posted_at=now,
        due_at=now,
    )


def _write(ids: list[int]) -> tuple[float, list[Finished]]:
    """Letters a second, and the letters; they are claimed first, which gives them their number."""
    now = clock.now()
    claims: list[claiming.Claim] = []
    while claimed := claiming.claim(now):
        claims.append(claimed)
    write_all(claims[0], claims[0].ids[:20], now)  # templates are read from files at the first
    started = time.perf_counter()
    finished: list[Finished] = []
    for claimed in claims:
        letters, others = write_all(claimed, claimed.ids, now)
        if others:
            raise RuntimeError(f"a letter was not written: {others[0]}")
        finished += letters
    return len(finished) / (time.perf_counter() - started), finished


def _bare(port: int, batches: list[list[Finished]]) -> float:
    """Seconds that smtplib takes for the same bytes over as many connections."""
    started = time.perf_counter()
    for batch in batches:
        with smtplib.SMTP("127.0.0.1", port) as line:
            for letter in batch:
                line.sendmail("bench@example.org", [letter.address], letter.raw)
    return time.perf_counter() - started


def _deliver(ids: list[int], batches: list[list[Finished]]) -> float:
    """Seconds that delivery takes but for writing: claiming, sending and marking every batch."""
    with unit():
        session.execute(
            update(Letter)
            .where(Letter.id.in_(ids))
            .values(fate=Fate.WAITING, leased_until=None, tries=0, due_at=clock.now())
        )
    way_out = transport(_mail_url(), delivering.letters_folder())
    started = time.perf_counter()
    for batch in batches:
        now = clock.now()
        claimed = claiming.claim(now)
        if claimed is None or len(claimed.ids) != len(batch):
            raise RuntimeError("other letters are waiting too")
        outcomes, reached = send_all(way_out, batch, claimed)
        mark(outcomes, claimed.leased_until, now)
        if not reached or any(outcome.fate is not Fate.SENT for outcome in outcomes):
            raise RuntimeError("a letter was not sent")
    return time.perf_counter() - started


def _mail_url() -> str:
    from flask import current_app

    return str(current_app.config["MAIL_URL"])
