"""What a mailing's text may say: placeholders, paragraphs, lists and addresses. Pure.

A placeholder stands in braces, ``{given_name}``. A brace that is meant as one is written twice.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any


class Placeholder(StrEnum):
    """What is put in for each reader."""

    GIVEN_NAME = "given_name"
    NAME = "name"
    SECTION = "section"
    SLOT = "slot"
    WHEN = "when"
    WHERE = "where"
    LINK = "link"


# These say something only where the mailing is about a shift or training.
OF_SLOT = frozenset({Placeholder.SLOT, Placeholder.WHEN, Placeholder.WHERE, Placeholder.LINK})


class Wrong(StrEnum):
    """Why a text cannot be filled in."""

    UNKNOWN = "unknown"
    NEEDS_SLOT = "needs slot"
    BRACE = "brace"


@dataclass(frozen=True)
class Fault:
    """What is wrong, and the words it is about as they were typed."""

    wrong: Wrong
    words: str


class Part(StrEnum):
    """What a piece of text is."""

    TEXT = "text"
    ADDRESS = "address"
    PLACEHOLDER = "placeholder"


@dataclass(frozen=True)
class Piece:
    """A stretch of text; of a placeholder its name."""

    part: Part
    text: str


@dataclass(frozen=True)
class Block:
    """A paragraph with its lines, or a list with its items."""

    listed: bool
    lines: tuple[tuple[Piece, ...], ...]


_BRACES = re.compile(r"\{\{|\}\}|\{([^{}\n]*)\}|[{}]")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_ITEM = re.compile(r"\s*[-*•]\s+(?=\S)")
_AFTER = ".,;:!?'\"،؛؟)]»”"  # what ends a sentence after an address, not the address


def faults(text: str, *, about_slot: bool) -> list[Fault]:
    """Every placeholder and brace that could not be filled in, in order; each once."""
    found: list[Fault] = []
    for match in _BRACES.finditer(text):
        words, name = match[0], match[1]
        if words in ("{{", "}}"):
            continue
        if name is None:
            found.append(Fault(Wrong.BRACE, words))
        elif name.strip() not in set(Placeholder):
            found.append(Fault(Wrong.UNKNOWN, words))
        elif not about_slot and Placeholder(name.strip()) in OF_SLOT:
            found.append(Fault(Wrong.NEEDS_SLOT, words))
    return list(dict.fromkeys(found))


@lru_cache(maxsize=256)
def pieces(text: str) -> tuple[Piece, ...]:
    """A line as text, addresses and placeholders. What ``faults`` names stays as it was typed."""
    found: list[Piece] = []
    plain, at = "", 0
    for match in _BRACES.finditer(text):
        plain += text[at : match.start()]
        at = match.end()
        name = (match[1] or "").strip()
        if match[0] in ("{{", "}}"):
            plain += match[0][0]
        elif name in set(Placeholder):
            found += [*_linked(plain), Piece(Part.PLACEHOLDER, name)]
            plain = ""
        else:
            plain += match[0]
    return (*found, *_linked(plain + text[at:]))


def _linked(text: str) -> list[Piece]:
    found: list[Piece] = []
    at = 0
    for match in _ADDRESS.finditer(text):
        address = match[0]
        while address[-1] in _AFTER and not (address[-1] == ")" and "(" in address):
            address = address[:-1]
        if address.endswith("://"):
            continue
        found += [Piece(Part.TEXT, text[at : match.start()]), Piece(Part.ADDRESS, address)]
        at = match.start() + len(address)
    found.append(Piece(Part.TEXT, text[at:]))
    return [piece for piece in found if piece.text]


@lru_cache(maxsize=256)
def blocks(text: str) -> tuple[Block, ...]:
    """Paragraphs parted by blank lines; lines that start with a dash or a dot are a list."""
    found: list[Block] = []
    lines: list[str] = []
    listed = False

    def close() -> None:
        if lines:
            found.append(Block(listed, tuple(pieces(line) for line in lines)))
            lines.clear()

    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        item = _ITEM.match(line)
        if not line.strip() or bool(item) is not listed:
            close()
        listed = bool(item)
        if line.strip():
            lines.append(line[item.end() :].rstrip() if item else line.strip())
    close()
    return tuple(found)


def filled(text: str, value_of: Callable[[Placeholder], str]) -> str:
    """The text as it reads, each placeholder replaced."""
    return "".join(
        value_of(Placeholder(piece.text)) if piece.part is Part.PLACEHOLDER else piece.text
        for piece in pieces(text)
    )


Texts = Mapping[str, Mapping[str, Any]]


def complete(texts: Texts) -> list[str]:
    """Languages in which there are a subject and a text; the main one first."""
    return [code for code, said in texts.items() if said.get("subject") and said.get("body")]


def read_in(texts: Texts, locale: str) -> str:
    """The language in which a reader gets the mailing: their own, else the main one.

    ValueError where it is written in none.
    """
    written = complete(texts)
    if not written:
        raise ValueError("the mailing has no text")
    return locale if locale in written else written[0]
