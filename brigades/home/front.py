"""What everybody may read: which sections recruit, and which skills they look for."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from brigades.db import session
from brigades.people.skills import Skill
from brigades.sections.models import Section

MOST = 24


@dataclass(frozen=True)
class Recruiting:
    """A section that recruits, and the skills it names."""

    slug: str
    name: str
    looks_for: Sequence[Skill]


@dataclass(frozen=True)
class Front:
    """The public page. ``more`` sections recruit beyond those shown."""

    skills: Sequence[Skill]
    sections: Sequence[Recruiting]
    more: int


def front() -> Front:
    """Skills looked for, in the order of the list, and sections by name; one statement.

    Where no section says what it looks for, every skill is welcome.
    """
    rows = session.execute(
        select(Section.slug, Section.name, Section.looks_for)
        .where(Section.recruits)
        .order_by(Section.name, Section.id)
    ).all()
    wanted = {code for row in rows for code in row.looks_for}
    skills = [skill for skill in Skill if skill.value in wanted] or list(Skill)
    shown = [
        Recruiting(row.slug, row.name, [skill for skill in Skill if skill.value in row.looks_for])
        for row in rows[:MOST]
    ]
    return Front(skills, shown, len(rows) - len(shown))
