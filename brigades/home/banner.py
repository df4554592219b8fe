"""The notice on every page while demo accounts exist."""

from flask import Flask
from flask_babel import gettext as _
from sqlalchemy import Connection, select

from brigades.accounts.models import Account
from brigades.glances import Glance, Quiet


def init_app(app: Flask) -> None:
    """Show the notice, and look at most once a minute whether it still holds."""
    GLANCE.init_app(app)
    app.extensions.setdefault("banners", []).append(demo_notice)


def demo_notice() -> Quiet | None:
    """The notice in the reader's language; None where every account is a real person's."""
    if not GLANCE.seen():
        return None
    return Quiet(
        short=_("Demonstration"),
        text=_(
            "This is a demonstration with made-up people. Do not enter anything about real ones."
        ),
    )


def _exist(connection: Connection) -> bool:
    return connection.scalar(select(Account.id).where(Account.demo).limit(1)) is not None


GLANCE = Glance("demo-banner", "DEMO_BANNER_SECONDS", _exist, at_first=False)
