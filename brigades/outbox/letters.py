"""The register of letters. A folder that posts a letter says here what it needs to be written.

A loader reads the rows as they are when the letter is sent and returns its content, or None where
what it would tell no longer holds; then the letter is dropped. The templates stand in
``templates/letters/<name>/``: ``subject.txt``, ``text.txt``, ``body.html``.
"""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from brigades.outbox.kinds import Kind
from brigades.outbox.models import Letter
from brigades.outbox.outcomes import Told


@dataclass(frozen=True)
class Content:
    """What a letter's templates get, and what goes with it.

    ``why`` is the sentence that says why the reader got this. ``calendar`` is an iCalendar file
    with its iTIP ``method``. ``reply_to`` is the section's address. ``unsubscribe`` is a full
    address that a POST with one click ends such letters at (RFC 8058). ``settings`` is False where
    the reader cannot sign in, so no link leads to their mail settings. ``told``: gathered letters
    that this one tells, ``events``: their iCalendar files.
    """

    why: str
    context: dict[str, Any] = field(default_factory=dict)
    calendar: bytes | None = None
    method: str = "REQUEST"
    reply_to: str | None = None
    unsubscribe: str | None = None
    settings: bool = True
    told: tuple[Told, ...] = ()
    events: tuple[bytes, ...] = ()


class NothingToTell(Exception):
    """Raised by a loader in place of None where it says what became of others too.

    ``broken``: what kept it from telling anything; without it there was nothing that still holds.
    """

    def __init__(self, told: tuple[Told, ...], broken: Exception | None = None) -> None:
        super().__init__(told)
        self.told, self.broken = told, broken


Loader = Callable[[Letter], Content | None]
LOADERS: dict[str, Loader] = {}
KINDS: dict[str, Kind] = {}

# The instant at which letters are being written; a pass sets it, so loaders need no clock.
moment: ContextVar[datetime] = ContextVar("moment")


def now() -> datetime:
    """The instant at which the present letter is written; LookupError outside of writing."""
    return moment.get()


def letter(name: str, kind: Kind) -> Callable[[Loader], Loader]:
    """Register the loader of the letter ``name``; it runs in the reader's language."""

    def register(loader: Loader) -> Loader:
        LOADERS[name], KINDS[name] = loader, kind
        return loader

    return register


def kind_of(name: str) -> Kind:
    """The kind of a letter; a name that nobody registered is treated as what one must know."""
    return KINDS.get(name, Kind.CHANGE)
