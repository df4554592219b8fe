"""The code that the lead shows: an address to scan, and six letters to type where nobody scans.

Neither is kept: the address is signed, the letters follow from the secret, the slot and the minute.
They only say that somebody stood before the code; a place and the time are judged as ever. The
shown code changes every minute, so that a photo of it is of no use elsewhere; one that is printed
stays, for who chooses that, until the slot's number of it is raised.
"""

import hmac
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from flask import current_app
from markupsafe import Markup

from brigades import tokens
from brigades.web import link

EVERY = timedelta(minutes=1)  # the shown code is another
GOOD = timedelta(seconds=150)  # a code is taken: it, the one before, and half a minute to open it
LATE = timedelta(minutes=15)  # after a scan, until when its button is pressed or a device tells it
LIFETIME = timedelta(days=30)  # longer than any slot; when one may check in, the rules say
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is read as another
_LENGTH = 6
_SHOWN, _PRINTED, _SEEN = "attendance", "attendance printed", "attendance seen"


@dataclass(frozen=True)
class Code:
    """What a scanned address names. ``until``: whoever opens it by then stands before the code.

    None for a printed one, which is good as long as one may check in and the slot has its number.
    """

    slot_id: int
    until: datetime | None
    printed: int | None = None

    def replaced(self, number: int) -> bool:
        """Whether it was printed before the slot's printed code became that of this number."""
        return self.printed is not None and self.printed != number

    def fresh(self, now: datetime) -> bool:
        """Whether who opens it now stands before the code."""
        return self.until is None or now <= self.until

    def told(self, scanned_at: datetime, now: datetime) -> bool:
        """Whether a device may tell now that it was scanned while it was shown.

        Its clock may be behind by as long as a code is taken.
        """
        if self.until is None:
            return True
        return self.until - 2 * GOOD <= scanned_at <= self.until and now <= self.until + LATE


def token(slot_id: int, *, printed: int | None = None) -> str:
    """A signed name of a slot, as the code holds it that is shown now, or the printed one."""
    if printed is not None:
        return tokens.sign(_PRINTED, [slot_id, printed])
    return tokens.sign(_SHOWN, slot_id)


def opened(signed: str) -> Code | None:
    """What a token names; None where it is forged or much too old."""
    printed = tokens.read(_PRINTED, signed, LIFETIME)
    if printed is not None:
        # Those of before have no number: they are the first.
        slot_id, number = printed if isinstance(printed, list) else (printed, 0)
        return Code(slot_id, None, number)
    found = tokens.read_signed(_SHOWN, signed, LIFETIME)
    return None if found is None else Code(found[0], found[1] + GOOD)


def seen(slot_id: int, person_id: int) -> str:
    """What the page of a fresh code keeps for its button: this person stood before it just now."""
    return tokens.sign(_SEEN, [slot_id, person_id])


def was_seen(signed: str, slot_id: int, person_id: int) -> bool:
    """Whether that is so, and not long ago."""
    return tokens.read(_SEEN, signed, LATE) == [slot_id, person_id]


def letters(slot_id: int, at: datetime) -> str:
    """The slot's code to type at an instant, such as "K7MR2P"."""
    return _spelt(_SHOWN, slot_id, _minute(at))


def printed_letters(slot_id: int, number: int) -> str:
    """The same for the printed code of that number."""
    return _spelt(_PRINTED, slot_id, number)


def _minute(at: datetime) -> int:
    return int(at.timestamp() // EVERY.total_seconds())


def _spelt(purpose: str, slot_id: int, number: int) -> str:
    secret = current_app.config["SECRET_KEY"].encode()
    name = f"{purpose}:{slot_id}:{number}"
    rest = int.from_bytes(hmac.digest(secret, name.encode(), sha256))
    found = ""
    for _ in range(_LENGTH):
        rest, place = divmod(rest, len(_LETTERS))
        found += _LETTERS[place]
    return found


def tidy(typed: str) -> str:
    """A typed code without spaces, hyphens and case."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def token_for(typed: str, slot_id: int, printed: int, now: datetime) -> str | None:
    """The token of a slot whose code somebody typed, shown or printed; None where it is another.

    ``printed``: the number that the slot's printed code has now.
    """
    if _same(typed, printed_letters(slot_id, printed)):
        return token(slot_id, printed=printed)
    fits = any(_same(typed, code) for code in _taken(slot_id, now))
    return token(slot_id) if fits else None


def _taken(slot_id: int, now: datetime) -> Iterator[str]:
    """The letters that were shown as long ago as a code is taken."""
    for minute in range(_minute(now - GOOD) + 1, _minute(now) + 1):
        yield _spelt(_SHOWN, slot_id, minute)


def _same(typed: str, code: str) -> bool:
    return hmac.compare_digest(tidy(typed).encode(), code.encode())


def picture(slot_id: int, *, printed: int | None = None) -> Markup:
    """The QR code as an inline SVG: black on white in light and dark, since cameras want it so."""
    import segno

    address = link("attendance.here", token=token(slot_id, printed=printed))
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=False,
        omitsize=True,
        border=4,
        dark="#000",
        light="#fff",
        svgclass="br-qr",
        lineclass=None,
    )
    return Markup(out.getvalue().decode())  # noqa: S704 -- drawn by the library from an address
