"""What a letter says on the screen of a locked telephone: its subject, and where to go."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from brigades.locales import direction
from brigades.outbox.kinds import PUSHED, Kind
from brigades.outbox.letters import Content, kind_of
from brigades.outbox.models import Letter
from brigades.outbox.render import Written, locale_of, write
from brigades.outbox.wishes import quiet
from brigades.push.models import Subscription
from brigades.push.rules import is_last_minute, kept_for, topic_of
from brigades.push.sending import Message
from brigades.push.service import TEST
from brigades.reader import locale_of as parsed

# Services take about 3,000 bytes before they are encrypted. A letter has at most four, and two of
# those that are written with a backslash.
LONGEST_TITLE = 200  # letters
LONGEST_LINK = 1000


@dataclass(frozen=True)
class Notice:
    """A letter with its messages, one for each device of its reader."""

    letter: Letter
    needed_by: datetime | None  # the deadline, else the start
    messages: tuple[Message, ...]


def notice_of(
    letter: Letter, devices: Sequence[Subscription], zone: str, now: datetime
) -> Notice | None:
    """What is pushed of a letter; None where it is not worth it, or no longer holds.

    A change is worth it at the last minute only. In the quiet hours of the reader's ``zone`` a
    question is left to the mail and a change makes no sound, unless the morning would be too late.
    Raises whatever writing the letter raises.
    """
    written = write(letter, now)
    if written is None:
        return None
    start = _start_of(written.content)
    needed_by = letter.needed_by or start
    kind = kind_of(letter.name)
    if kind is Kind.CHANGE and not is_last_minute(now, letter.needed_by, start):
        return None
    asleep = kind in PUSHED and _asleep(letter, zone, needed_by, now)
    if asleep and kind is Kind.OFFER:
        return None
    words = _words(letter, written, silent=asleep)
    return Notice(
        letter,
        needed_by,
        tuple(
            Message(
                letter_id=letter.id,
                device_id=device.id,
                endpoint=device.endpoint,
                key=device.key,
                auth=device.auth,
                words=words,
                topic=topic_of(letter.key),
                kept_for=kept_for(now, needed_by),
            )
            for device in devices
        ),
    )


def _asleep(letter: Letter, zone: str, needed_by: datetime | None, now: datetime) -> bool:
    morning = quiet.waits_until(
        now, zone, quiet.hours(), since=letter.posted_at, needed_by=needed_by
    )
    return morning is not None


def _start_of(content: Content) -> datetime | None:
    """When the slot starts that a letter is about; of a swap, the slot that one would give."""
    about = content.context
    slot = about["slot"] if "slot" in about else getattr(about.get("mine"), "slot", None)
    return getattr(slot, "starts_at", None)


def _words(letter: Letter, written: Written, *, silent: bool) -> bytes:
    """What our service worker reads (static/src/push-worker.js)."""
    locale = locale_of(letter)
    with force_locale(parsed(locale)):
        said = {
            "title": _shortened(written.subject),
            "body": _body(letter),
            "link": first_link(written.text),
            "lang": locale.replace("_", "-"),
            "dir": direction(locale),
            "tag": topic_of(letter.key),
            "silent": silent,
        }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _shortened(title: str) -> str:
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1].rstrip() + "…"


def _body(letter: Letter) -> str:
    kind = kind_of(letter.name)
    text: str
    if letter.name == TEST:
        text = _("This is how we tell you.")
    elif kind is Kind.OFFER:
        text = _("Open it to answer.")
    else:
        text = _("Open it to see what has changed.")
    return text


def first_link(text: str) -> str:
    """The first of our own links in a letter's text, which is the thing to do; else our site."""
    base: str = current_app.config["BASE_URL"]
    found = re.search(re.escape(base) + r"(?=[/?#])[^\s<>\"]*", text)
    link = found[0].rstrip(".,;:)") if found else ""
    return link if 0 < len(link) <= LONGEST_LINK else f"{base}/"
