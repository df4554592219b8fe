"""Letters: a mail to one person, made once, kept until delivered."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from brigades.db import Model
from brigades.outbox.kinds import How, Kind


class Fate(StrEnum):
    """What became of a letter. DROPPED: what it would have told no longer held.

    GATHERED: its reader wants such letters once a day; the daily mail tells it.
    """

    WAITING = "waiting"
    GATHERED = "gathered"
    SENT = "sent"
    DROPPED = "dropped"
    FAILED = "failed"


_NAMED = text("mailing_id IS NOT NULL AND to_address <> ''")


class Letter(Model):
    """A letter's name and the ids it is about; it is written when it is sent.

    ``key`` makes it unique: the same duty, lead and start never post it twice.
    """

    __tablename__ = "letter"
    __table_args__ = (
        Index("ix_letter_due", "fate", "rank", "due_at"),
        Index("ix_letter_section", "section_id", "posted_at"),
        Index("ix_letter_posted", "posted_at", "id"),
        Index("ix_letter_fate_posted", "fate", "posted_at", "id"),
        # Those of mailings that still name somebody; the others stay for good.
        Index("ix_letter_named", "due_at", sqlite_where=_NAMED, postgresql_where=_NAMED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]  # folder under templates/letters/
    about: Mapped[dict[str, Any]] = mapped_column(default=dict)
    to_address: Mapped[str]
    to_name: Mapped[str] = mapped_column(default="")
    locale: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    section_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"))
    fate: Mapped[Fate] = mapped_column(default=Fate.WAITING)
    rank: Mapped[int] = mapped_column(default=1)  # the lower goes first
    posted_at: Mapped[datetime]
    due_at: Mapped[datetime]
    needed_by: Mapped[datetime | None]  # a deadline or start that it must not come too late for
    # The daily mail that tells it, where its reader wants such letters once a day.
    told_in_id: Mapped[int | None] = mapped_column(ForeignKey("letter.id"), index=True)
    mailing_id: Mapped[int | None] = mapped_column(ForeignKey("mailing.id"), index=True)
    pushed_at: Mapped[datetime | None]  # when a push service took it
    leased_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    # Not sent as far as is known, but handed over once without anybody saying what became of it.
    may_have_arrived: Mapped[bool] = mapped_column(default=False)
    message_id: Mapped[str | None]
    subject: Mapped[str] = mapped_column(default="")  # as it was sent, for the letters page
    error: Mapped[str] = mapped_column(default="")  # the server's words, or why it was dropped


class Mailbox(Model):
    """What mail servers say of an address that refused a letter for good; lowered addresses.

    From the second refusal in a row on it bounces; a letter that is taken clears it.
    """

    __tablename__ = "mailbox"

    address: Mapped[str] = mapped_column(primary_key=True)
    refusals: Mapped[int] = mapped_column(default=0)
    bouncing_since: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(default="")  # the server's, at the last refusal
    changed_at: Mapped[datetime]


class MailWish(Model):
    """How a person wants a kind of letter; without a row, at once."""

    __tablename__ = "mail_wish"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[Kind] = mapped_column(primary_key=True)
    how: Mapped[How]


class Pass(Model):
    """When a worker's pass last ended well; what /readyz and ``check`` look at."""

    __tablename__ = "worker_pass"

    name: Mapped[str] = mapped_column(primary_key=True)
    ended_at: Mapped[datetime]
