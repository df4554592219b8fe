"""Pages of trainings."""

from flask import Blueprint

from brigades.access import Can, Scope
from brigades.web import needs

bp = Blueprint("trainings", __name__)


@bp.get("/trainings")
@needs(Can.TAKE_PART)
def index(scope: Scope) -> str:
    """To be written."""
    return ""
