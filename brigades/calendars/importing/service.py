"""Keeping a file that is brought in, and making slots of it.

None of these commits.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import delete, func, select, tuple_
from sqlalchemy.orm import joinedload

from brigades.access import Can, Scope
from brigades.asking import MOST_ID
from brigades.calendars.importing.kept import One, written
from brigades.calendars.importing.looking import look
from brigades.calendars.models import Becomes, CalendarFile
from brigades.calendars.reading.found import Found
from brigades.db import insert_once, session
from brigades.people.models import Person
from brigades.schedule import making
from brigades.schedule.making import New
from brigades.schedule.models import Origin, Slot, Status
from brigades.sections.models import Section
from brigades.shifts.models import Shift
from brigades.trainings.models import Session

FROM_FILE = "brought in from a calendar file"


def can(becomes: Becomes) -> Can:
    """What somebody must be allowed to do in a section, to bring such slots into it."""
    return Can.RUN_SHIFTS if becomes is Becomes.SHIFT else Can.RUN_TRAININGS


def keep(
    found: Found,
    *,
    becomes: Becomes,
    section: Section,
    course_id: int | None,
    name: str,
    by: int,
    now: datetime,
) -> CalendarFile:
    """Keep what was read until it is brought in or a day has passed."""
    file = CalendarFile(
        person_id=by,
        section_id=section.id,
        course_id=course_id,
        becomes=becomes,
        name=name[:200],
        found=written(found, section.zone, now),
        brought_at=now,
    )
    session.add(file)
    session.flush()
    # SQLite gives the number of an erased row out again; slots still say it of the file before.
    last = session.scalar(select(func.max(Origin.file))) or 0
    if file.id <= last:
        file.id = last + 1
        session.flush()
    return file


def section_of(scope: Scope, becomes: Becomes, section_id: int) -> Section | None:
    """A section into which somebody may bring such slots."""
    if not scope.may(can(becomes), section_id):
        return None
    return session.get(Section, section_id)


def waiting(scope: Scope, becomes: Becomes) -> list[CalendarFile]:
    """The reader's own files that were not brought in yet, newest first."""
    query = _mine(scope, becomes).where(CalendarFile.made.is_(None))
    return list(session.scalars(query.order_by(CalendarFile.id.desc()).limit(20)))


def find(scope: Scope, becomes: Becomes, file_id: int) -> CalendarFile | None:
    """A file of the reader's own, whose section they still run; with section and course."""
    query = _mine(scope, becomes).where(CalendarFile.id == min(file_id, MOST_ID))
    file: CalendarFile | None = session.scalar(query)
    return file


def _mine(scope: Scope, becomes: Becomes) -> Any:
    return (
        scope.select(CalendarFile, can(becomes))
        .where(CalendarFile.person_id == scope.person_id, CalendarFile.becomes == becomes)
        .options(joinedload(CalendarFile.section), joinedload(CalendarFile.course))
    )


def set_times(file: CalendarFile, day_from: time | None, day_until: time | None) -> None:
    """From when until when whole days go; kept, so that they are shown again."""
    file.day_from, file.day_until = day_from, day_until
    session.flush()


@dataclass(frozen=True)
class Made:
    """What one press has made: ids in order, and how many were there already.

    ``late``: the file was done with, by another press.
    """

    ids: list[int]
    before: int = 0
    late: bool = False


def make(
    file: CalendarFile,
    names: Collection[str],
    *,
    least: int,
    most: int | None,
    untitled: str,
    by: int,
    now: datetime,
) -> Made:
    """Make drafts of those that are chosen, in a fixed number of statements.

    Of two presses at once, and of two files with the same event, one makes it. What was made
    before or has no time yet is passed over. The file is done with, and what was read of it goes.
    """
    # The section before the file: whoever brings another file into it waits here.
    lock = select(Section.id).where(Section.id == file.section_id)
    session.execute(lock.with_for_update(key_share=True))
    session.refresh(file, ["found", "made"], with_for_update=True)
    if file.made is not None:
        return Made([], late=True)
    chosen = [item for item in look(file, now).items if item.one.name in names]
    wanted = [item.one for item in chosen if item.possible and item.one.at is not None]
    before = sum(item.there is not None for item in chosen)
    ids = making.make(
        [_new(file, one, least, most, untitled) for one in wanted],
        by=by,
        now=now,
        why=FROM_FILE,
    )
    _remember(file, wanted, ids)
    if ids:
        file.made, file.found, file.name = len(ids), {}, ""
    session.flush()
    return Made(ids, before)


def _new(file: CalendarFile, one: One, least: int, most: int | None, untitled: str) -> New:
    at = one.at
    assert at is not None, "only those whose time is known"
    shift = file.becomes is Becomes.SHIFT
    values = {
        "section_id": file.section_id,
        "title": one.title or untitled,
        "place": one.place,
        "online_url": one.link,
        "note": one.note,
        "zone": at.starts.zone,
        "starts_local": at.starts.local,
        "starts_fold": at.starts.fold,
        "ends_local": at.ends.local,
        "ends_fold": at.ends.fold,
        "starts_at": at.starts_at,
        "ends_at": at.ends_at,
        "status": Status.DRAFT,
    }
    need: dict[str, Any] = {"position": 0, "least": least, "most": most, "kind_id": None}
    if shift:
        return New(Shift, values, {"lead_id": None}, [need])
    assert file.course is not None, "sessions are of a course"
    need["kind_id"] = file.course.requires_id
    return New(Session, values, {"course_id": file.course_id, "trainer_id": None}, [need])


def _remember(file: CalendarFile, ones: list[One], ids: list[int]) -> None:
    """Keep which event each came of; what a cancelled one came of is this one's by now."""
    rows = [
        {
            "slot_id": id,
            "section_id": file.section_id,
            "event": one.event,
            "time": one.time,
            "file": file.id,
        }
        for id, one in zip(ids, ones, strict=True)
    ]
    if rows:
        names = tuple_(Origin.event, Origin.time)
        same = names.in_([(one.event, one.time) for one in ones])
        session.execute(delete(Origin).where(Origin.section_id == file.section_id, same))
        insert_once(Origin, rows)


def drafts_of(scope: Scope, becomes: Becomes, file_id: int) -> list[int]:
    """Ids of what was made of a file and is still a draft, as far as somebody runs it, in order."""
    query = (
        select(Slot.id)
        .join(Origin, Origin.slot_id == Slot.id)
        .where(
            Origin.file == min(file_id, MOST_ID),
            Slot.type == becomes.value,
            Slot.status == Status.DRAFT,
            scope.within(Slot, can(becomes)),
        )
    )
    return list(session.scalars(query.order_by(Slot.id)))


def throw_away(file: CalendarFile) -> None:
    """Erase a file, and nothing that was made of it."""
    session.execute(delete(CalendarFile).where(CalendarFile.id == file.id))


def forget(person: Person) -> None:
    """Take an erased person's files away."""
    session.execute(delete(CalendarFile).where(CalendarFile.person_id == person.id))


def forget_section(section_id: int) -> None:
    """A section that is deleted keeps no files."""
    session.execute(delete(CalendarFile).where(CalendarFile.section_id == section_id))
