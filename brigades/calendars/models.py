"""Feeds of a section's slots, each by a secret of whoever answers for it; files brought in."""

from datetime import datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Time
from sqlalchemy.orm import Mapped, mapped_column, relationship

from brigades.db import Model
from brigades.sections.models import Section
from brigades.trainings.models import Course


class SectionFeed(Model):
    """One person's address of one section's calendar; it opens while they may run its shifts."""

    __tablename__ = "section_feed"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]


class Becomes(StrEnum):
    """What the events of a file become."""

    SHIFT = "shift"
    SESSION = "session"


class CalendarFile(Model):
    """A calendar file that somebody is bringing in: what was read of it, until that is done.

    ``found``: as `importing.kept` writes it, empty once it is ``made``, how many slots of it.
    ``course_id``: of which course the sessions are. From when until when whole days go is asked.
    """

    __tablename__ = "calendar_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"))
    becomes: Mapped[Becomes]
    name: Mapped[str] = mapped_column(default="")
    found: Mapped[dict[str, Any]]
    day_from: Mapped[time | None] = mapped_column(Time())
    day_until: Mapped[time | None] = mapped_column(Time())
    made: Mapped[int | None]
    brought_at: Mapped[datetime] = mapped_column(index=True)

    section: Mapped[Section] = relationship(lazy="raise")
    course: Mapped[Course | None] = relationship(lazy="raise")
