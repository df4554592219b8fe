"""Mailings: what a coordinator writes to many people, each of whom gets one letter."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from brigades.db import Model
from brigades.outbox.kinds import Kind
from brigades.people.models import Person
from brigades.schedule.models import Slot
from brigades.sections.models import Section


class Stage(StrEnum):
    """Where a mailing stands. PAUSED: letters that have not left yet wait."""

    DRAFT = "draft"
    SENDING = "sending"
    PAUSED = "paused"
    STOPPED = "stopped"


class Mailing(Model):
    """A mailing, in one language or several. Once sent, its letters say whom it went to.

    ``texts``: {"en": {"subject": …, "body": …}, …}, the main language first. ``chosen``: the
    filters, by name; once sent also ``reach``, the ids of the sections whose people get it.
    ``kind``: NEWS, or PLACE where it is about a slot that its readers are in.
    """

    __tablename__ = "mailing"
    __table_args__ = (Index("ix_mailing_section", "section_id", "made_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("slot.id", ondelete="SET NULL"))
    kind: Mapped[Kind] = mapped_column(default=Kind.NEWS)
    chosen: Mapped[dict[str, Any]] = mapped_column(default=dict)
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    search: Mapped[str] = mapped_column(default="")  # subjects without marks and case
    stage: Mapped[Stage] = mapped_column(default=Stage.DRAFT)
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]  # when it was let go

    section: Mapped[Section] = relationship(lazy="raise")
    by: Mapped[Person] = relationship(lazy="raise")
    slot: Mapped[Slot | None] = relationship(lazy="raise")

    @property
    def subject(self) -> str:
        """The subject in the main language, as typed; empty while there is none."""
        return next((said["subject"] for said in self.texts.values() if said.get("subject")), "")
