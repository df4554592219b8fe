"""The notice on every page of staff while mail or the worker stands still."""

import time
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app, url_for
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from brigades import clock
from brigades.access import Can
from brigades.db import db, writing
from brigades.outbox import above, passes
from brigades.outbox.models import Fate, Letter, Pass
from brigades.texts import moment_words, zone_words
from brigades.web import present_scope

KEY = "still-banner"
# For how long a process trusts what it saw; None never looks.
SECONDS = "STILL_BANNER_SECONDS"


@dataclass(frozen=True)
class Still:
    """Since when what stands still, None where it does not; ``words`` are the mail server's."""

    worker: datetime | None = None
    mail: datetime | None = None
    words: str = ""
    zone: str = "UTC"  # of the whole organisation


def init_app(app: Flask) -> None:
    """Show the notices, and look at most once a minute whether they still hold."""
    app.config.setdefault(SECONDS, 60)
    app.extensions[KEY] = (float("-inf"), Still())
    app.extensions.setdefault("banners", []).extend([worker_notice, mail_notice])


def worker_notice() -> str | None:
    """For who may see letters: since when the worker is silent."""
    still = _seen()
    if still.worker is None:
        return None
    says: str = _(
        "The worker has been silent since %(when)s: nobody is reminded and no letter is sent.",
        when=_when(still.worker, still.zone),
    )
    return says


def mail_notice() -> Markup | None:
    """For who may see letters: since when no server takes mail, why, and what waits."""
    still = _seen()
    if still.mail is None:
        return None
    says = _("Mail has stood still since %(when)s.", when=_when(still.mail, still.zone))
    server = Markup(" {} <bdi>{}</bdi>").format(_("The server says:"), still.words)
    return Markup('{}{} · <a href="{}">{}</a>').format(
        says,
        server if still.words else "",
        url_for("outbox.index", fate=Fate.WAITING.value),
        _("See the letters that wait"),
    )


def _when(instant: datetime, zone: str) -> str:
    zone = current_user.person.zone or zone
    return f"{moment_words(instant, zone)}, {zone_words(zone, instant)}"


def _seen() -> Still:
    kept_for = current_app.config[SECONDS]
    if kept_for is None or not present_scope().may(Can.SEE_LETTERS):
        return Still()
    looked_at, still = current_app.extensions[KEY]
    if time.monotonic() - looked_at >= kept_for:
        try:
            still = _look(clock.now())
        except SQLAlchemyError:  # the page that says what went wrong must not fail over a notice
            return Still()
        current_app.extensions[KEY] = (time.monotonic(), still)
    seen: Still = still
    return seen


def _look(now: datetime) -> Still:
    """Ask on a connection of its own: the request's may be in a failed transaction.

    As a reader, too: a second writer of the same request would wait for the first.
    """
    token = writing.set(False)
    try:
        with db.engine.connect() as connection:
            names = [*passes.NAMES, passes.MAIL_STILL]
            rows = connection.execute(
                select(Pass.name, Pass.ended_at).where(Pass.name.in_(names))
            ).tuples()
            ended = dict(rows.all())
            mail = ended.pop(passes.MAIL_STILL, None)
            if mail is not None and now - mail <= passes.SILENCE:
                mail = None
            silent = [at for at in ended.values() if now - at > passes.SILENCE]
            if mail is None and not silent:
                return Still()
            words = select(Letter.error).where(Letter.fate == Fate.WAITING, Letter.error != "")
            newest = words.order_by(Letter.due_at.desc()).limit(1)
            section = above.section()
            top = select(section.c.zone).where(section.c.parent_id.is_(None)).limit(1)
            return Still(
                worker=min(silent, default=None),
                mail=mail,
                words=(connection.scalar(newest) or "") if mail else "",
                zone=connection.scalar(top) or "UTC",
            )
    finally:
        writing.reset(token)
