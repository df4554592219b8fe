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

    def post(self, now: datetime) -> None:
        """Post it; a second time, or by a second worker, posts nothing."""
        outbox.post(
            self.name,
            to=self.to,
            about=self.about,
            key=self.key,
            now=now,
            section_id=self.section_id,
        )

    def letter(self, now: datetime) -> Letter:
        """The letter as it would be posted; not kept anywhere."""
        return Letter(
            key=self.key,
            name=self.name,
            about=self.about,
            to_address=self.to.email,
            to_name=self.to.name,
            locale=self.to.locale,
            person_id=self.to.id,
            section_id=self.section_id,
            posted_at=now,
        )
