"""One shift: who sees it, how its places stand, and where somebody stands with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from brigades.access import Can, Scope, inside
from brigades.audit import service as audit
from brigades.audit.models import Entry
from brigades.db import built_once, session
from brigades.people.models import Person
from brigades.schedule import facts
from brigades.schedule.limits import limits
from brigades.schedule.models import Participation, Slot, Status
from brigades.schedule.rules import Code, NeedFacts, Refusal, refusals
from brigades.schedule.states import LIVE, State
from brigades.sections.models import Section
from brigades.shifts.models import Shift

MAX_ID = 2**31 - 1  # what a row can have; PostgreSQL refuses to compare with more


@dataclass(frozen=True)
class Choice:
    """A need, and every reason why the reader cannot take it by themselves."""

    need: NeedFacts
    refusals: tuple[Refusal, ...]

    @property
    def waits(self) -> bool:
        """Whether joining leads to the waiting list."""
        return self.need.full or self.need.waiting > 0


@dataclass(frozen=True)
class Standing:
    """The reader's own place, and which on the waiting list of its need it is."""

    place: Participation
    position: int | None


@dataclass(frozen=True)
class Shown:
    """Everything that the page of a shift shows. ``roster`` and ``trail`` are for staff."""

    shift: Shift
    choices: list[Choice]
    mine: Standing | None
    roster: list[Participation]
    trail: list[Entry]
    staff: bool

    @property
    def my_need(self) -> NeedFacts | None:
        """The need at which the reader stands."""
        if self.mine is None:
            return None
        wanted = self.mine.place.need_id
        return next((one.need for one in self.choices if one.need.id == wanted), None)

    @property
    def about_all(self) -> tuple[Refusal, ...]:
        """Reasons that stand against every place, so that they are said once."""
        if not self.choices:
            return ()
        first, *others = self.choices
        return tuple(r for r in first.refusals if all(r in one.refusals for one in others))


def visible(scope: Scope, shift_id: int) -> Shift | None:
    """A shift with section and lead, if this person may see it.

    Drafts only for those who run shifts there; who has a place sees it wherever they belong now.
    """
    if shift_id > MAX_ID:
        return None
    reader = {"shift": shift_id, "person": scope.person_id}
    given = scope.given(Can.RUN_SHIFTS, Can.TAKE_PART) | reader
    shift: Shift | None = session.scalar(_visible(), given)
    return shift


@built_once
def _visible() -> Select[Any]:
    mine = select(Participation.slot_id).where(
        Participation.person_id == bindparam("person"), Participation.state.in_(LIVE)
    )
    return (
        select(Shift)
        .where(
            Shift.id == bindparam("shift"),
            or_(
                inside(Shift, Can.RUN_SHIFTS),
                (Shift.status != Status.DRAFT)
                & or_(inside(Shift, Can.TAKE_PART), Shift.id.in_(mine)),
            ),
        )
        .options(joinedload(Shift.section), joinedload(Shift.lead))
    )


def run_by(scope: Scope, shift_id: int) -> Shift | None:
    """A shift with section and lead that this person runs."""
    if shift_id > MAX_ID:
        return None
    given = scope.given(Can.RUN_SHIFTS) | {"shift": shift_id}
    shift: Shift | None = session.scalar(_run(), given)
    return shift


@built_once
def _run() -> Select[Any]:
    return (
        select(Shift)
        .where(inside(Shift, Can.RUN_SHIFTS), Shift.id == bindparam("shift"))
        .options(joinedload(Shift.section), joinedload(Shift.lead))
    )


def show(scope: Scope, shift: Shift, person: Person, now: datetime) -> Shown:
    """What the page of a shift shows, in at most five statements."""
    staff = scope.may(Can.RUN_SHIFTS, shift.section_id)
    slot = facts.facts_of([shift])[0]
    known = facts.facts_around([person], [shift])[person.id]
    places = _places(shift.id, None if staff else person.id)
    mine = next(
        (Standing(place, position) for place, position in places if place.person_id == person.id),
        None,
    )
    return Shown(
        shift=shift,
        choices=[
            Choice(need, tuple(refusals(slot, need, known, now, limits=limits())))
            for need in slot.needs
        ],
        mine=mine,
        roster=[place for place, _position in places] if staff else [],
        trail=audit.trail(slot_id=shift.id) if staff else [],
        staff=staff,
    )


def _places(shift_id: int, person_id: int | None) -> list[tuple[Participation, int | None]]:
    """Live participations with their person and position on the waiting list, those on it last."""
    given = {"shift": shift_id} | ({} if person_id is None else {"person": person_id})
    found = [
        (place, ahead + 1 if place.state is State.WAITLISTED else None)
        for place, ahead in session.execute(_live() if person_id is None else _mine(), given)
    ]
    return sorted(found, key=lambda one: (one[1] is not None, one[1] or 0))


@built_once
def _live() -> Select[Any]:
    before = aliased(Participation)
    ahead = (
        select(func.count(before.id))
        .where(
            before.need_id == Participation.need_id,
            before.state == State.WAITLISTED,
            or_(
                before.queued_at < Participation.queued_at,
                (before.queued_at == Participation.queued_at) & (before.id < Participation.id),
            ),
        )
        .correlate(Participation)
        .scalar_subquery()
    )
    return (
        select(Participation, ahead)
        .where(Participation.slot_id == bindparam("shift"), Participation.state.in_(LIVE))
        .options(joinedload(Participation.person))
        .order_by(Participation.queued_at, Participation.id)
    )


@built_once
def _mine() -> Select[Any]:
    return _live().where(Participation.person_id == bindparam("person"))


def live_place(shift_id: int, person_id: int) -> Participation | None:
    """The person's live participation in a shift."""
    place: Participation | None = session.scalar(
        select(Participation).where(
            Participation.slot_id == shift_id,
            Participation.person_id == person_id,
            Participation.state.in_(LIVE),
        )
    )
    return place


def place_in(shift_id: int, place_id: int) -> Participation | None:
    """A participation of that shift, with its person and need."""
    if place_id > MAX_ID:
        return None
    place: Participation | None = session.scalar(
        select(Participation)
        .where(Participation.id == place_id, Participation.slot_id == shift_id)
        .options(joinedload(Participation.person), joinedload(Participation.need))
    )
    return place


def offer_of(place_id: int) -> Participation | None:
    """What a mail's answer page shows: a place with person, and its slot with section."""
    if place_id > MAX_ID:
        return None
    place: Participation | None = session.scalar(
        select(Participation)
        .where(Participation.id == place_id)
        .options(
            joinedload(Participation.person),
            joinedload(Participation.slot).joinedload(Slot.section),
        )
    )
    return place


def person_in_pool(scope: Scope, shift: Shift, person_id: int) -> Person | None:
    """Somebody whom the shift's coordinator may give a place; ``shift.section`` is loaded."""
    if person_id > MAX_ID:
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


def only(reasons: list[Refusal], code: Code) -> bool:
    """Whether one of the reasons is of that kind."""
    return any(reason.code is code for reason in reasons)
