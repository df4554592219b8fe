"""Applications: somebody asking to join, what they typed, who decided, when and why."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from brigades.db import Model
from brigades.people.models import Person, plain
from brigades.sections.models import Section


class Stage(StrEnum):
    """State of an application. SENT waits for its address to be confirmed."""

    SENT = "sent"
    CONFIRMED = "confirmed"
    IN_REVIEW = "in review"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


def _search(context: Any) -> str:
    given = context.get_current_parameters()
    return plain(" ".join(given.get(name) or "" for name in ("given_name", "family_name", "email")))


OPEN_STAGES = (Stage.SENT, Stage.CONFIRMED, Stage.IN_REVIEW)
WAITING_STAGES = (Stage.CONFIRMED, Stage.IN_REVIEW)
_OPEN = text("stage IN ('sent', 'confirmed', 'in review')")


class Application(Model):
    """Somebody asking to join a section. One mailbox has at most one open application."""

    __tablename__ = "application"
    __table_args__ = (
        Index(
            "uq_application_open",
            "email_key",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_application_section_stage", "section_id", "stage", "sent_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"))
    given_name: Mapped[str] = mapped_column(default="")
    family_name: Mapped[str] = mapped_column(default="")
    email: Mapped[str]
    email_key: Mapped[str] = mapped_column(index=True)
    phone: Mapped[str | None]
    country: Mapped[str]
    locale: Mapped[str] = mapped_column(default="en")
    # [{"skill": "construction", "trade": "carpentry", "years": 4}, …]
    skills: Mapped[list[Any]] = mapped_column(default=list)
    # [{"language": "ar", "level": "C1"}, …]
    languages: Mapped[list[Any]] = mapped_column(default=list)
    available_from: Mapped[date | None]
    available_until: Mapped[date | None]
    availability_note: Mapped[str] = mapped_column(default="")
    why: Mapped[str] = mapped_column(default="")
    consent_version: Mapped[str]
    consented_at: Mapped[datetime]
    stage: Mapped[Stage] = mapped_column(default=Stage.SENT)
    sent_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(default="")  # told to the applicant
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    # Names and address without marks and case: what searching compares.
    search: Mapped[str] = mapped_column(default=_search)

    section: Mapped[Section] = relationship(lazy="raise")
    decider: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[decided_by])

    @property
    def name(self) -> str:
        """Both names, or the one that there is; a number once what was typed was taken away."""
        return f"{self.given_name} {self.family_name}".strip() or f"№ {self.id}"

    @property
    def emptied(self) -> bool:
        """Whether what was typed was taken away; only how it ended is kept."""
        return "@" not in self.email

    @property
    def initials(self) -> str:
        """One or two letters for the round mark beside a name."""
        return "".join(part[0] for part in (self.given_name, self.family_name) if part).upper()

    @property
    def waits_since(self) -> datetime:
        """From when on somebody has waited for an answer."""
        return self.confirmed_at or self.sent_at
