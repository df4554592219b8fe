"""Whoever watches the installation learns whether it lives, can serve, and is set up well."""

from pathlib import Path

import pytest
import time_machine
from sqlalchemy import text

from brigades.clock import HOUR, MINUTE
from brigades.db import session
from brigades.health import service
from brigades.health.processes import web_processes
from brigades.keeping import daily as keeping
from brigades.outbox import passes
from brigades.rechecks import nightly
from tests.builders import NOON, a_person, a_section, an_account


@pytest.fixture
def migrated(app):
    """The database's mark says that every migration has run."""
    session.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
    for version in service.newest(Path(app.root_path) / "migrations"):
        session.execute(text("INSERT INTO alembic_version VALUES (:v)"), {"v": version})
    session.commit()
    yield
    session.rollback()
    session.execute(text("DROP TABLE alembic_version"))
    session.commit()


def ended(name, at):
    passes.record(name, at)
    session.commit()


def test_the_process_answers(client):
    assert client.get("/healthz").status_code == 200


def test_before_the_workers_first_pass_it_is_ready(client, migrated):
    got = client.get("/readyz")
    assert got.status_code == 200
    assert got.json["ready"] is True
    assert got.json["database"] == "ok"
    assert got.json["migrations"] == "current"
    assert got.json["worker"]["last_pass"] is None
    assert got.json["tzdata"][:2] == "20"


@pytest.mark.parametrize(("minutes", "status"), [(14, 200), (16, 503)])
def test_a_worker_that_has_been_silent_for_a_quarter_of_an_hour_is_told(
    client, migrated, minutes, status
):
    ended(passes.DELIVER, NOON)
    with time_machine.travel(NOON + minutes * MINUTE, tick=False):
        got = client.get("/readyz")
    assert got.status_code == status
    assert got.json["worker"]["last_pass"] == NOON.isoformat()


def test_one_pass_that_keeps_failing_is_told(client, migrated):
    ended(passes.REMIND, NOON)
    ended(passes.DELIVER, NOON + 20 * MINUTE)
    with time_machine.travel(NOON + 20 * MINUTE, tick=False):
        assert client.get("/readyz").status_code == 503


def test_mail_and_the_nightly_look_that_stand_still_are_told(app, client, migrated):
    ended(nightly.ENDED, NOON - 50 * HOUR)
    ended(passes.MAIL_STILL, NOON - HOUR)
    ended(passes.DELIVER, NOON)
    with time_machine.travel(NOON, tick=False):
        got = client.get("/readyz")
        checked = app.test_cli_runner().invoke(args=["check"])
    assert got.status_code == 200  # pages are served; more of them would not help
    assert got.json["mail"] == {"stands_still_since": (NOON - HOUR).isoformat()}
    assert got.json["nightly_look"] == "standing still"
    assert checked.exit_code == 1
    assert "UNFIT  letters: no server has taken one since 2026-06-10T11:00:00" in checked.output
    assert "UNFIT  nightly look: ended 2026-06-08T10:00:00" in checked.output


def test_what_moves_is_not_told(app, client, migrated):
    ended(nightly.ENDED, NOON - 30 * HOUR)
    ended(passes.DELIVER, NOON)
    with time_machine.travel(NOON, tick=False):
        got = client.get("/readyz")
        checked = app.test_cli_runner().invoke(args=["check"])
    assert got.json["mail"] == {"stands_still_since": None}
    assert got.json["nightly_look"] == "ok"
    assert "UNFIT  nightly look" not in checked.output
    assert "UNFIT  letters" not in checked.output


def test_a_database_that_lags_behind_is_not_ready(client, migrated):
    session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    got = client.get("/readyz")
    assert got.status_code == 503
    assert got.json["migrations"] == "behind"


def said(app, now=NOON, **settings):
    """What `check` finds, by what it looked at."""
    migrations = Path(app.root_path) / "migrations"
    found = service.findings({**app.config, **settings}, migrations, now)
    return {finding.what: finding for finding in found}


def test_the_check_passes_where_all_is_well(app, migrated, sink):
    found = said(app, MAIL_URL=sink.url, SECRET_KEY="x" * 40, DATA_KEY="y" * 40)
    assert [finding for finding in found.values() if not finding.fit] == []
    assert "answers" in found["mail"].says


