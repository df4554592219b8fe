"""How somebody wants each kind of letter: reading it, and keeping another wish. None commits."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from sqlalchemy import ColumnElement, delete, select, update

from brigades.audit import service as audit
from brigades.db import insert_once, session
from brigades.outbox import above
from brigades.outbox.kinds import DAILY_MAIL, MUST, How, Kind
from brigades.outbox.models import Fate, Letter, MailWish

# What can be wished for otherwise, in the order in which a page says it.
FREE = tuple(kind for kind in Kind if kind not in MUST)
# Letters that tell several things at once: gathering them into another would only delay them.
TOGETHER = frozenset({"digest", DAILY_MAIL})
CHANGED = "mail wish"  # in the trail


class Reader(Protocol):
    """Whom letters go to."""

    id: int
    section_id: int


def of(person_id: int) -> dict[Kind, How]:
    """How a person wants each kind that can be wished for; without a wish at once."""
    rows = session.execute(select(MailWish.kind, MailWish.how).where(*_of(person_id)))
    return dict.fromkeys(FREE, How.AT_ONCE) | dict(rows.tuples().all())


def wish(
    reader: Reader, wanted: Mapping[Kind, How], *, by: int | None, now: datetime
) -> dict[Kind, How]:
    """Keep how a person wants these kinds; returns those that changed, as they were before.

    What waits for the daily mail is judged anew. Raises ValueError for a kind that always comes.
    """
    if always := MUST & wanted.keys():
        raise ValueError(f"always sent: {', '.join(sorted(always))}")
    # Locked, so that what is pressed twice at once is one change.
    person = above.person()
    session.execute(select(person.c.id).where(person.c.id == reader.id).with_for_update())
    before = of(reader.id)
    changed = {kind: how for kind, how in wanted.items() if before[kind] is not how}
    if not changed:
        return {}
    session.execute(delete(MailWish).where(*_of(reader.id), MailWish.kind.in_(list(changed))))
    insert_once(
        MailWish,
        [
            {"person_id": reader.id, "kind": kind, "how": how}
            for kind, how in changed.items()
            if how is not How.AT_ONCE
        ],
    )
    for kind, how in changed.items():
        was, became = before[kind], how
        audit.record_of(
            reader, CHANGED, by=by, at=now, was=f"{kind}, {was}", became=f"{kind}, {became}"
        )
    session.execute(
        update(Letter)
        .where(
            Letter.person_id == reader.id,
            Letter.fate == Fate.GATHERED,
            Letter.told_in_id.is_(None),
        )
        .values(fate=Fate.WAITING, due_at=now)
        .execution_options(synchronize_session=False)
    )
    session.flush()
    return {kind: before[kind] for kind in changed}


def forget(person_id: int) -> None:
    """Take a person's wishes away."""
    session.execute(delete(MailWish).where(MailWish.person_id == person_id))


def _of(person_id: int) -> tuple[ColumnElement[bool], ...]:
    return (MailWish.person_id == person_id, MailWish.kind.in_(FREE))
