"""A letter that is due and not posted yet, to whom, and why."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from brigades.clock import Wall
from brigades.outbox import service as outbox
from brigades.outbox.models import Letter
from brigades.reminders.rules import Audience


class Addressee(Protocol):
    """Whom a letter can go to."""

    @property
    def id(self) -> int:
        """The person's id."""
        ...

    @property
    def name(self) -> str:
        """How the person is called."""
        ...

    @property
    def email(self) -> str | None:
        """Where the letter goes."""
        ...

    @property
    def locale(self) -> str:
        """The language to write in."""
        ...


@dataclass(frozen=True)
class Reader:
    """Somebody with an address, without all else that is known of them."""

    id: int
    name: str
    email: str
    locale: str


class Source(StrEnum):
    """Where the plan comes from that a reminder follows."""

    SLOT = "slot"
    COURSE = "course"
    SECTION = "section"
    DEFAULT = "default"


@dataclass(frozen=True)
class Because:
    """Why a letter goes out: as one of which audience, how long before what, by whose plan.

    ``starts`` is on the wall of the slot; for OFFERED the answer is due then. ``to`` None is the
    holder of papers of which the first lapses after that day. ``named`` is the course or section
    that the plan is of, ``plan_id`` None where it is the defaults.
    """

    to: Audience | None
    hours: int
    title: str
    starts: Wall
    source: Source = Source.DEFAULT
    named: str = ""
    plan_id: int | None = None


@dataclass(frozen=True)
class Posting:
    """A letter's name, whom it goes to, the ids it is about, and its unique key.

    ``because`` is None where no reminder's plan asks for it.
    """

    name: str
    to: Addressee
    about: dict[str, Any]
    key: str
    section_id: int
    needed_by: datetime | None = None
    because: Because | None = None

    def row(self, now: datetime) -> dict[str, Any]:
        """The columns of its letter; the person must have an address."""
        assert self.to.email is not None
        return outbox.row(
            self.name,
            address=self.to.email,
            to_name=self.to.name,
            locale=self.to.locale,
            about=self.about,
            key=self.key,
            now=now,
            person_id=self.to.id,
            section_id=self.section_id,
            needed_by=self.needed_by,
        )

    def letter(self, now: datetime) -> Letter:
        """The letter as it would be posted; not kept anywhere."""
        return Letter(**self.row(now))
