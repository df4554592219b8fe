"""The front page, and for who is signed in: what is next and what needs them."""

from flask import Blueprint, render_template

from brigades.access import Can, Scope
from brigades.web import needs

bp = Blueprint("home", __name__)


@bp.get("/")
@needs(Can.ANYONE)
def index(scope: Scope) -> str:
    """Public page, or the reader's own."""
    return render_template("home/public.html")


@bp.get("/me")
@needs(Can.SIGNED_IN)
def me(scope: Scope) -> str:
    """What is next for the reader."""
    return ""
