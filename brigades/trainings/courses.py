"""Courses: finding, keeping and archiving them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import joinedload

from brigades.access import Can, Scope
from brigades.asking import MOST_ID
from brigades.audit import service as audit
from brigades.db import session
from brigades.qualifications.models import Kind
from brigades.schedule.models import Need, Status
from brigades.sections.models import Section
from brigades.trainings.models import Course, Session


@dataclass(frozen=True)
class Outline:
    """What a course says."""

    section_id: int
    title: str
    about: str
    grants_id: int | None
    requires_id: int | None


def query(scope: Scope, q: str, archived: bool) -> Select[tuple[Course]]:
    """The courses that somebody plans with, by title."""
    found = scope.select(Course, Can.RUN_TRAININGS).where(Course.archived.is_(archived))
    if q:
        found = found.where(Course.title.icontains(q, autoescape=True))
    shown = (joinedload(Course.grants), joinedload(Course.requires))
    return found.options(*shown).order_by(Course.title, Course.id)


def sections_and_sessions(
    courses: list[Course], now: datetime
) -> tuple[dict[int, str], dict[int, int]]:
    """Section names by id, and how many sessions are to come by course id; two statements."""
    names = select(Section.id, Section.name).where(
        Section.id.in_({course.section_id for course in courses})
    )
    coming = (
        select(Session.course_id, func.count(Session.id))
        .where(
            Session.course_id.in_([course.id for course in courses]),
            Session.status != Status.CANCELLED,
            Session.ends_at > now,
        )
        .group_by(Session.course_id)
    )
    return (
        dict(session.execute(names).tuples().all()),
        dict(session.execute(coming).tuples().all()),
    )


def find(scope: Scope, course_id: int) -> Course | None:
    """A course that somebody may change."""
    query = scope.select(Course, Can.RUN_TRAININGS).where(Course.id == min(course_id, MOST_ID))
    found: Course | None = session.scalar(query)
    return found


def kinds() -> list[tuple[int, str]]:
    """Every kind of qualification: id and name."""
    query = select(Kind.id, Kind.name).order_by(Kind.name, Kind.id)
    return [(id, name) for id, name in session.execute(query)]


def sections(scope: Scope) -> list[tuple[int, str, str]]:
    """Sections in which somebody plans trainings: id, name, zone."""
    query = (
        select(Section.id, Section.name, Section.zone)
        .where(scope.among(Section.id, Can.RUN_TRAININGS))
        .order_by(Section.name, Section.id)
    )
    return [(id, name, zone) for id, name, zone in session.execute(query)]


def create(outline: Outline, *, by: int, now: datetime) -> Course:
    """A new course."""
    course = Course(archived=False)
    _write(course, outline)
    session.add(course)
    session.flush()
    _record(course, "", course.title, by=by, now=now)
    return course


def change(course: Course, outline: Outline, *, by: int, now: datetime) -> None:
    """Change a course. What it asks for follows into its sessions that have not started."""
    was, required = course.title, course.requires_id
    _write(course, outline)
    if course.requires_id != required:
        to_come = select(Session.id).where(Session.course_id == course.id, Session.starts_at > now)
        session.execute(
            update(Need)
            .where(Need.slot_id.in_(to_come))
            .values(kind_id=course.requires_id)
            .execution_options(synchronize_session=False)
        )
    _record(course, was, course.title, by=by, now=now)


def archive(course: Course, archived: bool, *, by: int, now: datetime) -> None:
    """Take a course out of the choices, or bring it back; its sessions stay as they are."""
    if course.archived is archived:
        return
    course.archived = archived
    _record(course, course.title, "archived" if archived else "in use", by=by, now=now)


def _write(course: Course, outline: Outline) -> None:
    course.section_id, course.title = outline.section_id, outline.title
    course.about = outline.about
    course.grants_id, course.requires_id = outline.grants_id, outline.requires_id


def _record(course: Course, was: str, became: str, *, by: int, now: datetime) -> None:
    audit.record("course", by=by, at=now, was=was, became=became, section_id=course.section_id)
