"""Refusals said aloud: what was judged, and what would remove it. Every sentence is translated."""

from dataclasses import dataclass

from brigades.schedule.rules import Refusal
from brigades.schedule.words import asked_for, opening, time

_WORDS = opening.WORDS | asked_for.WORDS | time.WORDS


@dataclass(frozen=True)
class Said:
    """A refusal in words. ``remedy`` is empty where nothing would help."""

    code: str
    blocks: bool
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.what} {self.remedy}".strip()


def say(refusal: Refusal) -> Said:
    """The refusal as sentences in the reader's language."""
    what, remedy = _WORDS[refusal.code](refusal)
    return Said(refusal.code.value, refusal.blocks, what, remedy)
