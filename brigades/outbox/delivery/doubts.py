"""Letters that may have arrived: a worker or a mail server never said what became of them.

Nobody can know then, so nobody says that they were not sent. Once somebody says that one was, it
was, whatever its row says by then.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import case, or_, select, update

from brigades.db import session
from brigades.outbox import mailboxes
from brigades.outbox.models import Fate, Letter
from brigades.outbox.outcomes import Outcome
from brigades.outbox.reasons import IN_HAND, MAILING_STOPPED


def of_dead_workers(ids: list[int]) -> None:
    """Keep that these may have arrived, and all that they were to tell: their worker died."""
    _may_have_arrived(ids, ids)


def unanswered(outcomes: Iterable[Outcome]) -> None:
    """The same of what was handed over whole, and no server said that it took it."""
    open_ = [one for one in outcomes if one.unanswered]
    told = [each.id for one in open_ for each in one.told if each.fate is Fate.SENT]
    _may_have_arrived([one.id for one in open_] + told, [])


def _may_have_arrived(ids: list[int], told_in: list[int]) -> None:
    if not ids:
        return
    theirs = or_(Letter.id.in_(ids), Letter.told_in_id.in_(told_in)) if told_in else None
    session.execute(
        update(Letter)
        .where(Letter.id.in_(ids) if theirs is None else theirs, Letter.fate != Fate.SENT)
        # Whose mailing was stopped meanwhile: nobody takes it back any more.
        .values(
            may_have_arrived=True,
            error=case((Letter.error == IN_HAND, MAILING_STOPPED), else_=Letter.error),
        )
        .execution_options(synchronize_session=False)
    )


def sent_all_the_same(outcomes: Iterable[Outcome], now: datetime) -> int:
    """Keep of letters that were sent under a lease that is gone that they were; how many.

    Not of one that another worker has in hand: that one says what became of it. Nor of one that
    goes to another address since then, which it was not sent to.
    """
    sent = {one.id: one for one in outcomes if one.fate is Fate.SENT}
    query = (
        select(Letter.id, Letter.to_address)
        .where(
            Letter.id.in_(sent),
            Letter.fate != Fate.SENT,
            or_(Letter.leased_until.is_(None), Letter.leased_until <= now),
        )
        .order_by(Letter.id)
        .with_for_update()
    )
    late = [
        sent[id]
        for id, address in session.execute(query)
        if mailboxes.key(address) == sent[id].address
    ]
    _keep_sent({one.id: one.subject for one in late}, now)
    for daily in late:
        told = {each.id: each.subject for each in daily.told if each.fate is Fate.SENT}
        _keep_sent(told, now, told_in_id=daily.id)
    session.execute(  # what such a mail did not tell waits for another day's
        update(Letter)
        .where(Letter.told_in_id.in_([one.id for one in late]), Letter.fate == Fate.GATHERED)
        .values(told_in_id=None)
        .execution_options(synchronize_session=False)
    )
    return len(late)


def _keep_sent(subjects: dict[int, str], now: datetime, told_in_id: int | None = None) -> None:
    for id, subject in sorted(subjects.items()):
        session.execute(
            update(Letter)
            .where(Letter.id == id, Letter.fate != Fate.SENT)
            .values(
                fate=Fate.SENT,
                sent_at=now,
                subject=subject,
                error="",
                leased_until=None,
                told_in_id=told_in_id,
            )
            .execution_options(synchronize_session=False)
        )
