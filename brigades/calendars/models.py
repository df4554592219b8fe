"""Feeds of a section's slots, each by a secret of whoever answers for it."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from brigades.db import Model


class SectionFeed(Model):
    """One person's address of one section's calendar; it opens while they may run its shifts."""

    __tablename__ = "section_feed"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
