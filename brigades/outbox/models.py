"""Letters: a mail to one person, made once, kept until delivered."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from brigades.db import Model


class Fate(StrEnum):
    """What became of a letter. DROPPED: what it would have told no longer held."""

    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"
    FAILED = "failed"


class Letter(Model):
    """A letter's name and the ids it is about; it is written when it is sent.

    ``key`` makes it unique: the same duty, lead and start never post it twice.
    """

    __tablename__ = "letter"
    __table_args__ = (
        Index("ix_letter_due", "fate", "due_at"),
        Index("ix_letter_section", "section_id", "posted_at"),
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
    posted_at: Mapped[datetime]
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    message_id: Mapped[str | None]
    subject: Mapped[str] = mapped_column(default="")  # as it was sent, for the letters page
    error: Mapped[str] = mapped_column(default="")  # the server's words, or why it was dropped


class Pass(Model):
    """When a worker's pass last ended well; what /readyz and ``check`` look at."""

    __tablename__ = "worker_pass"

    name: Mapped[str] = mapped_column(primary_key=True)
    ended_at: Mapped[datetime]
