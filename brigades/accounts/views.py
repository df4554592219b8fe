"""Pages of accounts."""

from flask import Blueprint

from brigades.access import Can, Scope
from brigades.web import needs

bp = Blueprint("accounts", __name__)


@bp.get("/login")
@needs(Can.ANYONE)
def sign_in(scope: Scope) -> str:
    """To be written."""
    return ""
