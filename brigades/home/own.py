"""What a volunteer's page shows: what is next, what waits for an answer, what is missing."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, literal, select
from sqlalchemy.orm import contains_eager, joinedload, with_polymorphic

from brigades.clock import Wall, local_day, to_wall
from brigades.db import built_once, session
from brigades.home.held import Held, held
from brigades.home.rules import Check, Profile, check
from brigades.outbox import mailboxes
from brigades.outbox.models import Mailbox
from brigades.people.models import Person, PersonLanguage, PersonSkill, Standing
from brigades.qualifications.models import Kind, Qualification
from brigades.schedule import facts, swap_counts
from brigades.schedule.finding import asks_of
from brigades.schedule.models import CoverAsk, Participation, Slot, Status
from brigades.schedule.rules import NeedFacts
from brigades.schedule.states import COMING, State
from brigades.schedule.waitlist import position
from brigades.sections.models import Section
from brigades.shifts.models import Shift
from brigades.trainings.models import Session

SHOWN = frozenset(COMING | {State.OFFERED, State.REQUESTED, State.WAITLISTED})
MOST = 60  # more places than anybody has ahead of them


@dataclass(frozen=True)
class Mine:
    """A place of the reader's: where, who leads, and which on the waiting list.

    ``need`` is read for what is next and for offers.
    """

    place: Participation
    slot: Slot
    need: NeedFacts | None
    lead: Person | None
    position: int | None


@dataclass(frozen=True)
class Own:
    """A volunteer's page. ``next`` is the first slot they are expected at that is not over."""

    person: Person
    zone: str
    next: Mine | None
    offers: list[Mine]
    coming: list[Mine]
    check: Check
    held: list[Held]
    on_leave: bool
    asked: list[CoverAsk]
    swaps: int = 0  # questions of others that wait for an answer
    back_since: datetime | None = None  # since when mail to them comes back

    def wall(self, slot: Slot) -> tuple[Wall, Wall]:
        """When a slot starts and ends on the clocks where the reader lives."""
        return to_wall(slot.starts_at, self.zone), to_wall(slot.ends_at, self.zone)

    def answer_by(self, one: Mine) -> Wall:
        """Until when an offer waits, on the clocks where the reader lives."""
        return to_wall(one.place.answer_by or one.slot.starts_at, self.zone)


def own(person_id: int, now: datetime) -> Own:
    """Everything on a volunteer's page, in at most seven statements."""
    person = session.get_one(Person, person_id)  # signing in has loaded it
    zone, profile, swaps, back_since = _profile(person, now)
    mine = _places(person_id, now)
    first = next((one for one in mine if one.place.state in COMING), None)
    asked = [one for one in mine if one.place.state is State.OFFERED]
    loud = _with_needs(([first] if first else []) + asked)
    offers = loud[1:] if first else loud
    return Own(
        person=person,
        zone=zone,
        next=loud[0] if first else None,
        offers=sorted(offers, key=lambda one: one.place.answer_by or one.slot.starts_at),
        coming=[one for one in mine if one is not first and one.place.state is not State.OFFERED],
        check=check(profile, local_day(now, zone)),
        held=held(person_id, now),
        on_leave=person.standing is Standing.ON_LEAVE,
        back_since=back_since,
        asked=asks_of(person_id, now),
        swaps=swaps,
    )


def _places(person_id: int, now: datetime) -> list[Mine]:
    return [
        Mine(place, place.slot, None, _lead(place.slot), position)
        for place, position in session.execute(_ahead(), {"person": person_id, "now": now})
    ]


@built_once
def _ahead() -> Select[Any]:
    """A person's places that are not over, each with its slot, lead and position in line."""
    slot = with_polymorphic(Slot, [Shift, Session])
    return (
        select(Participation, position())
        .join(Participation.slot.of_type(slot))
        .options(
            contains_eager(Participation.slot.of_type(slot)).options(
                joinedload(slot.Shift.lead), joinedload(slot.Session.trainer)
            )
        )
        .where(
            Participation.person_id == bindparam("person"),
            Participation.state.in_(SHOWN),
            slot.ends_at > bindparam("now"),
            slot.status == Status.PUBLISHED,
        )
        .order_by(slot.starts_at, Participation.id)
        .limit(MOST)
    )


def _with_needs(found: list[Mine]) -> list[Mine]:
    """The same with their needs and how the places stand, in one statement."""
    needs = facts.needs_of({one.slot.id for one in found}) if found else {}
    by_id = {need.id: need for of_slot in needs.values() for need in of_slot}
    return [replace(one, need=by_id.get(one.place.need_id)) for one in found]


def _lead(slot: Slot) -> Person | None:
    if isinstance(slot, Shift):
        return slot.lead
    return slot.trainer if isinstance(slot, Session) else None


def _profile(person: Person, now: datetime) -> tuple[str, Profile, int, datetime | None]:
    """The zone where the person lives, what is known of them, how many ask them to swap.

    Last since when mail to them comes back. Two statements.
    """
    given = {
        "person": person.id,
        "section": person.section_id,
        "now": now,
        "address": mailboxes.key(person.email or ""),
    }
    zone, skill, language, swaps, back_since = session.execute(_known(), given).one()
    certificates = session.execute(_certificates(), {"person": person.id}).all()
    profile = Profile(
        phone=bool(person.phone),
        skill=skill,
        language=language,
        availability=bool(
            person.available_from or person.available_until or person.availability_note
        ),
        certificates=tuple((kind, last) for kind, last in certificates),
    )
    return person.zone or zone, profile, swaps, back_since


@built_once
def _known() -> Select[Any]:
    return select(
        Section.zone,
        _any(PersonSkill.person_id == bindparam("person")),
        _any(PersonLanguage.person_id == bindparam("person")),
        swap_counts.asking().scalar_subquery(),
        select(Mailbox.bouncing_since)
        .where(Mailbox.address == bindparam("address"))
        .scalar_subquery(),
    ).where(Section.id == bindparam("section"))


@built_once
def _certificates() -> Select[Any]:
    return (
        select(Kind.name, Qualification.valid_until)
        .join(Kind, Kind.id == Qualification.kind_id)
        .where(Qualification.person_id == bindparam("person"))
    )


def _any(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(literal(1)).where(condition).exists()
