"""Pages of people."""

from flask import Blueprint

from brigades.access import Can, Scope
from brigades.web import needs

bp = Blueprint("people", __name__)


@bp.get("/people")
@needs(Can.SEE_PEOPLE)
def index(scope: Scope) -> str:
    """To be written."""
    return ""


@bp.get("/profile")
@needs(Can.SIGNED_IN)
def me(scope: Scope) -> str:
    """To be written."""
    return ""