@pytest.mark.parametrize(
    ("settings", "what"),
    [
        ({"BASE_URL": "http://brigades.example.org"}, "BASE_URL"),
        ({"BASE_URL": "https://brigades.example.org"}, "mail"),
        ({"MAIL_URL": "http://mail.example.org"}, "mail"),
        ({"MAIL_URL": "smtp://127.0.0.1:1"}, "mail"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"TRUSTED_HOSTS": ["*"]}, "TRUSTED_HOSTS"),
    ],
)
def test_the_check_names_what_is_unsafe_or_out_of_reach(app, migrated, settings, what):
    assert said(app, **settings)[what].fit is False


@pytest.mark.parametrize(
    ("env", "processes"),
    [
        ({}, 1),
        ({"WEB_CONCURRENCY": "3"}, 3),
        ({"WEB_CONCURRENCY": "lots"}, 1),
        ({"GUNICORN_CMD_ARGS": "--workers 4 --threads 8", "WEB_CONCURRENCY": "2"}, 4),
        ({"GUNICORN_CMD_ARGS": "--workers=5"}, 5),
        ({"GUNICORN_CMD_ARGS": "-w 6"}, 6),
        ({"GUNICORN_CMD_ARGS": "-w7 --workers"}, 7),
        ({"GUNICORN_CMD_ARGS": "--bind 'half"}, 1),
    ],
)
def test_how_many_processes_serve_is_read_off_the_environment(env, processes):
    assert web_processes(env) == processes


def test_several_processes_that_each_count_attempts_are_told(app, migrated, monkeypatch):
    public = {"BASE_URL": "https://brigades.example.org", "RATE_LIMIT_URL": "memory://"}
    assert "RATE_LIMIT_URL" not in said(app, **public)
    monkeypatch.setenv("WEB_CONCURRENCY", "2")
    found = said(app, **public)
    assert found["RATE_LIMIT_URL"].fit is False
    assert "each of 2 web processes" in found["RATE_LIMIT_URL"].says
    assert said(app, RATE_LIMIT_URL="memory://")["RATE_LIMIT_URL"].fit is True  # this machine only


def test_what_counts_attempts_must_answer(app, migrated):
    found = said(app, RATE_LIMIT_URL="redis://127.0.0.1:1/0")["RATE_LIMIT_URL"]
    assert found.fit is False


def test_several_processes_do_not_share_an_embedded_database(app, migrated, monkeypatch):
    monkeypatch.setenv("GUNICORN_CMD_ARGS", "--workers 2")
    public = {"BASE_URL": "https://brigades.example.org"}
    embedded = said(app, **public, SQLALCHEMY_DATABASE_URI="sqlite:///x.db")
    server = said(app, **public, SQLALCHEMY_DATABASE_URI="postgresql+psycopg://db/x")
    assert embedded["DATABASE_URL"].fit is False
    assert "DATABASE_URL" not in server


@pytest.mark.parametrize(
    ("hosts", "fit"),
    [
        (["other.example.org"], False),
        ([".example.org"], True),
        (["brigades.example.org:8443"], True),
        (["brigades.example.org", "localhost"], True),
    ],
)
def test_the_hosts_that_are_answered_must_name_our_own(app, migrated, hosts, fit):
    found = said(app, BASE_URL="https://brigades.example.org", TRUSTED_HOSTS=hosts)
    assert ("TRUSTED_HOSTS" not in found) is fit


def test_keys_that_only_this_machine_has_are_named_beside_a_database_server(app, migrated):
    server = said(app, SQLALCHEMY_DATABASE_URI="postgresql+psycopg://db/x", PUSH_KEY="")
    assert server["keys"].fit is True
    assert "DATA_KEY" in server["keys"].says
    assert "keys" not in said(app, SQLALCHEMY_DATABASE_URI="sqlite:///x.db")


def test_how_long_things_are_kept_is_told_and_whether_they_still_go(app, migrated):
    assert "letters 400 days" in said(app)["kept"].says
    ended(keeping.ENDED, NOON)
    assert said(app, now=NOON + 47 * HOUR)["kept"].fit is True
    assert said(app, now=NOON + 49 * HOUR)["kept"].fit is False


def test_demo_accounts_are_unfit_for_a_public_address(app, migrated):
    an_account(a_person(a_section()), demo=True)
    assert said(app)["demo accounts"].fit is True
    public = said(app, BASE_URL="https://brigades.example.org")
    assert public["demo accounts"].fit is False


def test_the_command_exits_with_an_error_where_something_is_unfit(app):
    done = app.test_cli_runner().invoke(args=["check"])
    assert done.exit_code == 1
    assert "UNFIT  migrations" in done.output
