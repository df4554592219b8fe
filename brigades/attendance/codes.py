"""The code that the lead shows: an address to scan, and six letters to type where nobody scans.

Neither is kept: the address is signed, the letters follow from the secret and the slot. They only
say that somebody stood before the code; a place and the time are judged as ever.
"""

import hmac
import io
from datetime import timedelta
from hashlib import sha256

from flask import current_app
from markupsafe import Markup

from brigades import tokens
from brigades.web import link

LIFETIME = timedelta(days=30)  # longer than any slot; when one may check in, the rules say
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is read as another
_LENGTH = 6


def address(slot_id: int) -> str:
    """The full address that the QR code holds."""
    return link("attendance.here", token=token(slot_id))


def token(slot_id: int) -> str:
    """A signed name of a slot."""
    return tokens.sign("attendance", slot_id)


def slot_of(signed: str) -> int | None:
    """The slot that a token names; None where it is forged or too old."""
    slot_id = tokens.read("attendance", signed, LIFETIME)
    return slot_id if isinstance(slot_id, int) else None


def letters(slot_id: int) -> str:
    """The slot's code to type, such as "K7MR2P"."""
    secret = current_app.config["SECRET_KEY"].encode()
    number = int.from_bytes(hmac.digest(secret, f"attendance:{slot_id}".encode(), sha256))
    found = ""
    for _ in range(_LENGTH):
        number, place = divmod(number, len(_LETTERS))
        found += _LETTERS[place]
    return found


def tidy(typed: str) -> str:
    """A typed code without spaces, hyphens and case."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def is_of(typed: str, slot_id: int) -> bool:
    """Whether a typed code is that slot's."""
    return hmac.compare_digest(tidy(typed).encode(), letters(slot_id).encode())


def picture(slot_id: int) -> Markup:
    """The QR code as an inline SVG: black on white in light and dark, since cameras want it so."""
    import segno

    out = io.BytesIO()
    segno.make(address(slot_id), error="m", micro=False).save(
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
