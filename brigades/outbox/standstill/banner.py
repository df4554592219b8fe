"""The notice on every page of staff while mail or the worker stands still."""

from dataclasses import dataclass, replace
from datetime import datetime

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import Connection, case, select

from brigades import clock
from brigades.access import Can
from brigades.glances import Glance
from brigades.outbox import above, passes
from brigades.outbox.models import Fate, Letter, Pass
from brigades.texts import moment_words, zone_words
from brigades.web import present_scope


@dataclass(frozen=True)
class Still:
    """Since when what stands still, None where it does not; ``words`` are the mail server's."""

    worker: datetime | None = None
    mail: datetime | None = None
    words: str = ""
    zone: str = "UTC"  # of the whole organisation


def init_app(app: Flask) -> None:
    """Show the notices, and look at most once a minute whether they still hold."""
    GLANCE.init_app(app)
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
    return GLANCE.seen() if present_scope().may(Can.SEE_LETTERS) else Still()


def _look(connection: Connection) -> Still:
    now = clock.now()
    words = select(Letter.error).where(Letter.fate == Fate.WAITING, Letter.error != "")
    newest = words.order_by(Letter.due_at.desc()).limit(1).scalar_subquery()
    section = above.section()
    top = select(section.c.zone).where(section.c.parent_id.is_(None)).limit(1).scalar_subquery()
    late = Pass.ended_at < now - passes.SILENCE
    names = [*passes.NAMES, passes.MAIL_STILL]
    said = case((Pass.name == passes.MAIL_STILL, newest))  # asked for only while it stands still
    rows = connection.execute(
        select(Pass.name, Pass.ended_at, said, top).where(Pass.name.in_(names), late)
    ).all()
    silent = [row.ended_at for row in rows if row.name != passes.MAIL_STILL]
    still = Still(worker=min(silent, default=None))
    for row in rows:
        still = replace(still, zone=row[3] or "UTC")
        if row.name == passes.MAIL_STILL:
            still = replace(still, mail=row.ended_at, words=row[2] or "")
    return still


GLANCE = Glance("still-banner", "STILL_BANNER_SECONDS", _look, at_first=Still())
