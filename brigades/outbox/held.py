"""Letters that are held back: those of a mailing that is paused."""

from sqlalchemy import ColumnElement, or_, select

from brigades.outbox import above
from brigades.outbox.models import Letter


def going() -> ColumnElement[bool]:
    """The condition that nobody holds a letter back.

    Of a mailing that was stopped a letter may have come back from a try: writing it drops it.
    """
    mailing = above.mailing()
    paused = select(mailing.c.id).where(mailing.c.stage == "paused")
    return or_(Letter.mailing_id.is_(None), Letter.mailing_id.not_in(paused))
