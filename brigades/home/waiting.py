"""What waits for an organizer: applications, offers, requests, people who look for cover."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, Subquery, bindparam, func, select, true

from brigades.access import Can, Scope, inside
from brigades.attendance.service import ASKED_FOR
from brigades.db import built_once, session
from brigades.home.coverage import CAN
from brigades.people.models import Person
from brigades.recruiting.models import WAITING_STAGES, Application
from brigades.schedule import again, swap_counts
from brigades.schedule.models import Participation, Slot, Status
from brigades.schedule.states import COMING, OPEN, State
from brigades.sections.models import Section


@dataclass(frozen=True)
class Ahead:
    """How many places stand in a state, and id and type of the slot that starts first of theirs."""

    number: int
    id: int | None
    type: str | None


@dataclass(frozen=True)
class Waiting:
    """What waits: applications with the oldest, offers with the next deadline, requests, cover.

    ``zone`` is where the reader lives: in it their day begins.
    """

    zone: str
    applications: int
    oldest: datetime | None
    offers: int
    overdue: int
    next_deadline: datetime | None
    requests: Ahead
    seeking: Ahead
    swaps: int  # that both agreed to and a coordinator approves
    in_question: int  # places against which something stands by now
    unsaid: int  # people of whom nobody has said whether they came, once it was over


def waiting_of(scope: Scope, reader: Person, now: datetime) -> Waiting:
    """What waits in a scope, in one statement."""
    cans = (Can.REVIEW_APPLICATIONS, CAN, Can.RUN_TRAININGS)
    given = scope.given(*cans) | {"home": reader.section_id, "now": now}
    given["asked"] = now - ASKED_FOR
    zone, applications, oldest, offers, overdue, soonest, *ahead, swaps, doubts, unsaid = (
        session.execute(_what_waits(scope.everywhere), given).one()
    )
    return Waiting(
        zone=reader.zone or zone,
        applications=applications,
        oldest=oldest,
        offers=offers,
        overdue=overdue,
        next_deadline=soonest,
        requests=Ahead(*ahead[:3]),
        seeking=Ahead(*ahead[3:]),
        swaps=swaps,
        in_question=doubts,
        unsaid=unsaid,
    )


@built_once
def _what_waits(everywhere: frozenset[Can]) -> Select[Any]:
    since = func.coalesce(Application.confirmed_at, Application.sent_at)
    applications = (
        select(func.count(Application.id).label("number"), func.min(since).label("oldest"))
        .where(
            inside(Application, Can.REVIEW_APPLICATIONS, everywhere),
            Application.stage.in_(WAITING_STAGES),
        )
        .subquery()
    )
    ahead = _ahead(everywhere)
    late = ahead.c.answer_by <= bindparam("now")
    offers = (
        select(
            func.count().label("number"),
            func.count().filter(late).label("overdue"),
            func.min(ahead.c.answer_by).filter(~late).label("soonest"),
        )
        .where(ahead.c.state == State.OFFERED)
        .subquery()
    )
    requests, seeking = _in_state(ahead, State.REQUESTED), _in_state(ahead, State.SEEKING_COVER)
    return (
        select(
            Section.zone,
            applications.c.number,
            applications.c.oldest,
            offers.c.number,
            offers.c.overdue,
            offers.c.soonest,
            *requests.c,
            *seeking.c,
            swap_counts.waiting(everywhere).scalar_subquery(),
            again.waiting(everywhere).scalar_subquery(),
            _unsaid(everywhere),
        )
        .select_from(Section)
        .join(applications, _always())
        .join(offers, _always())
        .join(requests, _always())
        .join(seeking, _always())
        .where(Section.id == bindparam("home"))
    )


def _ahead(everywhere: frozenset[Can]) -> CTE:
    """The places that wait for somebody, with their slots to come.

    Gone through once: over hundreds of sections each look at the slots to come takes its time.
    Looked up in the index of what is open, whose condition stands here word for word.
    """
    still: Any = bindparam("open", sorted(OPEN), literal_execute=True, expanding=True)
    return (
        select(Slot.id, Slot.type, Slot.starts_at, Participation.state, Participation.answer_by)
        .join(Participation, Participation.slot_id == Slot.id)
        .where(
            inside(Slot, CAN, everywhere),
            Slot.status == Status.PUBLISHED,
            Slot.starts_at > bindparam("now"),
            Participation.state.in_(still),
        )
        .cte("ahead")
        .prefix_with("MATERIALIZED")
    )


def _in_state(ahead: CTE, state: State) -> Subquery:
    """How many places of slots to come stand in a state, and the slot that starts first."""
    of_state = ahead.c.state == state
    first = (
        select(ahead.c.id, ahead.c.type)
        .where(of_state)
        .order_by(ahead.c.starts_at, ahead.c.id)
        .limit(1)
        .subquery()
    )
    number = select(func.count().label("number")).select_from(ahead).where(of_state).subquery()
    return (
        select(number.c.number, first.c.id, first.c.type)
        .select_from(number)
        .outerjoin(first, true())
        .subquery()
    )


def _unsaid(everywhere: frozenset[Can]) -> Any:
    return (
        select(func.count(Participation.id))
        .join(Slot, Slot.id == Participation.slot_id)
        .where(
            inside(Slot, CAN, everywhere),
            Participation.state.in_(COMING),
            Slot.status == Status.PUBLISHED,
            Slot.ends_at <= bindparam("now"),
            Slot.ends_at > bindparam("asked"),
        )
        .scalar_subquery()
    )


def _always() -> ColumnElement[bool]:
    return Section.id.is_not(None)
