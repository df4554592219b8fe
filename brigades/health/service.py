"""Whether this installation is fit to work: database, migrations, worker, mail, settings."""

import smtplib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from brigades.accounts.models import Account
from brigades.clock import DAY, tzdata_version
from brigades.db import session
from brigades.outbox import passes
from brigades.outbox.delivery.mail_server import MailServer
from brigades.outbox.standstill.noticing import still_since
from brigades.rechecks import nightly
from brigades.schedule.rederive import last_rules

ANSWERS_WITHIN = 5  # seconds that `check` gives the mail server


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. ``fit`` False makes the whole installation unfit."""

    what: str
    fit: bool
    says: str


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
    yield from _settings(settings)


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


def _settings(settings: Mapping[str, Any]) -> Iterator[Finding]:
    url = settings["BASE_URL"]
    if is_loopback(url):
        yield Finding("BASE_URL", True, f"{url}, this machine only")
    else:
        says = url if url.startswith("https://") else f"{url}: passwords would travel unencrypted"
        yield Finding("BASE_URL", url.startswith("https://"), says)
    for name in ("SECRET_KEY", "DATA_KEY"):
        if len(settings[name]) < 16:
            yield Finding(name, False, "is too short to be secret: use at least 32 characters")
    if any(host.strip() in ("*", ".") for host in settings["TRUSTED_HOSTS"]):
        yield Finding("TRUSTED_HOSTS", False, "trusts every host")
    if settings.get("DEBUG"):
        yield Finding("debug mode", is_loopback(url), "is on")


def is_loopback(url: str) -> bool:
    """Whether an address leads to this machine itself."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
