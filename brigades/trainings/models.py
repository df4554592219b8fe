"""Courses, and the sessions in which they are taught."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from brigades.db import Model
from brigades.people.models import Person
from brigades.qualifications.models import Kind
from brigades.schedule.models import Slot


class Course(Model):
    """What is taught: what attending it grants, and to whom it belongs."""

    __tablename__ = "course"

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"), index=True)
    title: Mapped[str]
    about: Mapped[str] = mapped_column(default="")
    grants_id: Mapped[int | None] = mapped_column(ForeignKey("kind.id"))
    requires_id: Mapped[int | None] = mapped_column(ForeignKey("kind.id"))
    archived: Mapped[bool] = mapped_column(default=False)

    grants: Mapped[Kind | None] = relationship(lazy="raise", foreign_keys=[grants_id])
    requires: Mapped[Kind | None] = relationship(lazy="raise", foreign_keys=[requires_id])


class Session(Slot):
    """A training session: a slot in which a course is taught; it has exactly one need."""

    __tablename__ = "session"

    id: Mapped[int] = mapped_column(ForeignKey("slot.id", ondelete="CASCADE"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    trainer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)

    course: Mapped[Course] = relationship(lazy="raise")
    trainer: Mapped[Person | None] = relationship(lazy="raise")

    __mapper_args__ = {"polymorphic_identity": "session"}

    @property
    def leader_id(self) -> int | None:
        """Whoever leads on the day."""
        return self.trainer_id
