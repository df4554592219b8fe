"""A public page that says what is kept of people, why, and for how long."""

from flask import Blueprint, render_template

from brigades.access import Can, Scope
from brigades.keeping import service
from brigades.recruiting.rules import UNCONFIRMED_FOR
from brigades.web import needs

bp = Blueprint("keeping", __name__)


@bp.get("/privacy")
@needs(Can.ANYONE)
def privacy(_scope: Scope) -> str:
    """What is kept how long, as this installation does it."""
    return render_template(
        "keeping/privacy.html", keep=service.keep(), unconfirmed=UNCONFIRMED_FOR.days
    )
