"""A letter that is due and not posted yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from brigades.outbox import service as outbox
from brigades.outbox.models import Letter
from brigades.people.models import Person


@dataclass(frozen=True)
class Posting:
    """A letter's name, whom it goes to, the ids it is about, and its unique key."""

    name: str
    to: Person
    about: dict[str, Any]
    key: str
    section_id: int

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
        )

    def letter(self, now: datetime) -> Letter:
        """The letter as it would be posted; not kept anywhere."""
        return Letter(**self.row(now))
