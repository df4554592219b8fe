"""Whether mail stands still: letters are tried, and no server takes one."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select

from brigades.db import insert_once, session
from brigades.outbox import passes
from brigades.outbox.models import Fate, Pass
from brigades.outbox.outcomes import Blame, Outcome


def note(tried: Iterable[Outcome], at: datetime) -> None:
    """Keep what the tries of a batch say: one letter taken means that mail moves."""
    tried = list(tried)
    if any(outcome.fate is Fate.SENT for outcome in tried):
        passes.record(passes.MAIL_TAKEN, at)
        session.execute(delete(Pass).where(Pass.name == passes.MAIL_STILL))
    elif _none_taken(tried):
        # Kept at the first only: later ones find it there.
        insert_once(Pass, [{"name": passes.MAIL_STILL, "ended_at": at}])


def _none_taken(tried: list[Outcome]) -> bool:
    """Whether the server is at fault; one address that is put off for now may be full."""
    later = {
        outcome.address
        for outcome in tried
        if outcome.blame is Blame.ADDRESS and outcome.fate is Fate.WAITING
    }
    return len(later) > 1 or any(outcome.blame is Blame.SERVER for outcome in tried)


def still_since(now: datetime) -> datetime | None:
    """Since when mail stands still: the first try that failed with no letter taken since.

    None where all is well: the last try worked, or nothing had to be tried. That a server refuses
    an address for good, or puts off a single one, is no standstill. That no worker runs at all
    says ``passes.silent``.
    """
    query = select(Pass.ended_at).where(Pass.name == passes.MAIL_STILL, Pass.ended_at <= now)
    return session.scalar(query)
