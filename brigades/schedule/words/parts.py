"""What several of these sentences are made of."""

from collections.abc import Callable

from brigades.schedule.rules import Code, Refusal
from brigades.texts import day_words

# What was judged, and what would remove it.
Words = dict[Code, Callable[[Refusal], tuple[str, str]]]


def day_of(refusal: Refusal) -> str:
    """The day that a refusal is about."""
    assert refusal.on is not None
    return day_words(refusal.on)
