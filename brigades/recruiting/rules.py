"""What an application may become and how long it waits. Pure; all instants are UTC."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

# Version of the text in templates/recruiting/_consent.html; raise it with every change of that
# text: each application keeps the version that its writer agreed to.
CONSENT_VERSION = "2026-1"

# An application whose address nobody confirmed is forgotten after this long.
UNCONFIRMED_FOR = timedelta(days=14)
# Whoever clicks twice, or tries again at once, gets one letter, not two.
LETTER_AGAIN_AFTER = timedelta(minutes=10)


class HasCountry(Protocol):
    """A section, as far as proposing one goes."""

    id: int
    country: str | None
    path: str


S = TypeVar("S", bound=HasCountry)


def proposed(country: str, sections: Sequence[S]) -> S | None:
    """The section that a country proposes: the highest one there; None where there is none."""
    there = [section for section in sections if section.country == country]
    return min(there, key=lambda s: (s.path.count("/"), s.id), default=None)


def waiting_days(since: datetime, now: datetime) -> int:
    """Whole days that an application has waited."""
    return max(0, (now - since).days)
