"""Reading what an address or a form asks for; whatever is odd asks for nothing. Pure."""

from datetime import date

MOST_ID = 2**31 - 1  # what a row can have; PostgreSQL refuses to compare with more


def as_id(raw: str | None) -> int | None:
    """An id that a row could have."""
    if not raw or not raw.isascii() or not raw.isdigit() or len(raw) > 10:
        return None
    number = int(raw)
    return number if 0 < number <= MOST_ID else None


def as_day(raw: str | None) -> date | None:
    """A day, written as 2026-09-30, that somebody could mean."""
    try:
        day = date.fromisoformat((raw or "").strip())
    except ValueError:
        return None
    return day if 1900 < day.year < 2200 else None
