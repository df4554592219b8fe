"""One shift: who sees it, who runs it, and what its page shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import joinedload

from brigades.access import Can, Scope, inside
from brigades.asking import MOST_ID
from brigades.audit import service as audit
from brigades.audit.models import Entry
from brigades.db import built_once, session
from brigades.people.models import Person
from brigades.schedule.in_series import InSeries, read, with_standing
from brigades.schedule.models import Participation, Slot, Status
from brigades.schedule.standing import Stand, stand
from brigades.schedule.states import LIVE
from brigades.sections.models import Section
from brigades.shifts.models import Shift


@dataclass(frozen=True)
class Shown:
    """Everything that the page of a shift shows. Who is on and ``trail`` are for staff."""

    shift: Shift
    stand: Stand
    series: InSeries | None
    trail: list[Entry]
    staff: bool


def visible(scope: Scope, shift_id: int) -> Shift | None:
    """A shift with section and lead, if this person may see it.

    Drafts only for those who run shifts there; who has a place sees it wherever they belong now.
    """
    if shift_id > MOST_ID:
        return None
    shift: Shift | None = session.scalar(_visible(scope.everywhere), _sight(scope, shift_id))
    return shift


def _sight(scope: Scope, shift_id: int) -> dict[str, Any]:
    reader = {"shift": shift_id, "person": scope.person_id}
    return scope.given(Can.RUN_SHIFTS, Can.TAKE_PART) | reader


@built_once
def _visible(everywhere: frozenset[Can]) -> Select[Any]:
    mine = select(Participation.slot_id).where(
        Participation.person_id == bindparam("person"), Participation.state.in_(LIVE)
    )
    return (
        select(Shift)
        .where(
            Shift.id == bindparam("shift"),
            or_(
                inside(Shift, Can.RUN_SHIFTS, everywhere),
                (Shift.status != Status.DRAFT)
                & or_(inside(Shift, Can.TAKE_PART, everywhere), Shift.id.in_(mine)),
            ),
        )
        .options(joinedload(Shift.section), joinedload(Shift.lead))
    )


@built_once
def _visible_in_series(everywhere: frozenset[Can]) -> Select[Any]:
    drafts = inside(Slot, Can.RUN_SHIFTS, everywhere)
    return with_standing(_visible(everywhere), Shift.id, bindparam("shift"), drafts)


def run_by(scope: Scope, shift_id: int) -> Shift | None:
    """A shift with section and lead that this person runs."""
    if shift_id > MOST_ID:
        return None
    given = scope.given(Can.RUN_SHIFTS) | {"shift": shift_id}
    shift: Shift | None = session.scalar(_run(scope.everywhere), given)
    return shift


@built_once
def _run(everywhere: frozenset[Can]) -> Select[Any]:
    return (
        select(Shift)
        .where(inside(Shift, Can.RUN_SHIFTS, everywhere), Shift.id == bindparam("shift"))
        .options(joinedload(Shift.section), joinedload(Shift.lead))
    )


def show(scope: Scope, shift_id: int, person: Person, now: datetime) -> Shown | None:
    """What the page of a shift shows, in at most six statements; None where it is not visible."""
    if shift_id > MOST_ID:
        return None
    row = session.execute(
        _visible_in_series(scope.everywhere), _sight(scope, shift_id)
    ).one_or_none()
    if row is None:
        return None
    shift: Shift = row[0]
    staff = scope.may(Can.RUN_SHIFTS, shift.section_id)
    return Shown(
        shift=shift,
        stand=stand(shift, person, everybody=staff, now=now),
        series=read(row),
        trail=audit.trail(slot_id=shift.id) if staff else [],
        staff=staff,
    )


def person_in_pool(scope: Scope, shift: Shift, person_id: int) -> Person | None:
    """Somebody whom the shift's coordinator may give a place; ``shift.section`` is loaded."""
    if person_id > MOST_ID:
        return None
    person: Person | None = session.scalar(
        scope.select(Person, Can.RUN_SHIFTS)
        .join(Section, Section.id == Person.section_id)
        .where(
            Person.id == person_id,
            Section.path.startswith(shift.section.path, autoescape=False),
        )
    )
    return person
