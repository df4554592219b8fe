"""The passes run in order, together or alone, and the scheduler drops nothing for being late."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from brigades import worker
from brigades.clock import DAY, HOUR, now
from brigades.db import session
from brigades.outbox import passes
from brigades.outbox.models import Letter, Pass
from brigades.schedule.states import State
from tests.builders import NOON, a_need, a_participation, a_person, a_section, a_shift

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 180  # seconds until a process must have ended, on a machine that does much else


def test_one_round_lapses_an_offer_and_tells_both_who_had_it_and_who_is_next(app, mail):
    section = a_section()
    shift = a_shift(section, starts_at=NOON + 3 * DAY, needs=[a_need(most=1)])
    first, second = a_person(section), a_person(section)
    a_participation(shift, first, State.OFFERED, asked_at=NOON - DAY, answer_by=NOON - HOUR)
    a_participation(shift, second, State.WAITLISTED)
    assert worker.once(NOON) is True
    subjects = {got.recipients: got.subject for got in mail.received}
    assert set(subjects) == {(first.email,), (second.email,)}
    assert "A place is free" in subjects[second.email,]
    session.expire_all()
    assert set(passes.last()) == set(passes.NAMES)


def test_a_pass_that_raises_is_logged_and_the_others_run(app, mail, monkeypatch, caplog):
    section = a_section()
    a_participation(a_shift(section, starts_at=NOON + DAY), a_person(section))

    def broken(_now):
        raise RuntimeError("a pass has a fault")

    others = tuple(one for one in worker.DERIVING if one[0] != passes.LAPSE)
    monkeypatch.setattr(worker, "DERIVING", ((passes.LAPSE, broken), *others))
    assert worker.once(NOON) is False
    assert "a pass has a fault" in caplog.text
    assert len(mail.received) == 1
    session.expire_all()
    assert passes.LAPSE not in set(session.scalars(select(Pass.name)))


def test_two_rounds_leave_one_mark_for_each_pass(app):
    worker.once(NOON)
    worker.once(NOON + HOUR)
    session.expire_all()
    ended = passes.last()
    assert set(ended) == set(passes.NAMES)
    assert min(ended.values()) >= NOON + HOUR


def test_late_runs_are_made_up_for_by_one(app):  # SCHED-02
    driver = worker.Driver(app)
    jobs = {job.id: job for job in driver.scheduler.get_jobs()}
    driver.scheduler.start(paused=True)
    try:
        jobs = {job.id: job for job in driver.scheduler.get_jobs()}
        assert set(jobs) == {"derive", "deliver", "look over"}
        for job in jobs.values():
            assert (job.misfire_grace_time, job.coalesce, job.max_instances) == (None, True, 1)
    finally:
        driver.stop()


@pytest.fixture
def env(backend, app, mail, real_clock):
    """What a process needs to use the same database and mail server."""
    url = backend.config["SQLALCHEMY_DATABASE_URI"]
    session.commit()
    return os.environ | {
        "DATABASE_URL": url,
        "MAIL_URL": mail.url,
        "INSTANCE_PATH": backend.config["INSTANCE_PATH"],
        "SECRET_KEY": "only in tests",
        "BASE_URL": "http://localhost",
    }


def flask(*words: str) -> list[str]:
    """A command of ours."""
    return [sys.executable, "-m", "flask", "--app", "wsgi", *words]


def test_a_single_round_from_the_command_line_delivers(app, mail, env):
    section = a_section()
    a_participation(a_shift(section, starts_at=now() + HOUR), a_person(section))
    done = subprocess.run(
        flask("worker", "--once"),
        check=False,
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    assert len(mail.received) == 1


def test_the_worker_stops_cleanly_when_asked(app, mail, env):
    process = subprocess.Popen(
        flask("worker"),
        env=env,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "The worker runs.\n"
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()  # what lived on would work on the rows of the tests that follow
        process.wait()
    assert process.returncode == 0, err
    assert "has stopped" in out
    assert "Traceback" not in err


def test_what_is_due_can_be_looked_at_without_sending_it(app, mail):
    section = a_section()
    shift = a_shift(section, starts_at=NOON + DAY, title="Night watch")
    a_participation(shift, a_person(section, email="rosa@example.org"))
    run = app.test_cli_runner()
    done = run.invoke(args=["reminders", "due", "--at", "2026-06-10T13:00:00Z"])
    assert done.exit_code == 0, done.output
    assert "reminder\trosa@example.org\t" in done.output
    assert "\tcoming, 24 h before 'Night watch' 2026-06-11 14:00 Europe/Berlin" in done.output
    assert "Night watch" in done.output
    assert "1 due at 2026-06-10T13:00:00+00:00, nothing was sent." in done.output
    assert session.scalars(select(Letter)).all() == []
    assert mail.received == []
    for odd in ("tomorrow", "2026-06-10T13:00:00", ""):
        assert run.invoke(args=["reminders", "due", "--at", odd]).exit_code in (0, 2)
    assert run.invoke(args=["reminders", "due", "--at", "2026-06-10T13:00:00"]).exit_code == 2
    for far in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z"):
        assert run.invoke(args=["reminders", "due", "--at", far]).exit_code == 2
