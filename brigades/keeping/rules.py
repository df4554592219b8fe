"""How long what names people is kept. Pure; all lengths are days, 0 is for ever."""

from dataclasses import dataclass, fields
from datetime import datetime

from brigades.clock import DAY

# Nothing that is derived looks back further than a paper's first warning, 90 days: a letter that
# is gone sooner could be posted again under its key.
LEAST = {"letters": 120, "applications": 30}
MOST = 36_500


@dataclass(frozen=True)
class Keep:
    """Days that each is kept.

    ``letters``: after they left, failed or were not needed any more, and what they are about was
    over. ``applications``: after they were declined or withdrawn.
    """

    letters: int = 400
    applications: int = 365


def keep_from(text: str) -> Keep:
    """Days from "letters=400 applications=365"; what is not named keeps its default.

    Raises ValueError that names what is wrong.
    """
    known = [field.name for field in fields(Keep)]
    found: dict[str, int] = {}
    for pair in text.replace(",", " ").split():
        name, _sign, value = pair.partition("=")
        if name not in known:
            raise ValueError(f"KEEP knows no {name!r}; it knows {', '.join(known)}")
        days = int(value) if value.isascii() and value.isdigit() and len(value) < 6 else -1
        if days != 0 and not LEAST[name] <= days <= MOST:
            raise ValueError(
                f"KEEP: {name} must be 0, for ever, or days from {LEAST[name]} on, not {value!r}"
            )
        found[name] = days
    return Keep(**found)


def before(now: datetime, days: int) -> datetime | None:
    """What ended before this instant goes; None where it is kept for ever."""
    return now - days * DAY if days else None
