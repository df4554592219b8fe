"""How well somebody speaks a language: CEFR, with the mother tongue on top."""

from enum import StrEnum


class Level(StrEnum):
    """A CEFR level or mother tongue, ordered by ``rank``."""

    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"
    C1 = "C1"
    C2 = "C2"
    NATIVE = "native"

    @property
    def rank(self) -> int:
        """0 for A1 up to 6 for the mother tongue."""
        return _RANKS[self]

    def reaches(self, least: "Level") -> bool:
        """Whether somebody at this level fulfils ``least``."""
        return self.rank >= least.rank


_RANKS = {level: rank for rank, level in enumerate(Level)}
