"""A letter as it reads, for whoever looks after the mail, with what is secret in it covered."""

import re
from datetime import datetime
from urllib.parse import urlsplit

from flask import current_app

from brigades.outbox.letters import NothingToTell
from brigades.outbox.models import Letter
from brigades.outbox.render import write

COVER = "•••"
_SECRET = re.compile(r"[\w.~%-]{20,}")


def preview(letter: Letter, now: datetime) -> tuple[str, str] | None:
    """Subject and text as they would be written now, or were when it was sent.

    None where there is nothing to tell. Raises whatever writing it raises.
    """
    try:
        written = write(letter, letter.sent_at or now)
    except NothingToTell as nothing:
        if nothing.broken is not None:
            raise nothing.broken from nothing
        return None
    return None if written is None else (written.subject, cover(written.text))


def cover(text: str) -> str:
    """The text with every long part of our links covered: tokens that act for the reader."""
    base: str = current_app.config["BASE_URL"]
    return re.sub(re.escape(base) + r"[^\s<>\"]*", lambda found: _covered(found[0], base), text)


def _covered(url: str, base: str) -> str:
    rest = url.removeprefix(base)
    return base + _SECRET.sub(COVER, rest) if urlsplit(url).scheme else url
