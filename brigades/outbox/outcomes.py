"""What became of a letter at one try, before it is kept."""

from dataclasses import dataclass
from datetime import datetime

from brigades.outbox.models import Fate


@dataclass(frozen=True)
class Outcome:
    """What became of a letter at this try. WAITING: it will be tried again.

    ``due_at`` says when, where it is not after the pause that its tries ask for. ``untried``: no
    server was asked, so this was no try.
    """

    id: int
    fate: Fate
    tries: int = 1
    subject: str = ""
    error: str = ""
    due_at: datetime | None = None
    untried: bool = False
