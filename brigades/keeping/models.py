"""What was said with people who left, before they are erased."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from brigades.db import Model
from brigades.keeping.rules import Ground


class Farewell(Model):
    """Of somebody who left: which day they were told, and until when they are kept on, and why."""

    __tablename__ = "farewell"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    told_at: Mapped[datetime | None]
    told_for: Mapped[date | None]
    kept_until: Mapped[date | None]  # the last day
    ground: Mapped[Ground | None]
    words: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: they themselves
