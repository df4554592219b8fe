"""Shifts: slots in which people work."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from brigades.people.models import Person
from brigades.schedule.models import Slot


class Shift(Slot):
    """A shift, and who leads it."""

    __tablename__ = "shift"

    id: Mapped[int] = mapped_column(ForeignKey("slot.id", ondelete="CASCADE"), primary_key=True)
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)

    lead: Mapped[Person | None] = relationship(lazy="raise")

    __mapper_args__ = {"polymorphic_identity": "shift"}

    @property
    def leader_id(self) -> int | None:
        """Whoever leads on the day."""
        return self.lead_id
