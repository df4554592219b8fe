"""Sending failed letters again: one, or all that fit what a list was asked for."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)

from brigades.access import Scope
from brigades.audit.models import Entry
from brigades.db import session
from brigades.outbox.letters_page.listing import Ask, fitting, visible
from brigades.outbox.models import Fate, Letter, Mailbox


def again(scope: Scope, letter_id: int, *, by: int, now: datetime) -> bool:
    """Send a failed letter once more; whether there was anything to do."""
    return _resend(and_(Letter.id == letter_id, visible(scope)), by, now) == 1


def all_again(scope: Scope, ask: Ask, *, by: int, now: datetime) -> int:
    """Send every failed letter once more that fits what was asked for; how many there were."""
    if ask.fate not in ("", Fate.FAILED.value):
        return 0
    return _resend(fitting(scope, ask), by, now)


def _resend(which: ColumnElement[bool], by: int, now: datetime) -> int:
    """Give failed letters all their tries back, each with an entry in the trail.

    Who sends again by hand says that the address is well by now, so no mark of it stands in the
    way.
    """
    failed = and_(which, Letter.fate == Fate.FAILED, Letter.to_address != "")
    entry: dict[str, Any] = {
        "what": literal("letter"),
        "by_id": literal(by),
        "at": literal(now, Entry.__table__.c.at.type),
        "was": literal(Fate.FAILED.value),
        "became": literal(Fate.WAITING.value),
        "why": Letter.error,
        "person_id": Letter.person_id,
        "section_id": Letter.section_id,
    }
    # Locked, so that of several who press at once one sends again; in one order for all of them.
    told: Select[Any] = (
        select(*entry.values())
        .where(failed)
        .order_by(Letter.id)
        .with_for_update(of=Letter.__table__)
    )
    session.execute(insert(Entry).from_select(list(entry), told))
    session.execute(
        delete(Mailbox)
        .where(Mailbox.address.in_(select(func.lower(Letter.to_address)).where(failed)))
        .execution_options(synchronize_session=False)
    )
    sent = session.execute(
        update(Letter)
        .where(failed)
        .values(fate=Fate.WAITING, tries=0, due_at=now, leased_until=None, told_in_id=None)
        .returning(Letter.id)
        .execution_options(synchronize_session=False)
    )
    return len(sent.all())
