"""What all pages about sign-ins have in common."""

from datetime import timedelta

from flask import Blueprint, Response

# How long "stay signed in" holds without being used.
REMEMBERED = timedelta(days=60)

bp = Blueprint("accounts", __name__)


@bp.after_request
def keep_private(response: Response) -> Response:
    """Nothing about a sign-in, and no one-time link, stays in any cache."""
    response.headers["Cache-Control"] = "no-store"
    return response
