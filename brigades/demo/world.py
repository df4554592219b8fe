"""What the demo has made so far, by name."""

from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from brigades.people.models import Person
from brigades.qualifications.models import Kind
from brigades.sections.models import Section


@dataclass
class World:
    """What has been made so far, by name."""

    now: datetime
    random: Random = field(default_factory=lambda: Random(7))  # noqa: S311 -- the same demo each time
    body: Section | None = None
    sections: dict[str, Section] = field(default_factory=dict)
    people: dict[str, list[Person]] = field(default_factory=dict)
    kinds: dict[str, Kind] = field(default_factory=dict)
    known: dict[str, Person] = field(default_factory=dict)  # the five who sign in

    @property
    def today(self) -> date:
        """The day on which the demo is loaded."""
        return self.now.date()
