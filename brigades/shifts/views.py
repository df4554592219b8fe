"""Pages of shifts."""

from flask import Blueprint

from brigades.access import Can, Scope
from brigades.web import needs

bp = Blueprint("shifts", __name__)


@bp.get("/shifts")
@needs(Can.TAKE_PART)
def index(scope: Scope) -> str:
    """To be written."""
    return ""
