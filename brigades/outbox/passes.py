"""When the worker's passes last ended well, and whether the worker has fallen silent."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from brigades.clock import MINUTE
from brigades.db import insert_once, session
from brigades.outbox.models import Pass

LAPSE, FORGET, REMIND, DELIVER = "lapse offers", "forget unconfirmed", "remind", "deliver"
ZONES = "keep up with zone rules"
CATCH_UP = "offer places that stayed free"
COVER = "ask for cover"
GRANT = "grant what was earned"
# No passes but moments of theirs: when a server last took a letter, and the first try since that
# none took. See standstill/noticing.py.
MAIL_TAKEN, MAIL_STILL = "mail taken", "mail stands still"
GATHER = "gather for daily mail"
STOOD_STILL = "tell what stood still"  # not one that can fall silent: it is read off the others
NAMES = (ZONES, LAPSE, CATCH_UP, COVER, FORGET, REMIND, GATHER, DELIVER, GRANT)
SILENCE = 15 * MINUTE


def record(name: str, at: datetime) -> None:
    """Keep that a pass ended well; several workers may do so at the same moment."""
    moved = update(Pass).where(Pass.name == name).values(ended_at=at).returning(Pass.name)
    if not session.execute(moved).all() and not insert_once(Pass, [{"name": name, "ended_at": at}]):
        session.execute(moved)


def claim(name: str, at: datetime, lease: timedelta) -> bool:
    """Take work that only one worker is to do; False where one took it within the lease."""
    if insert_once(Pass, [{"name": name, "ended_at": at}]):
        return True
    taken = update(Pass).where(Pass.name == name, Pass.ended_at <= at - lease)
    return len(session.execute(taken.values(ended_at=at).returning(Pass.name)).all()) == 1


def ended_at(name: str) -> datetime | None:
    """When a pass last ended; None before its first time."""
    return session.scalar(select(Pass.ended_at).where(Pass.name == name))


def last() -> dict[str, datetime]:
    """When each pass that ever ended last did so."""
    query = select(Pass.name, Pass.ended_at).where(Pass.name.in_(NAMES))
    return dict(session.execute(query).tuples().all())


def silent(ended: dict[str, datetime], now: datetime) -> bool:
    """Whether a pass has not ended for too long; before a worker's first there is no silence."""
    return any(now - at > SILENCE for at in ended.values())
