"""Fifty people at once on a board of thirty shifts, and afterwards: nothing oversold, nothing lost.

``python -m bench soak`` runs it by itself, a minute on PostgreSQL with two web processes and two
workers; it is no part of ``make bench``, which measures one client at a time.
"""

import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select

from bench.browser import Answer, Browser
from bench.report import Figure, at_least, at_most, told
from bench.serving import ROOT, Place, serving
from bench.world.build import PASSWORD
from brigades import clock
from brigades.access import Role
from brigades.accounts.models import Account
from brigades.accounts.passwords import hashed
from brigades.audit.models import Entry
from brigades.clock import DAY, to_wall
from brigades.db import db, session, unit
from brigades.people.models import Membership, Person
from brigades.schedule.models import Need, Participation, Status
from brigades.schedule.states import HOLDING, LIVE
from brigades.sections.models import Appointment, Section
from brigades.sections.service import set_path
from brigades.shifts.models import Shift

CLIENTS, COORDINATORS, SHIFTS, SECONDS = 50, 5, 30, 60


@dataclass
class Told:
    """What the clients were told: how often each status came, and what was acknowledged."""

    statuses: Counter[int] = field(default_factory=Counter)
    joined: set[tuple[int, str]] = field(default_factory=set)  # slot id, address
    left: set[tuple[int, str]] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    slowest: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, what: str, answer: Answer) -> Answer:
        """Count an answer; what must not happen is kept in words."""
        with self.lock:
            self.statuses[answer.status] += 1
            self.slowest = max(self.slowest, answer.seconds)
            if answer.status >= 500:
                self.faults.append(f"{what}: {answer.status}")
        return answer


def measure(url: str, folder: Path) -> Iterator[Figure]:
    """The whole run on a PostgreSQL database of its own."""
    folder.mkdir()
    place = Place("postgresql", folder, url)
    app = place.app(RATELIMIT_ENABLED="")
    with app.app_context():
        db.create_all()
        with unit():
            shifts, people = _settle()
    told_all = Told()
    with ExitStack() as running:
        port = running.enter_context(serving(place, processes=2))
        for _ in range(2):
            running.enter_context(_worker(place))
        started = time.monotonic()
        _play(port, shifts, people, told_all)
        took = time.monotonic() - started
    with app.app_context():
        yield from _figures(told_all, took)
        session.remove()
        db.engine.dispose()


def _settle() -> tuple[list[int], list[str]]:
    """A section with its people and shifts; returns the shifts' ids and the people's addresses."""
    now = clock.now()
    section = Section(slug="soak", name="Soak", zone="Europe/Berlin", created_at=now)
    session.add(section)
    session.flush()
    set_path(section, None)
    secret, people = hashed(PASSWORD), []
    for number in range(CLIENTS):
        person = Person(given_name="Person", family_name=f"Number {number}", created_at=now)
        person.email, person.section_id = f"soak{number}@example.org", section.id
        person.refresh_keys()
        session.add(person)
        session.flush()
        session.add(Membership(person_id=person.id, section_id=section.id, since=date(2026, 1, 1)))
        session.add(Account(person_id=person.id, password_hash=secret, created_at=now))
        if number < COORDINATORS:
            role = Appointment(section_id=section.id, person_id=person.id, role=Role.COORDINATOR)
            role.since = date(2026, 1, 1)
            session.add(role)
        people.append(f"soak{number}@example.org")
    return [_shift(section, number) for number in range(SHIFTS)], people


def _shift(section: Section, number: int) -> int:
    """Fifteen days with two shifts each, of which the second follows too soon on the first."""
    now = clock.now()
    day, second = divmod(number, 2)
    starts = to_wall(now.replace(minute=0, second=0, microsecond=0) + (day + 2) * DAY, section.zone)
    begin = starts.local + timedelta(hours=10 * second)
    shift = Shift(section_id=section.id, title=f"Shift {number}", zone=section.zone)
    shift.starts_local, shift.ends_local = begin, begin + timedelta(hours=6)
    shift.starts_fold = shift.ends_fold = 0
    shift.status, shift.created_at, shift.changed_at = Status.PUBLISHED, now, now
    shift.derive_instants()
    shift.needs = [Need(least=1, most=1 + number % 3), Need(least=0, most=2, position=1)]
    session.add(shift)
    session.flush()
    return shift.id


