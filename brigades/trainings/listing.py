"""The list of sessions: which ones, in which order, and what stands in each row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from brigades.access import Can, Scope
from brigades.db import session
from brigades.schedule import facts
from brigades.schedule.models import Need, Origin, Participation, Status
from brigades.schedule.rules import NeedFacts
from brigades.schedule.states import HOLDING, State
from brigades.trainings.models import Course, Session


class Which(StrEnum):
    """Which sessions of one's own planning to list."""

    UPCOMING = "upcoming"
    PAST = "past"
    DRAFT = "draft"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; empty narrows nothing."""

    q: str = ""
    section_id: int | None = None
    course_id: int | None = None
    places: bool = False
    which: Which = Which.UPCOMING
    series_id: int | None = None
    file_id: int | None = None  # of the calendar file that they were brought in from


@dataclass(frozen=True)
class Row:
    """One session in the list, how its places stand, and where the reader stands."""

    session: Session
    need: NeedFacts
    mine: State | None


def plans(scope: Scope) -> bool:
    """Whether this person also finds drafts, cancelled and past sessions."""
    return scope.may(Can.RUN_TRAININGS) or scope.may(Can.TICK_ATTENDANCE)


def query(scope: Scope, filters: Filters, now: datetime) -> Select[tuple[Session]]:
    """The sessions, soonest first; what is past, newest first."""
    past = filters.which is Which.PAST
    found = select(Session).options(*SHOWN).where(_which(scope, filters, now))
    if filters.q:
        found = found.join(Course, Course.id == Session.course_id).where(
            or_(
                Session.title.icontains(filters.q, autoescape=True),
                Session.place.icontains(filters.q, autoescape=True),
                Course.title.icontains(filters.q, autoescape=True),
            )
        )
    if filters.section_id is not None:
        found = found.where(Session.section_id == filters.section_id)
    if filters.series_id is not None:
        found = found.where(Session.series_id == filters.series_id)
    if filters.file_id is not None:
        of_file = select(Origin.slot_id).where(Origin.file == filters.file_id)
        found = found.where(Session.id.in_(of_file))
    if filters.course_id is not None:
        found = found.where(Session.course_id == filters.course_id)
    if filters.places:
        found = found.where(_has_places())
    if past:
        return found.order_by(Session.starts_at.desc(), Session.id.desc())
    return found.order_by(Session.starts_at, Session.id)


def rows(sessions: Sequence[Session], person_id: int | None) -> list[Row]:
    """What the rows show, in two statements however many there are."""
    if not sessions:
        return []
    ids = [one.id for one in sessions]
    needs = facts.needs_of(ids)
    states = facts.states_of(person_id, ids)
    return [Row(one, needs[one.id][0], states.get(one.id)) for one in sessions]


def courses(scope: Scope) -> list[tuple[int, str]]:
    """The courses to choose from: id and title."""
    query = select(Course.id, Course.title).where(
        scope.within(Course, Can.TAKE_PART), Course.archived.is_(False)
    )
    return [(id, title) for id, title in session.execute(query.order_by(Course.title, Course.id))]


# What every row shows beside its own columns.
SHOWN = (joinedload(Session.section),)


def _which(scope: Scope, filters: Filters, now: datetime) -> ColumnElement[bool]:
    which = filters.which
    if filters.series_id is not None and which is Which.UPCOMING:  # the whole of it
        return or_(
            and_(Session.status == Status.PUBLISHED, scope.within(Session, Can.TAKE_PART)),
            scope.within(Session, Can.RUN_TRAININGS),
            Session.trainer_id == scope.person_id,
        )
    if which is Which.UPCOMING:
        return and_(
            Session.status == Status.PUBLISHED,
            Session.ends_at > now,
            scope.within(Session, Can.TAKE_PART),
        )
    own = or_(scope.within(Session, Can.RUN_TRAININGS), Session.trainer_id == scope.person_id)
    if which is Which.PAST:
        held = or_(own, scope.within(Session, Can.TICK_ATTENDANCE))
        return and_(Session.status == Status.PUBLISHED, Session.ends_at <= now, held)
    status = Status.DRAFT if which is Which.DRAFT else Status.CANCELLED
    return and_(Session.status == status, own)


def _has_places() -> ColumnElement[bool]:
    """A place that a newcomer gets: not held, and nobody waits for it."""
    taken = (
        select(func.count(Participation.id))
        .where(
            Participation.need_id == Need.id,
            Participation.state.in_(HOLDING | {State.WAITLISTED}),
        )
        .correlate(Need)
        .scalar_subquery()
    )
    need = select(Need.id).where(
        Need.slot_id == Session.id, or_(Need.most.is_(None), Need.most > taken)
    )
    return need.exists()
