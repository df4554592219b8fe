"""The tree of national sections, and who is appointed where."""

from datetime import date, datetime

from sqlalchemy import BindParameter, ColumnElement, ForeignKey, Index, and_, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from brigades.access import Role
from brigades.db import Model


class Section(Model):
    """A national or local branch; one without a parent is the international body."""

    __tablename__ = "section"

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"), index=True)
    # Ids from the top down to this one, "/1/7/": all below a section share its path as a prefix.
    path: Mapped[str] = mapped_column(default="", index=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    country: Mapped[str | None]  # ISO 3166 alpha-2; the international body has none
    zone: Mapped[str]  # IANA name
    locale: Mapped[str] = mapped_column(default="en")
    contact: Mapped[str | None]  # address that people may write to
    about: Mapped[str] = mapped_column(default="")
    recruits: Mapped[bool] = mapped_column(default=True)
    looks_for: Mapped[list[str]] = mapped_column(default=list)  # people.skills.Skill values
    created_at: Mapped[datetime]

    parent: Mapped["Section | None"] = relationship(remote_side=[id], lazy="raise")


class Appointment(Model):
    """A role of a person in a section and all below it, from a day until a day (inclusive)."""

    __tablename__ = "appointment"
    __table_args__ = (Index("ix_appointment_person_until", "person_id", "until"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Role]
    # Stands in: hears of what the others have left undone for some days, and of nothing before.
    deputy: Mapped[bool] = mapped_column(default=False)
    since: Mapped[date]
    until: Mapped[date | None]

    section: Mapped[Section] = relationship(lazy="raise")

    @classmethod
    def holds_on(cls, day: date | BindParameter[date]) -> ColumnElement[bool]:
        """The condition that somebody has the role on a day."""
        return and_(cls.since <= day, or_(cls.until.is_(None), cls.until >= day))