@contextmanager
def _worker(place: Place) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "worker"],
        cwd=ROOT,
        env=place.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def _play(port: int, shifts: list[int], people: list[str], told_all: Told) -> None:
    ends: list[float] = []
    ready = threading.Barrier(CLIENTS, lambda: ends.append(time.monotonic() + SECONDS))

    def play(number: int) -> None:
        chance = random.Random(number)
        browser = Browser(port).sign_in(people[number])
        ready.wait()
        step = _coordinate if number < COORDINATORS else _take_part
        try:
            while time.monotonic() < ends[0]:
                step(browser, chance, chance.choice(shifts), people[number], told_all)
        except Exception as error:
            with told_all.lock:
                told_all.faults.append(f"{people[number]}: {error!r}")

    threads = [threading.Thread(target=play, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _take_part(browser: Browser, chance: random.Random, shift: int, who: str, told: Told) -> None:
    """Look at a shift, then join it, leave it or answer, as its page offers."""
    if chance.random() < 0.2:
        told.note("list", browser.get("/shifts"))
    page = told.note("shift", browser.get(f"/shifts/{shift}"))
    token = browser.token_of(page)
    if 'name="accept"' in page.text:
        yes = chance.choice(["yes", "yes", "no"])
        path = f"/shifts/{shift}/answer"
        told.note("answer", browser.post(path, csrf_token=token, accept=yes))
    elif f"/shifts/{shift}/leave" in page.text:
        if chance.random() < 0.4:
            done = told.note("leave", browser.post(f"/shifts/{shift}/leave", csrf_token=token))
            if done.status == 303:
                told.left.add((shift, who))
    elif f"/shifts/{shift}/join" in page.text:
        done = told.note("join", browser.post(f"/shifts/{shift}/join", csrf_token=token))
        if done.status == 303:
            told.joined.add((shift, who))


def _coordinate(browser: Browser, chance: random.Random, shift: int, who: str, told: Told) -> None:
    """Look at the board, and give somebody on it a place."""
    page = told.note("board", browser.get(f"/shifts/{shift}/board"))
    needs = sorted(set(_numbers(page.text, "need")))
    people = sorted(set(_numbers(page.text, "person")))
    if needs and people:
        fields = {"need": chance.choice(needs), "person": chance.choice(people)}
        if chance.random() < 0.5:
            fields["agreed"] = "1"
        token = browser.token_of(page)
        told.note("assign", browser.post(f"/shifts/{shift}/assign", csrf_token=token, **fields))


def _numbers(page: str, name: str) -> Iterator[str]:
    """Values of the hidden fields of a name."""
    for part in page.split(f'name="{name}" value="')[1:]:
        number = part.split('"', 1)[0]
        if number.isdigit():
            yield number


def _figures(told_all: Told, took: float) -> Iterator[Figure]:
    for fault in told_all.faults[:20]:
        print(fault, file=sys.stderr)
    total = sum(told_all.statuses.values())
    yield told("soak: requests", total, "")
    yield told("soak: requests a second", total / took, "1/s")
    yield told("soak: slowest answer", told_all.slowest, "s")
    yield at_least("soak: joins that were acknowledged", len(told_all.joined), "", 1)
    yield at_most("soak: answers 5xx and broken connections", len(told_all.faults), "", 0)
    yield at_most("soak: needs with more people than places", _oversold(), "", 0)
    yield at_most("soak: people twice in a slot", _doubled(), "", 0)
    yield at_most("soak: acknowledged and lost", _lost(told_all), "", 0)
    yield at_most("soak: places whose trail ends otherwise", _untold(), "", 0)


def _oversold() -> int:
    held = Counter(session.scalars(
        select(Participation.need_id).where(Participation.state.in_(HOLDING))
    ))  # fmt: skip
    return sum(need.most is not None and held[need.id] > need.most for need in _needs())


def _needs() -> list[Need]:
    return list(session.scalars(select(Need)))


def _doubled() -> int:
    rows = session.execute(
        select(Participation.slot_id, Participation.person_id).where(Participation.state.in_(LIVE))
    )
    return sum(count > 1 for count in Counter(map(tuple, rows)).values())


def _lost(told_all: Told) -> int:
    """Joins and leavings that were acknowledged and of which the trail knows nothing."""
    found = session.execute(
        select(Entry.slot_id, Person.email, Entry.was)
        .join(Person, Person.id == Entry.person_id)
        .where(Entry.what == "participation")
    ).all()
    came = {(slot, email) for slot, email, was in found if not was}
    went = {(slot, email) for slot, email, was in found if was}
    return len(told_all.joined - came) + len(told_all.left - went)


def _untold() -> int:
    """Places whose state is not what the trail says last."""
    last: dict[tuple[int | None, int | None], str] = {}
    entries = select(Entry).where(Entry.what == "participation").order_by(Entry.id)
    for entry in session.scalars(entries):
        last[entry.slot_id, entry.person_id] = entry.became
    newest = select(Participation).order_by(Participation.round)
    states = {(one.slot_id, one.person_id): one.state.value for one in session.scalars(newest)}
    return sum(last.get(key) != state for key, state in states.items())
