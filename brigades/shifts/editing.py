"""Opening a shift and changing it. None of these commits."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy import delete, func, or_, select

from brigades.access import Can, Scope
from brigades.audit import service as audit
from brigades.db import session
from brigades.people.models import Person, Standing
from brigades.qualifications.models import Kind
from brigades.schedule import leads as leading
from brigades.schedule import slots
from brigades.schedule.copying import NEED, TAKEN
from brigades.schedule.following import when_and_where
from brigades.schedule.models import Need, Participation, Slot, Status
from brigades.schedule.moves import lock_people, lock_with_people
from brigades.schedule.needs import StillUsed, used
from brigades.schedule.states import LIVE
from brigades.schedule.terms import set_papers
from brigades.schedule.when_where import WhenWhere
from brigades.sections.models import Appointment, Section
from brigades.shifts.models import Shift

MOST_LEADS = 200
_FIELDS = (*TAKEN, "signup_until", "lead_id")


class Typed(Protocol):
    """What was typed about a slot, checked."""

    @property
    def kind_ids(self) -> Sequence[int]:
        """Kinds of qualification that everybody must hold."""
        ...

    def apply_to(self, slot: Slot) -> bool:
        """Write the fields; returns whether time or place changed."""
        ...


class TypedNeed(Protocol):
    """What was typed about a need, checked."""

    def apply_to(self, need: Need) -> None:
        """Write the fields."""
        ...


class Cancelled(Exception):
    """A cancelled shift does not change any more."""


def zones(scope: Scope) -> dict[int, str]:
    """Ids and time zones of the sections where this person runs shifts."""
    query = select(Section.id, Section.zone).where(scope.among(Section.id, Can.RUN_SHIFTS))
    return dict(session.execute(query).tuples().all())


def people_in(shift_id: int) -> int:
    """How many people have a place, wait or asked."""
    query = select(func.count(Participation.id)).where(
        Participation.slot_id == shift_id, Participation.state.in_(LIVE)
    )
    return session.scalar(query) or 0


def kinds() -> list[tuple[int, str]]:
    """Every kind of qualification, by name."""
    return [
        (one, name)
        for one, name in session.execute(select(Kind.id, Kind.name).order_by(Kind.name, Kind.id))
    ]


def leads(scope: Scope, shift: Shift | None, today: date) -> list[tuple[int, str]]:
    """Who may lead: those with an appointment in scope, those on the shift, whoever leads it.

    Of the first two those who take part; an appointment may begin later, and has not ended.
    """
    appointed = select(Appointment.person_id).where(
        scope.within(Appointment, Can.RUN_SHIFTS),
        or_(Appointment.until.is_(None), Appointment.until >= today),
    )
    active = Person.standing == Standing.ACTIVE
    conditions: list[Any] = [active & Person.id.in_(appointed)]
    if shift is not None:
        on = select(Participation.person_id).where(
            Participation.slot_id == shift.id, Participation.state.in_(LIVE)
        )
        conditions += [active & Person.id.in_(on), Person.id == shift.lead_id]
    query = (
        select(Person)
        .where(or_(*conditions))
        .order_by(Person.sort_name, Person.id)
        .limit(MOST_LEADS)
    )
    return [(person.id, person.name) for person in session.scalars(query)]


def needs_of(shift_id: int) -> list[Need]:
    """The needs of a shift, in order."""
    query = select(Need).where(Need.slot_id == shift_id).order_by(Need.position, Need.id)
    return list(session.scalars(query))


def create(
    typed: Typed,
    needs: Sequence[tuple[int | None, TypedNeed]],
    *,
    section_id: int,
    lead_id: int | None,
    by: int,
    now: datetime,
) -> Shift:
    """Open a shift as a draft: nobody but those who run shifts there sees it yet.

    Raises leads.Gone where the lead does not take part any more.
    """
    lock_people(*_ids(lead_id))
    leading.chosen(lead_id, None)
    shift = Shift(section_id=section_id, lead_id=lead_id, status=Status.DRAFT)
    shift.created_at = shift.changed_at = now
    typed.apply_to(shift)
    session.add(shift)
    session.flush()
    for position, (_none, row) in enumerate(needs):
        need = Need(slot_id=shift.id, position=position)
        row.apply_to(need)
        session.add(need)
    set_papers(shift.id, typed.kind_ids)
    audit.record(
        "slot",
        by=by,
        at=now,
        became=Status.DRAFT.value,
        slot_id=shift.id,
        section_id=section_id,
    )
    session.flush()
    return shift


def change(
    shift: Shift,
    typed: Typed,
    needs: Sequence[tuple[int | None, TypedNeed]],
    *,
    lead_id: int | None,
    lead_touched: bool = True,
    by: int,
    now: datetime,
) -> bool:
    """Write what was typed; returns whether anything changed at all.

    ``lead_touched``: another lead was chosen than the form showed. Where not, whoever leads by now
    stays: the form may have been open while its lead left.

    ``needs`` are pairs of the id of a stored need (None: a new one) and what was typed; stored
    ones that are not named are removed. Raises StillUsed where people stand at one of those,
    Cancelled, and leads.Gone. People who hold a place keep it, however low the most becomes.
    """
    lock_with_people(shift.id, also=_ids(lead_id))
    if shift.status is Status.CANCELLED:
        raise Cancelled
    was, stood, before = when_and_where(shift), WhenWhere.of(shift), _state(shift, _FIELDS)
    stored = {need.id: need for need in needs_of(shift.id)}
    named = {need_id for need_id, _row in needs if need_id in stored}
    gone = [need for need_id, need in stored.items() if need_id not in named]
    in_use = used([need.id for need in gone])
    if in_use:
        raise StillUsed([need for need in gone if need.id in in_use])
    needs_before = [_state(need, NEED) for need in stored.values()]
    lead_id = leading.chosen(lead_id, shift.lead_id) if lead_touched else shift.lead_id
    moved = typed.apply_to(shift)
    shift.lead_id = lead_id
    kept = _write_needs(shift.id, stored, needs)
    if gone:
        session.execute(delete(Need).where(Need.id.in_([need.id for need in gone])))
    touched = set_papers(shift.id, typed.kind_ids) or _state(shift, _FIELDS) != before
    if not moved and not touched and [_state(need, NEED) for need in kept] == needs_before:
        return False
    became = when_and_where(shift)
    slots.changed(
        shift,
        by=by,
        now=now,
        was=was if moved else "",
        became=became if moved else "edited",
        moved=moved,
        before=stood,
    )
    return True


def _ids(person_id: int | None) -> list[int]:
    return [] if person_id is None else [person_id]


def _write_needs(
    shift_id: int, stored: dict[int, Need], needs: Sequence[tuple[int | None, TypedNeed]]
) -> list[Need]:
    """Write each row to its need, or to a new one; a need that is named twice is written once."""
    left, kept = dict(stored), []
    for position, (need_id, row) in enumerate(needs):
        need = left.pop(need_id, None) if need_id is not None else None
        if need is None:
            need = Need(slot_id=shift_id)
            session.add(need)
        row.apply_to(need)
        need.position = position
        kept.append(need)
    session.flush()
    return kept


def _state(row: Any, names: Sequence[str]) -> list[Any]:
    return [getattr(row, name) for name in names]
