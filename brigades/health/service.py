"""Whether this installation is fit to work: database, migrations, worker, mail, settings."""

import os
import smtplib
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from brigades.accounts.models import Account
from brigades.clock import DAY, tzdata_version
from brigades.db import session
from brigades.health import unsafe
from brigades.health.finding import Finding
from brigades.health.unsafe import is_loopback
from brigades.keeping import daily as keeping
from brigades.keeping.service import keep
from brigades.outbox import passes
from brigades.outbox.delivery.mail_server import MailServer
from brigades.outbox.standstill.noticing import still_since
from brigades.rechecks import nightly
from brigades.schedule.rederive import last_rules

ANSWERS_WITHIN = 5  # seconds that `check` gives the mail server


def readiness(migrations: Path, now: datetime) -> tuple[bool, dict[str, Any]]:
    """Whether requests can be served, and what that was judged on, ready for JSON."""
    try:
        session.execute(text("SELECT 1"))
        current = migrated(migrations)
        ended = passes.last() if current else {}
        looked = passes.ended_at(nightly.ENDED) if current else None
        still = still_since(now) if current else None
    except SQLAlchemyError:
        session.rollback()
        return False, {"ready": False, "database": "unreachable", "tzdata": tzdata_version()}
    silent = passes.silent(ended, now)
    ready = current and not silent
    return ready, {
        "ready": ready,
        "database": "ok",
        "migrations": "current" if current else "behind",
        "worker": {
            "state": "silent" if silent else "working" if ended else "not started",
            "last_pass": max(ended.values()).isoformat() if ended else None,
            "passes": {name: at.isoformat() for name, at in sorted(ended.items())},
        },
        "nightly_look": "standing still" if night_late(looked, now) else "ok",
        "mail": {"stands_still_since": still.isoformat() if still else None},
        "tzdata": tzdata_version(),
    }


def night_late(ended: datetime | None, now: datetime) -> bool:
    """Whether the nightly look at all places has not ended for two days; not before its first."""
    return ended is not None and now - ended > 2 * DAY


def migrated(migrations: Path) -> bool:
    """Whether the database has every migration of this version of the code, and no other."""
    from alembic.runtime.migration import MigrationContext

    context = MigrationContext.configure(session.connection())
    return set(context.get_current_heads()) == set(newest(migrations))


@lru_cache
def newest(migrations: Path) -> tuple[str, ...]:
    """The migrations that a database of this version ends with; read from disk once."""
    from alembic.script import ScriptDirectory

    return tuple(ScriptDirectory(str(migrations)).get_heads())


def findings(settings: Mapping[str, Any], migrations: Path, now: datetime) -> Iterator[Finding]:
    """Everything that `check` says, one after another."""
    yield from _database(migrations, now, public=not is_loopback(settings["BASE_URL"]))
    yield _mail(settings)
    yield _zones()
    yield _kept(now)
    yield from unsafe.findings(settings, os.environ)


def _database(migrations: Path, now: datetime, *, public: bool) -> Iterator[Finding]:
    try:
        session.execute(text("SELECT 1"))
        yield Finding("database", True, session.get_bind().dialect.name)
        if not migrated(migrations):
            yield Finding("migrations", False, "not current: run `flask --app wsgi db upgrade`")
            return
        yield Finding("migrations", True, ", ".join(newest(migrations)) or "none")
        ended = passes.last()
        looked, still = passes.ended_at(nightly.ENDED), still_since(now)
        demo = session.scalar(select(Account.id).where(Account.demo, Account.active).limit(1))
    except SQLAlchemyError as error:
        session.rollback()
        yield Finding("database", False, str(error).splitlines()[0])
        return
    if not ended:
        yield Finding("worker", True, "has not run yet")
    else:
        says = f"last pass {max(ended.values()).isoformat(timespec='seconds')}"
        silent = [name for name, at in sorted(ended.items()) if now - at > passes.SILENCE]
        words = f"{says}; silent: {', '.join(silent)}" if silent else says
        yield Finding("worker", not silent, words)
    if looked is not None:
        late = night_late(looked, now)
        says = f"ended {looked.isoformat(timespec='seconds')}"
        yield Finding("nightly look", not late, f"{says}, due each day" if late else says)
    if still is not None:
        since = still.isoformat(timespec="seconds")
        yield Finding("letters", False, f"no server has taken one since {since}")
    if demo is not None:
        says = "can sign in with a password that was printed"
        yield Finding("demo accounts", not public, says)


def _kept(now: datetime) -> Finding:
    """How long what names people is kept, and whether the pass that takes it away still ends."""
    kept = keep()
    said = [
        f"{what} {f'{days} days' if days else 'for ever'}"
        for what, days in (
            ("letters", kept.letters),
            ("decided applications", kept.applications),
            ("members who left", kept.members),
        )
    ]
    try:
        ended = passes.ended_at(keeping.ENDED)
    except SQLAlchemyError:  # no database or no tables: said above
        session.rollback()
        ended = None
    late = night_late(ended, now)
    if late and ended is not None:
        said.append(f"last taken away {ended.isoformat(timespec='seconds')}, due each day")
    return Finding("kept", not late, "; ".join(said))


def _zones() -> Finding:
    says = f"rules of tzdata {tzdata_version()}"
    try:
        last = last_rules()
    except SQLAlchemyError:  # no database or no tables: said above
        session.rollback()
        last = None
    if last not in (None, tzdata_version()):
        says += f", slots still follow {last}: the worker moves them within a minute"
    return Finding("time zones", True, says)


def _mail(settings: Mapping[str, Any]) -> Finding:
    if not settings["MAIL_URL"]:
        here = is_loopback(settings["BASE_URL"])
        return Finding("mail", here, "MAIL_URL is not set: letters are kept as files")
    try:
        server = MailServer.parse(settings["MAIL_URL"])
        server.connect(ANSWERS_WITHIN).quit()
    except (OSError, ValueError, smtplib.SMTPException) as error:
        return Finding("mail", False, f"{type(error).__name__}: {error}")
    return Finding("mail", True, f"{server.host}:{server.port} answers")
