"""When a letter is worth a push message, how long that holds, and when the mail follows. Pure."""

from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from brigades.clock import DAY, HOUR, MINUTE

# Whoever has not answered by then gets the mail as well.
MAIL_AFTER = 30 * MINUTE
# The mail of something with a deadline is there at least so long before it.
MAIL_BEFORE = 2 * HOUR
# What changes later than this before a start is a last-minute change.
LAST_MINUTE = 48 * HOUR
LONGEST_KEPT = 2 * DAY
# A device is given up after so many refusals in a row, where it took nothing for so long: a service
# that is out of order or asks for patience (429, 5xx), or our own line, costs nobody a device.
MOST_REFUSALS = 10
GIVEN_UP_AFTER = 7 * DAY
MOST_DEVICES = 10
# How long a service may keep us waiting: for one message, and all of a batch.
ONE_MESSAGE = 10.0  # seconds
ONE_BATCH = 20.0


class Answer(StrEnum):
    """What a push service said to one message."""

    TAKEN = "taken"
    GONE = "gone"  # the browser has unsubscribed, or was reset
    REFUSED = "refused"  # whatever else, or no answer at all


def answer_of(status: int) -> Answer:
    """What a status code of a push service means (RFC 8030)."""
    if 200 <= status < 300:
        return Answer.TAKEN
    return Answer.GONE if status in (404, 410) else Answer.REFUSED


def is_last_minute(now: datetime, *moments: datetime | None) -> bool:
    """Whether one of these instants is near: told by mail alone, it might be read too late."""
    return any(moment is not None and now <= moment <= now + LAST_MINUTE for moment in moments)


def mail_follows_at(pushed_at: datetime, needed_by: datetime | None) -> datetime:
    """When the mail goes to somebody whose device took the question; may be past already."""
    later = pushed_at + MAIL_AFTER
    return later if needed_by is None else min(later, needed_by - MAIL_BEFORE)


def kept_for(now: datetime, needed_by: datetime | None) -> timedelta:
    """How long a push service keeps a message for a device that is off."""
    left = LONGEST_KEPT if needed_by is None else needed_by - now
    return min(max(left, MINUTE), LONGEST_KEPT)


def topic_of(key: str) -> str:
    """What makes a second try replace the first one: 32 letters, as RFC 8030 allows at most."""
    return urlsafe_b64encode(sha256(key.encode()).digest()[:24]).decode()


def device_words(agent: str) -> str:
    """What a browser calls itself, such as "Firefox, Android"; empty where it is none we know."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return ", ".join(part for part in (browser, system) if part)


# The more special comes first: nearly all name Chrome and Safari as well.
_BROWSERS = (
    ("SamsungBrowser/", "Samsung Internet"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
