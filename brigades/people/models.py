"""Persons, their membership in sections, what they can do and which languages they speak."""

import hashlib
import unicodedata
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, ForeignKey, Index, Text, UniqueConstraint, func, text
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from brigades.db import Model
from brigades.outbox.models import Mailbox
from brigades.people.levels import Level
from brigades.people.skills import Skill
from brigades.sections.models import Section


class Standing(StrEnum):
    """State of a membership; only ACTIVE people take shifts and trainings."""

    ACTIVE = "active"
    ON_LEAVE = "on leave"
    LEFT = "left"
    ARCHIVED = "archived"


STILL_HERE = (Standing.ACTIVE, Standing.ON_LEAVE)  # who keeps the places they have


class Person(Model):
    """A human being known to the organisation, with or without a sign-in."""

    __tablename__ = "person"
    __table_args__ = (
        Index("ix_person_section_sort", "section_id", "sort_name", "id"),
        Index("ix_person_created", "created_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    given_name: Mapped[str] = mapped_column(default="")
    family_name: Mapped[str] = mapped_column(default="")
    email: Mapped[str | None]  # as typed
    email_key: Mapped[str | None] = mapped_column(unique=True)  # lowered: one mailbox, one person
    phone: Mapped[str | None]  # E.164
    country: Mapped[str | None]
    locale: Mapped[str] = mapped_column(default="en")
    zone: Mapped[str | None]  # where they live, if not in their section's zone; IANA name
    # Section and standing of the current membership; people.service moves both with it.
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"))
    standing: Mapped[Standing] = mapped_column(default=Standing.ACTIVE)
    available_from: Mapped[date | None]
    available_until: Mapped[date | None]
    weekdays: Mapped[str] = mapped_column(default="")  # ISO numbers such as "67"; "" is any day
    availability_note: Mapped[str] = mapped_column(default="")
    born: Mapped[date | None]  # known only where an age matters
    # A parent or guardian agreed to a minor's taking part: who, on which day, and who recorded it.
    guardian: Mapped[str] = mapped_column(default="")
    guardian_consent_on: Mapped[date | None]
    guardian_consent_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    calendar_secret: Mapped[str | None] = mapped_column(unique=True)
    sort_name: Mapped[str] = mapped_column(default="", index=True)
    search: Mapped[str] = mapped_column(default="")  # names and address without marks and case
    erased_on: Mapped[date | None]  # since when there is only a number where the name stood
    created_at: Mapped[datetime]

    section: Mapped[Section] = relationship(lazy="raise")
    # What mail servers say of the address; see ``bouncing`` in outbox.
    mailbox: Mapped[Mailbox | None] = relationship(
        primaryjoin="foreign(Person.email_key) == Mailbox.address", viewonly=True, lazy="raise"
    )
    skills: Mapped[list["PersonSkill"]] = relationship(
        lazy="raise",
        order_by="PersonSkill.id",
        cascade="all, delete-orphan",
        foreign_keys="PersonSkill.person_id",
    )
    languages: Mapped[list["PersonLanguage"]] = relationship(
        lazy="raise", order_by="PersonLanguage.id", cascade="all, delete-orphan"
    )

    @hybrid_property
    def name(self) -> str:
        """Both names, or the one that there is; in statements too."""
        return f"{self.given_name} {self.family_name}".strip()

    @name.inplace.expression
    @classmethod
    def _name_in_sql(cls) -> ColumnElement[str]:
        return func.trim(cls.given_name + " " + cls.family_name, type_=Text)

    @property
    def initials(self) -> str:
        """One or two letters for the round mark beside a name."""
        return "".join(part[0] for part in (self.given_name, self.family_name) if part).upper()

    @property
    def mailbox_mark(self) -> str:
        """Tells links that go to this address from those that went to the one of before."""
        return hashlib.sha256((self.email_key or "").encode()).hexdigest()[:8]

    def refresh_keys(self) -> None:
        """Bring the columns that searching and sorting use in line with names and address."""
        self.email_key = email_key(self.email) if self.email else None
        self.search = plain(f"{self.given_name} {self.family_name} {self.email or ''}")
        self.sort_name = plain(f"{self.family_name} {self.given_name}".strip())


class Away(Model):
    """Days on which a person cannot come, both inclusive; beside the availability they stated."""

    __tablename__ = "away"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    note: Mapped[str] = mapped_column(default="")


class Membership(Model):
    """A person in a section from a day until a day; moving ends one and starts another."""

    __tablename__ = "membership"
    __table_args__ = (
        Index(
            "uq_membership_current",
            "person_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"), index=True)
    since: Mapped[date]
    until: Mapped[date | None]

    section: Mapped[Section] = relationship(lazy="raise")


class PersonSkill(Model):
    """A skill of a person, or a trade under it, with years of experience and who verified it."""

    __tablename__ = "person_skill"
    __table_args__ = (
        UniqueConstraint("person_id", "skill", "trade"),
        Index("ix_person_skill_lookup", "skill", "trade", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    skill: Mapped[Skill]
    trade: Mapped[str] = mapped_column(default="")  # code of a trade; "" is the skill alone
    years: Mapped[int | None]
    verified_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    verified_on: Mapped[date | None]

    verifier: Mapped["Person | None"] = relationship(lazy="raise", foreign_keys=[verified_by])

    @property
    def code(self) -> str:
        """The trade's code, or the skill's where no trade is named."""
        return self.trade or self.skill.value


class PersonLanguage(Model):
    """A language a person speaks, and how well."""

    __tablename__ = "person_language"
    __table_args__ = (
        UniqueConstraint("person_id", "language"),
        Index("ix_person_language_lookup", "language", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    language: Mapped[str]  # ISO 639-1
    level: Mapped[Level]


def email_key(address: str) -> str:
    """The form in which two spellings of one mailbox are equal: case is dropped, nothing else."""
    return address.strip().casefold()


# Keyboards and phones type an apostrophe in many ways; O'Hara is found by each of them.
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼʻʿʾ`´", "'"))


def plain(words: str) -> str:
    """Text without case and accents, single-spaced: what searching compares.

    Nor has it what stretches an Arabic word or joins letters: who searches does not type that.
    """
    spread = unicodedata.normalize("NFKD", words.casefold().translate(_APOSTROPHES))
    return " ".join("".join(c for c in spread if _is_told_apart(c)).split())


def _is_told_apart(letter: str) -> bool:
    if letter.isascii():
        return True
    joins = letter == "\u0640" or unicodedata.category(letter) == "Cf"
    return not joins and not unicodedata.combining(letter)
