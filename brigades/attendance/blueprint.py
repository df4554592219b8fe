"""The blueprint that all pages of attendance hang on, and what several of them need."""

from datetime import datetime

from flask import Blueprint, abort, request

bp = Blueprint("attendance", __name__)
# Both kinds of slots have the same pages, under "shifts" and "trainings".
AT = "/<where>/<int:slot_id>/attendance"


def swaps() -> bool:
    """Whether htmx asks, which swaps a part of the page."""
    return request.headers.get("HX-Request") == "true"


def happened_at() -> datetime | None:
    """The event time that a device tells (``scanned_at``, ISO 8601 with its zone); None for now.

    Anything that is no instant is a bad request.
    """
    raw = request.form.get("scanned_at", "").strip()
    if not raw:
        return None
    try:
        at = datetime.fromisoformat(raw)
        if at.tzinfo is None:
            raise ValueError("an instant needs its zone")
        at.timestamp()
    except (ValueError, OverflowError):
        abort(400)
    return at
