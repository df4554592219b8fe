"""The notice on every page while demo accounts exist."""

import time

from flask import Flask, current_app
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from brigades.accounts.models import Account
from brigades.db import db, writing

KEY = "demo-banner"
# For how long a process trusts what it saw; None never looks.
SECONDS = "DEMO_BANNER_SECONDS"


def init_app(app: Flask) -> None:
    """Show the notice, and look at most once a minute whether it still holds."""
    app.config.setdefault(SECONDS, 60)
    app.extensions[KEY] = (float("-inf"), False)
    app.extensions.setdefault("banners", []).append(demo_notice)


def demo_notice() -> str | None:
    """The notice in the reader's language; None where every account is a real person's."""
    if not _exist():
        return None
    text: str = _(
        "This is a demonstration with made-up people. Do not enter anything about real ones."
    )
    return text


def _exist() -> bool:
    kept_for = current_app.config[SECONDS]
    if kept_for is None:
        return False
    looked_at, there = current_app.extensions[KEY]
    if time.monotonic() - looked_at < kept_for:
        return bool(there)
    try:
        there = _look()
    except SQLAlchemyError:  # the page that says what went wrong must not fail over its notice
        return bool(there)
    current_app.extensions[KEY] = (time.monotonic(), there)
    return there


def _look() -> bool:
    """Ask on a connection of its own: the request's may be in a failed transaction.

    As a reader, too: a second writer of the same request would wait for the first.
    """
    token = writing.set(False)
    try:
        with db.engine.connect() as connection:
            return connection.scalar(select(Account.id).where(Account.demo).limit(1)) is not None
    finally:
        writing.reset(token)
