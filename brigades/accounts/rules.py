"""What makes a password acceptable. Pure.

No rule asks for digits or signs: that makes passwords shorter, and people write them down.
"""

from enum import StrEnum

SHORTEST = 10
LONGEST = 200
FEWEST_DIFFERENT = 5


class Weakness(StrEnum):
    """Why a password is refused."""

    TOO_SHORT = "too short"
    TOO_LONG = "too long"
    MONOTONOUS = "monotonous"  # the same few characters again and again
    OWN_NAME = "own name"  # what everybody tries first


def weakness(password: str, *, email: str, given: str, family: str) -> Weakness | None:
    """The first reason against a password of a person with that address and those names."""
    if len(password) < SHORTEST:
        return Weakness.TOO_SHORT
    if len(password) > LONGEST:
        return Weakness.TOO_LONG
    if len(set(password)) < FEWEST_DIFFERENT:
        return Weakness.MONOTONOUS
    local = email.partition("@")[0]
    own = (email, local, given, family, given + family, family + given)
    if _letters(password) in {_letters(words) for words in own} - {""}:
        return Weakness.OWN_NAME
    return None


def _letters(words: str) -> str:
    return "".join(letter for letter in words.casefold() if letter.isalpha())
