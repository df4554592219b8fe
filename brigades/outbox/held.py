"""Letters of mailings that are paused, which are held back, and of those that were stopped."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, or_, select

from brigades.db import session
from brigades.outbox import above
from brigades.outbox.models import Letter


def going() -> ColumnElement[bool]:
    """The condition that nobody holds a letter back.

    Of a mailing that was stopped a letter may have come back from a try: writing it drops it.
    """
    mailing = above.mailing()
    paused = select(mailing.c.id).where(mailing.c.stage == "paused")
    return or_(Letter.mailing_id.is_(None), Letter.mailing_id.not_in(paused))


def stopped(ids: Iterable[int]) -> set[int]:
    """Of these letters those of a mailing that was stopped; one statement.

    Whoever stops or pauses one of their mailings waits until our transaction has ended.
    """
    mailing = above.mailing()
    query = (
        select(Letter.id, mailing.c.stage)
        .join(mailing, mailing.c.id == Letter.mailing_id)
        .where(Letter.id.in_(list(ids)))
        .with_for_update(read=True, of=mailing)
    )
    return {id for id, stage in session.execute(query) if stage == "stopped"}
