"""What names somebody, and a text without it. Pure.

A given or a family name alone is a word of its language too ("Will", "May"): it is taken out only
where whoever asks says that they are meant.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from brigades.people.models import plain
from brigades.people.phones import spellings

SHORTEST = 2


class Named(Protocol):
    """Somebody with names, and perhaps an address and a phone number."""

    given_name: str
    family_name: str
    email: str | None
    phone: str | None


@dataclass(frozen=True)
class Naming:
    """What names somebody, and what stands there instead."""

    given: str
    family: str
    addresses: tuple[str, ...]
    phone: str
    instead: str

    @classmethod
    def of(cls, person: Named, instead: str, before: Iterable[str] = ()) -> "Naming":
        """What names a person as they are now; ``before``: addresses that they had."""
        addresses = dict.fromkeys((person.email or "", *before))
        names = person.given_name.strip(), person.family_name.strip()
        return cls(*names, tuple(filter(None, addresses)), person.phone or "", instead)

    @cached_property
    def words(self) -> list[str]:
        """The given and the family name, the longer first."""
        found = {self.given, self.family}
        return sorted((one for one in found if len(one) >= SHORTEST), key=len, reverse=True)

    @cached_property
    def _wholes(self) -> list[str]:
        names = [*self.addresses, *spellings(self.phone)]
        if self.given and self.family:
            both = self.given, self.family
            names += ["{} {}".format(*both), "{1} {0}".format(*both), "{1}, {0}".format(*both)]
        return names

    @cached_property
    def needles(self) -> list[str]:
        """What a text has in it that has the whole name, the address or the number in it."""
        return [*self.words[:1], *self.addresses, *spellings(self.phone)]

    @cached_property
    def _whole(self) -> re.Pattern[str] | None:
        return _any_of(self._wholes, re.IGNORECASE)

    @cached_property
    def _alone(self) -> re.Pattern[str] | None:
        return _any_of(self.words)

    @cached_property
    def _alone_in_any_case(self) -> re.Pattern[str] | None:
        return _any_of(self.words, re.IGNORECASE)

    @cached_property
    def _plain(self) -> re.Pattern[str] | None:
        return _any_of([plain(name) for name in self._wholes])

    @cached_property
    def _plain_alone(self) -> re.Pattern[str] | None:
        return _any_of([plain(name) for name in self.words])

    def out_of(self, text: str, *, alone: bool = False, any_case: bool = False) -> str:
        """The text without whole names, addresses and number; ``alone``: nor a name by itself.

        Such a one is written as they write it, or in ``any_case``.
        """
        text = _replaced(self._whole, self.instead, text)
        by_itself = self._alone_in_any_case if any_case else self._alone
        return _replaced(by_itself, self.instead, text) if alone else text

    def out_of_plain(self, text: str, *, alone: bool = False) -> str:
        """The same for what is kept without marks and case."""
        text = _replaced(self._plain, plain(self.instead), text)
        return _replaced(self._plain_alone, plain(self.instead), text) if alone else text

    def out_of_all(self, value: Any, **how: bool) -> Any:
        """The same for what JSON can hold; names of its fields stay."""
        if isinstance(value, str):
            return self.out_of(value, **how)
        if isinstance(value, list):
            return [self.out_of_all(one, **how) for one in value]
        if isinstance(value, dict):
            return {name: self.out_of_all(one, **how) for name, one in value.items()}
        return value


def _any_of(names: Iterable[str], flags: int = 0) -> re.Pattern[str] | None:
    """Any of these, not inside of another word; "Mary-Ann" is one, and no Ann."""
    spelled = sorted({re.escape(name) for name in names if name}, key=len, reverse=True)
    inside = r"(?<!\w)(?<!\w-)(?:{})(?!-?\w)"
    return re.compile(inside.format("|".join(spelled)), flags) if spelled else None


def _replaced(pattern: re.Pattern[str] | None, instead: str, text: str) -> str:
    return pattern.sub(lambda _found: instead, text) if pattern is not None else text
