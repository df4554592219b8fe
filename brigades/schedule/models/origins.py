"""Where slots came from, that were not planned here."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from brigades.db import Model


class Origin(Model):
    """The event of a calendar file that a slot was made of.

    ``event`` and ``time`` name it in its section, so that it is not made twice; ``file`` is the
    number of the file, which itself is kept for a day only.
    """

    __tablename__ = "slot_origin"
    __table_args__ = (UniqueConstraint("section_id", "event", "time"),)

    slot_id: Mapped[int] = mapped_column(
        ForeignKey("slot.id", ondelete="CASCADE"), primary_key=True
    )
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"))
    event: Mapped[str]
    time: Mapped[str]
    file: Mapped[int] = mapped_column(index=True)
