"""What the events of a file become, and where the pages about that are."""

from dataclasses import dataclass

from flask import url_for

from brigades.calendars.models import Becomes, CalendarFile


@dataclass(frozen=True)
class Target:
    """What events become: where its pages are, and how many places a new one has at least."""

    becomes: Becomes
    address: str
    index: str
    least: int

    @property
    def page(self) -> str:
        """Name of the page on which a file is chosen."""
        return f"calendars.bring_{self.becomes.value}s"

    @property
    def file_page(self) -> str:
        """Name of the page of one file."""
        return f"calendars.brought_{self.becomes.value}s"

    @property
    def throw_page(self) -> str:
        """Name of the address at which a file is erased."""
        return f"calendars.throw_{self.becomes.value}s"

    @property
    def publish_page(self) -> str:
        """Name of the address at which what was made of a file is published."""
        return f"calendars.publish_{self.becomes.value}s"

    def drafts_of(self, file: CalendarFile) -> str:
        """The list of what was made of a file."""
        return url_for(self.index, state="draft", file=file.id)


TARGETS = (
    Target(Becomes.SHIFT, "/shifts/import", "shifts.index", least=1),
    Target(Becomes.SESSION, "/trainings/import", "trainings.index", least=0),
)
