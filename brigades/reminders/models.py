"""Which reminders go out for a section's, a course's or a slot's starts, and which have."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from brigades.db import Model
from brigades.reminders.rules import Audience

__all__ = ["Audience", "ReminderPlan", "ReminderRule", "Told"]


class ReminderPlan(Model):
    """The reminders of one slot, of one course's sessions, or of a section and all below it.

    The nearest plan holds, whole: the slot's own, else the course's, else the nearest section's,
    else the defaults. One without rules reminds nobody.
    """

    __tablename__ = "reminder_plan"
    __table_args__ = (
        Index(
            "uq_reminder_plan_section",
            "section_id",
            unique=True,
            sqlite_where=text("course_id IS NULL AND slot_id IS NULL"),
            postgresql_where=text("course_id IS NULL AND slot_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"))
    course_id: Mapped[int | None] = mapped_column(
        ForeignKey("course.id", ondelete="CASCADE"), unique=True
    )
    slot_id: Mapped[int | None] = mapped_column(
        ForeignKey("slot.id", ondelete="CASCADE"), unique=True
    )
    # When it was last changed: a reminder whose moment had passed by then is not made up for.
    since: Mapped[datetime]

    rules: Mapped[list["ReminderRule"]] = relationship(
        lazy="raise", order_by="ReminderRule.hours.desc()", cascade="all, delete-orphan"
    )


class ReminderRule(Model):
    """One reminder of a plan: to whom, how many hours before the start."""

    __tablename__ = "reminder_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(
        ForeignKey("reminder_plan.id", ondelete="CASCADE"), index=True
    )
    to: Mapped[Audience]
    hours: Mapped[int]
    only_unfilled: Mapped[bool] = mapped_column(default=False)  # while a need is below its least


class Told(Model):
    """Something that was looked at and told, so that it is not looked at again."""

    __tablename__ = "told"

    key: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
