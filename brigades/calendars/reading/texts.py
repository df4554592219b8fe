"""What an event says of itself: title, place, description, as we keep such texts. Pure."""

import re
from html import unescape
from urllib.parse import urlsplit

from brigades import characters
from brigades.calendars.reading.found import Remark
from brigades.calendars.reading.parts import Part

TITLE, PLACE, NOTE, LINK = 200, 300, 5000, 500  # letters, as the forms of slots have it

# Google writes descriptions as a page. None goes on over the next "<": it would be looked for from
# each of them to the end.
_IS_PAGE = re.compile(r"<(?:br|p|b|i|u|a|ul|ol|li|div|span|html)\b[^<>]*>", re.IGNORECASE)
_NEW_LINE = re.compile(r"<(?:br|/p|/div|/li|/ul|/ol)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z!][^<>]*>", re.IGNORECASE)


class Texts:
    """The texts of one event, and what there is to remark about them."""

    def __init__(self, part: Part) -> None:
        self.remarks: set[Remark] = set()
        self.title = self._cut(characters.one_line(part.text("SUMMARY")[: 10 * TITLE]), TITLE)
        if not self.title:
            self.remarks.add(Remark.NO_TITLE)
        where = characters.one_line(part.text("LOCATION")[: 10 * PLACE])
        self.link = where if is_link(where) else ""
        self.place = "" if self.link else self._cut(where, PLACE)
        self.note = self._cut(characters.text(_plain(part.text("DESCRIPTION")[: 10 * NOTE])), NOTE)
        if part.word("CLASS") in ("PRIVATE", "CONFIDENTIAL"):
            self.remarks.add(Remark.PRIVATE)

    def _cut(self, words: str, most: int) -> str:
        if len(words) <= most:
            return words
        self.remarks.add(Remark.CUT)
        return words[: most - 1].rstrip() + "…"


def is_link(words: str) -> bool:
    """Whether a place is an address to open."""
    if len(words) > LINK or any(letter.isspace() for letter in words):
        return False
    try:
        parts = urlsplit(words)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _plain(words: str) -> str:
    if not _IS_PAGE.search(words):
        return words
    return unescape(_TAG.sub("", _NEW_LINE.sub("\n", words)))
