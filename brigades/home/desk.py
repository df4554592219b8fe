"""What an organizer's or coordinator's page shows: what needs them, and what is at risk.

Everything within the scope of ``Can.RUN_SHIFTS``. The database adds up, so a page costs the same
number of statements and draws the same number of rows however much there is.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from brigades.access import Can, Scope, inside
from brigades.clock import local_day
from brigades.db import built_once, session
from brigades.home.branches import Branch, branches
from brigades.home.coverage import CAN, Covered, Risk, coverage, risks
from brigades.home.waiting import Waiting, waiting_of
from brigades.people.models import Person
from brigades.qualifications.models import Kind, Qualification
from brigades.schedule.models import Participation, Slot
from brigades.schedule.states import COMING

LAPSING = timedelta(days=30)
NAMED = 3  # certificates and slots named; the others are counted, or stand further down


@dataclass(frozen=True)
class Lapse:
    """A certificate of somebody who is expected, and the last day it holds."""

    person_id: int
    name: str
    kind: str
    last: date


@dataclass(frozen=True)
class Short:
    """A slot with how many places it is short in all that is shown of it."""

    slot: Slot
    short: int


@dataclass(frozen=True)
class Desk:
    """An organizer's page. Totals count beyond the rows that are shown."""

    today: date
    waiting: Waiting
    days: list[Covered]
    risks: list[Risk]
    risks_total: int
    lapses: list[Lapse]
    lapses_total: int
    sections: list[Branch]
    sections_total: int

    @property
    def soonest(self) -> list[Short]:
        """The next few slots that are short."""
        by_slot: dict[int, Short] = {}
        for risk in self.risks:
            so_far = by_slot.get(risk.slot.id, Short(risk.slot, 0))
            by_slot[risk.slot.id] = Short(risk.slot, so_far.short + risk.short)
        return list(by_slot.values())[:NAMED]

    @property
    def things(self) -> int:
        """How many rows "Needs you today" has."""
        waiting = self.waiting
        counted = (
            waiting.applications,
            waiting.offers,
            waiting.requests.number,
            waiting.seeking.number,
            waiting.swaps,
            waiting.in_question,
            waiting.unsaid,
            self.lapses_total,
        )
        return len(self.soonest) + sum(1 for number in counted if number)


def desk(scope: Scope, reader: Person, now: datetime) -> Desk:
    """Everything on an organizer's page, in five statements."""
    waiting = waiting_of(scope, reader, now)
    today = local_day(now, waiting.zone)
    days, risks_total = coverage(scope, today, now)
    lapses, lapses_total = _lapses(scope, today, now)
    sections, sections_total = branches(scope, today)
    return Desk(
        today=today,
        waiting=waiting,
        days=days,
        risks=risks(scope, today, now),
        risks_total=risks_total,
        lapses=lapses,
        lapses_total=lapses_total,
        sections=sections,
        sections_total=sections_total,
    )


def _lapses(scope: Scope, today: date, now: datetime) -> tuple[list[Lapse], int]:
    """Certificates that lapse within 30 days and have no later one, of people who are expected."""
    given = {"today": today, "last": today + LAPSING, "now": now}
    rows = session.execute(
        _lapsing(scope.everywhere), scope.given(CAN, Can.SEE_PEOPLE) | given
    ).all()
    lapses = [Lapse(person.id, person.name, kind, last) for person, kind, last, _ in rows]
    return lapses, rows[0][3] if rows else 0


@built_once
def _lapsing(everywhere: frozenset[Can]) -> Select[Any]:
    later = aliased(Qualification)
    renewed = (
        select(later.id)
        .where(
            later.person_id == Qualification.person_id,
            later.kind_id == Qualification.kind_id,
            or_(later.valid_until.is_(None), later.valid_until > Qualification.valid_until),
        )
        .exists()
    )
    expected = (
        select(Participation.id)
        .join(Slot, Slot.id == Participation.slot_id)
        .where(
            Participation.person_id == Qualification.person_id,
            Participation.state.in_(COMING),
            inside(Slot, CAN, everywhere),
            Slot.ends_at > bindparam("now"),
        )
        .exists()
    )
    return (
        select(Person, Kind.name, Qualification.valid_until, func.count().over())
        .select_from(Qualification)
        .join(Person, Person.id == Qualification.person_id)
        .join(Kind, Kind.id == Qualification.kind_id)
        .where(
            inside(Person, Can.SEE_PEOPLE, everywhere),
            Qualification.valid_until.between(bindparam("today"), bindparam("last")),
            ~renewed,
            expected,
        )
        .order_by(Qualification.valid_until, Qualification.id)
        .limit(NAMED)
    )
