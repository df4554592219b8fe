"""Certificates, licences and checks: their kinds, and who holds which until when."""

from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from brigades.db import Model
from brigades.people.models import Person


class Kind(Model):
    """A kind of qualification, and how long one holds.

    ``months``: to the day, clamped to the month's end. ``year_end``: to 31 December of the start
    year plus n (0 is the same year). Neither: without end.
    """

    __tablename__ = "kind"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    months: Mapped[int | None]
    year_end: Mapped[int | None]
    safeguarding: Mapped[bool] = mapped_column(default=False)  # allows work with children
    # How many months past the end of a slot it must still be valid; six for a passport.
    months_past_end: Mapped[int] = mapped_column(default=0)
    # Something for the journey (passport, visa, insurance): it is put in order on the way, so that
    # missing it only warns until 30 days before the start.
    travel: Mapped[bool] = mapped_column(default=False)


class KindIncludes(Model):
    """Who holds ``kind`` also counts as holding ``includes`` (a paramedic is a first-aider)."""

    __tablename__ = "kind_includes"

    kind_id: Mapped[int] = mapped_column(ForeignKey("kind.id"), primary_key=True)
    includes_id: Mapped[int] = mapped_column(ForeignKey("kind.id"), primary_key=True)


class Qualification(Model):
    """A qualification of a kind that a person holds; ``valid_until`` is its last valid day."""

    __tablename__ = "qualification"
    __table_args__ = (Index("ix_qualification_person_kind", "person_id", "kind_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind_id: Mapped[int] = mapped_column(ForeignKey("kind.id"), index=True)
    number: Mapped[str] = mapped_column(default="")
    authority: Mapped[str] = mapped_column(default="")
    issued_on: Mapped[date]
    valid_until: Mapped[date | None] = mapped_column(index=True)
    verified_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    verified_on: Mapped[date | None]
    # The training place that earned it: attending twice grants once, untick takes it back.
    participation_id: Mapped[int | None] = mapped_column(
        ForeignKey("participation.id"), unique=True
    )

    kind: Mapped[Kind] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    verifier: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[verified_by])
