"""Pages of recruiting."""

from flask import Blueprint

from brigades.access import Can, Scope
from brigades.web import needs

bp = Blueprint("recruiting", __name__)


@bp.get("/applications")
@needs(Can.REVIEW_APPLICATIONS)
def index(scope: Scope) -> str:
    """To be written."""
    return ""
