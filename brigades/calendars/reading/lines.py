"""From bytes to the lines of a calendar file, whatever they were written with. Pure."""

import codecs
import re

from brigades.calendars.reading.found import NoCalendar, Unreadable

LARGEST = 2 * 1024 * 1024  # bytes
# What packed files begin with, spreadsheets among them.
_PACKED = (b"PK\x03\x04", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")
_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BREAK = re.compile(rb"\r\n|\n|\r")
_FOLD = re.compile(rb"(?:\r\n|\n|\r)[ \t]")
_BEGINS = b"BEGIN:VCALENDAR"


def lines_of(content: bytes) -> tuple[list[str], bool]:
    """The lines, unfolded, without empty ones; and whether all of them were in UTF-8.

    A fold may stand inside a letter of several bytes, so bytes are put together before they are
    read as letters. A line that is no UTF-8 is read as Windows programs of the West write it.
    Raises Unreadable.
    """
    if len(content) > LARGEST:
        raise Unreadable(NoCalendar.LARGE)
    plain = _as_utf8(content).replace(b"\0", b"").lstrip()
    if not plain:
        raise Unreadable(NoCalendar.EMPTY)
    if plain[: len(_BEGINS)].upper() != _BEGINS:
        raise Unreadable(_what_else(plain))
    found, sure = [], True
    for line in _BREAK.split(_FOLD.sub(b"", plain)):
        if line.strip():
            words, known = _letters(line)
            found.append(words)
            sure = sure and known
    return found, sure


def _as_utf8(content: bytes) -> bytes:
    if content.startswith(_MARKS):
        return content.decode("utf-16", "replace").encode()
    for name in ("utf-16-le", "utf-16-be"):  # without a mark
        if content.startswith("BEGIN".encode(name)):
            return content.decode(name, "replace").encode()
    return content.removeprefix(codecs.BOM_UTF8)


def _letters(line: bytes) -> tuple[str, bool]:
    try:
        return line.decode(), True
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace"), False


def _what_else(plain: bytes) -> NoCalendar:
    if plain.startswith(_PACKED):
        return NoCalendar.PACKED
    if plain[:1] == b"<":
        return NoCalendar.PAGE
    return NoCalendar.OTHER
