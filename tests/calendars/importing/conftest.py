"""A section with its coordinator, who has a calendar file."""

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from brigades.access import Role
from brigades.people.models import Person
from brigades.sections.models import Section
from brigades.trainings.models import Course
from tests import builders as b


@dataclass
class Desk:
    """Where files are brought in."""

    app: Flask
    section: Section
    coordinator: Person
    course: Course
    browser: Any

    def bring(self, content: bytes, where: str = "shifts", name: str = "camp.ics") -> Any:
        """Choose a file; the answer is that of its page where it was read."""
        fields = {"section": str(self.section.id)}
        if where == "trainings":
            fields["course"] = str(self.course.id)
        # By hand: of what is large the test client leaves a file open.
        parts = [f'name="{key}"\r\n\r\n{value}'.encode() for key, value in fields.items()]
        parts.append(f'name="file"; filename="{name}"\r\n\r\n'.encode() + content)
        start = b"--limit\r\nContent-Disposition: form-data; "
        body = b"".join(start + part + b"\r\n" for part in parts) + b"--limit--\r\n"
        kind = "multipart/form-data; boundary=limit"
        answer = self.browser.post(f"/{where}/import", data=body, content_type=kind)
        return self.browser.get(answer.location) if answer.status_code == 303 else answer

    def make(self, page: Any, take: Any = None, **given: Any) -> Any:
        """Press the button on a file's page, with what is ticked there or with ``take``."""
        taken = ticked(page.text) if take is None else take
        return self.browser.post(page.request.path, data={"make": "y", "take": taken, **given})


def ticked(page: str) -> list[str]:
    """The values of the boxes that are ticked on a page."""
    lines = [part for part in page.split("<input") if 'name="take"' in part]
    return [part.split('value="')[1].split('"')[0] for part in lines if " checked" in part]


@pytest.fixture
def desk(app: Flask) -> Desk:
    """The desk of a section in Zurich."""
    section = b.a_section(b.a_section(), zone="Europe/Zurich")
    coordinator = b.a_person(section)
    b.an_appointment(coordinator, section, Role.COORDINATOR)
    course = b.a_course(section, title="First aid", requires_id=b.a_kind("Basics").id)
    return Desk(app, section, coordinator, course, b.signed_in(app, coordinator))
