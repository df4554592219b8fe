"""What became of a letter at one try, before it is kept. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from brigades.clock import HOUR, MINUTE
from brigades.outbox.models import Fate

# How long a letter rests after each try that did not work; after the last one it has failed.
PAUSES = (1 * MINUTE, 5 * MINUTE, 15 * MINUTE, 1 * HOUR, 3 * HOUR, 8 * HOUR, 24 * HOUR)
MOST_TRIES = len(PAUSES) + 1


class Blame(StrEnum):
    """What a try failed by: the way to the mail server, one address, or the letter itself."""

    SERVER = "server"
    ADDRESS = "address"
    LETTER = "letter"


LONGEST = 2000  # letters of a server's words that are kept


def kept_words(said: str) -> str:
    """Words as every database keeps them: PostgreSQL refuses a NUL, and with it the whole batch."""
    return said.replace("\x00", "")[:LONGEST]


@dataclass(frozen=True)
class Told:
    """What whoever wrote a daily mail found of a letter that was gathered for it.

    SENT: the mail tells it, under ``subject``; what becomes of the mail becomes of it. FAILED and
    DROPPED: it does not, and ``error`` says why. GATHERED: it is held back, for another day's mail.
    """

    id: int
    fate: Fate = Fate.SENT
    subject: str = ""
    error: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of a letter at this try. WAITING: it will be tried again.

    ``due_at`` says when, where it is not after the pause that its tries ask for. ``untried``: no
    server was asked, so this was no try, and without a ``due_at`` it stays due as it was.
    ``unanswered``: it was handed over whole, and the server did not say whether it took it.
    ``address`` and ``blame`` are set where a server was asked. ``told``: what was found of the
    letters that it was to tell.
    """

    id: int
    fate: Fate
    tries: int = 1
    subject: str = ""
    error: str = ""
    due_at: datetime | None = None
    untried: bool = False
    unanswered: bool = False
    address: str = ""
    blame: Blame | None = None
    told: tuple[Told, ...] = ()
