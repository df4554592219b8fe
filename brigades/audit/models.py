"""The trail: who changed what, when and why."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from brigades.db import Model

if TYPE_CHECKING:
    from brigades.people.models import Person


class Entry(Model):
    """One change of state. It stands on each page that it concerns: person, slot, application."""

    __tablename__ = "trail"
    __table_args__ = (
        Index("ix_trail_person", "person_id", "id"),
        Index("ix_trail_slot", "slot_id", "id"),
        Index("ix_trail_application", "application_id", "id"),
        Index("ix_trail_section", "section_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: the system itself
    what: Mapped[str]  # such as "participation" or "application"
    was: Mapped[str] = mapped_column(default="")
    became: Mapped[str] = mapped_column(default="")
    why: Mapped[str] = mapped_column(default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("slot.id", ondelete="CASCADE"))
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id"))
    section_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"))

    by: Mapped["Person | None"] = relationship("Person", foreign_keys=[by_id], lazy="raise")
    person: Mapped["Person | None"] = relationship("Person", foreign_keys=[person_id], lazy="raise")
