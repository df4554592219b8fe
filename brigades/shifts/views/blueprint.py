"""The blueprint that all pages of shifts hang on, and what several of them need."""

from flask import Blueprint

from brigades.shifts.service import MAX_ID

bp = Blueprint("shifts", __name__)


def as_id(raw: str | None) -> int | None:
    """An id out of a form or an address; None for whatever cannot be one."""
    if not raw or not raw.isascii() or not raw.isdigit() or len(raw) > 10:
        return None
    number = int(raw)
    return number if 0 < number <= MAX_ID else None
