"""Which characters of what people type are kept. Pure; every form goes through it (brigades.web).

What is seen is kept, in one form for the same letters (NFC): every script, marks above and below
letters, the stretching of Arabic words, emoji. What nobody sees and somebody can misuse goes: it
turns reading around (a name that reads as another), breaks a line in a mail's head, or makes two
names that look the same. The joiners of Persian and Indic scripts are spelling and stay.
"""

import re
import unicodedata

# What breaks a line, or stands between words as a control character.
_BREAKS = "\n\r\v\f\x1c-\x1e\x85\u2028\u2029"
_LINE_BREAK = re.compile(f"\r\n|[{_BREAKS}]")
_RUN = re.compile(f"[ \t\x1f{_BREAKS}]+")

# Controls, overrides and isolates of direction, zero-width spaces, what once marked annotations,
# halves of characters, and numbers that are promised never to be characters.
_ODD = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
    "\u200b\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0001"
    "\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
)
_NEVER = re.compile(f"[{_ODD}]")
# In names and titles also what only tells how a long text is laid out.
_NOT_IN_A_LINE = re.compile(f"[{_ODD}\u00ad\u061c\u180e\u200e\u200f]")
_JOINERS = "\u200c\u200d"

# Letters by their category, and yet nothing is seen: fillers, an empty Braille cell, selectors.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(number) for number in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
}
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})


def one_line(typed: str | None) -> str:
    """A name, a title, a subject: on one line, single-spaced, without what nobody sees.

    Line breaks become spaces. Empty where nothing would be seen.
    """
    kept = _NOT_IN_A_LINE.sub("", _RUN.sub(" ", typed or ""))
    return _seen(unicodedata.normalize("NFC", kept).strip().strip(_JOINERS).strip())


def text(typed: str | None) -> str:
    """Text in lines and paragraphs: line breaks, tabs and marks of direction stay.

    Empty where nothing would be seen.
    """
    kept = _NEVER.sub("", _LINE_BREAK.sub("\n", typed or ""))
    return _seen(unicodedata.normalize("NFC", kept).strip())


def _seen(words: str) -> str:
    if any(unicodedata.category(c) not in _UNSEEN and c not in _BLANK for c in words):
        return words
    return ""
