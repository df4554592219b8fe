"""What the form of a session offers to choose from, read at once."""

from dataclasses import dataclass, field

from sqlalchemy import String, cast, literal, null, select, union_all

from brigades.access import Can, Scope
from brigades.db import session
from brigades.qualifications.models import Kind
from brigades.sections.models import Section
from brigades.trainings.models import Course


@dataclass
class Choices:
    """Courses and kinds of qualification by id and name, sections with their zone; by name."""

    courses: list[tuple[int, str]] = field(default_factory=list)
    kinds: list[tuple[int, str]] = field(default_factory=list)
    sections: list[tuple[int, str, str]] = field(default_factory=list)


def choices(scope: Scope) -> Choices:
    """What somebody who plans trainings can choose from, in one statement."""
    none = cast(null(), String)
    rows = union_all(
        select(
            literal("course").label("tag"),
            Course.id,
            Course.title.label("name"),
            none.label("zone"),
        ).where(scope.within(Course, Can.TAKE_PART), Course.archived.is_(False)),
        select(literal("kind"), Kind.id, Kind.name, none),
        select(literal("section"), Section.id, Section.name, Section.zone).where(
            scope.among(Section.id, Can.RUN_TRAININGS)
        ),
    ).subquery()
    found = Choices()
    query = select(rows.c.tag, rows.c.id, rows.c.name, rows.c.zone)
    for tag, id, name, zone in session.execute(query.order_by(rows.c.name, rows.c.id)):
        if tag == "section":
            found.sections.append((id, name, zone))
        else:
            (found.courses if tag == "course" else found.kinds).append((id, name))
    return found
