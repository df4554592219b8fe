"""Finding sessions that somebody may see, and what attending one grants."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.orm import joinedload

from brigades.access import Can, Scope, inside
from brigades.clock import local_day
from brigades.db import built_once, session
from brigades.qualifications import service as qualifications
from brigades.schedule.models import Participation, Slot, Status
from brigades.schedule.states import State
from brigades.trainings.models import Course, Session

MOST_ID = 2**31 - 1


def grant(place: Participation, by: int, now: datetime) -> None:
    """Attending a session grants the course's qualification; taking it back takes it back.

    It counts from the session's last local day. Places of other slots grant nothing.
    """
    found = session.execute(
        select(Course.grants_id, Slot.ends_at, Slot.zone)
        .select_from(Session)
        .join(Course, Course.id == Session.course_id)
        .where(Session.id == place.slot_id)
    ).one_or_none()
    if found is None:
        return
    if place.state is not State.ATTENDED:
        qualifications.take_back(place.id, by=by, now=now)
    elif found.grants_id is not None:
        last_day = local_day(found.ends_at - timedelta(microseconds=1), found.zone)
        qualifications.grant(
            place.person_id, found.grants_id, last_day, by=by, now=now, participation_id=place.id
        )


@built_once
def seen() -> Select[tuple[Session]]:
    """A session that somebody may see, with all that its pages show; it runs with ``sight``.

    Drafts are for who plans or holds them; whoever has a place sees it from anywhere.
    """
    place = select(Participation.id).where(
        Participation.slot_id == Session.id, Participation.person_id == bindparam("reader")
    )
    return _whole().where(
        Session.id == bindparam("session"),
        or_(
            and_(
                Session.status != Status.DRAFT,
                or_(inside(Session, Can.TAKE_PART), place.exists()),
            ),
            inside(Session, Can.RUN_TRAININGS),
            Session.trainer_id == bindparam("reader"),
        ),
    )


def sight(scope: Scope, session_id: int) -> dict[str, Any]:
    """Whose sight it is, and of which session; an id that no column can hold names nothing."""
    reader = {"reader": scope.person_id, "session": min(session_id, MOST_ID)}
    return scope.given(Can.TAKE_PART, Can.RUN_TRAININGS) | reader


def find(scope: Scope, session_id: int) -> Session | None:
    """A session that somebody may see."""
    return session.scalar(seen(), sight(scope, session_id))


def find_to_run(scope: Scope, session_id: int) -> Session | None:
    """A session that somebody plans: its form, its people, its end."""
    return session.scalar(one_of(session_id, scope.within(Session, Can.RUN_TRAININGS)))


def find_to_tick(scope: Scope, session_id: int) -> Session | None:
    """A session whose attendance somebody keeps: as its trainer, or where they tick all."""
    keeps = or_(scope.within(Session, Can.TICK_ATTENDANCE), Session.trainer_id == scope.person_id)
    return session.scalar(one_of(session_id, and_(Session.status != Status.DRAFT, keeps)))


def runs(scope: Scope, one: Session) -> bool:
    """Whether this person plans the session."""
    return scope.may(Can.RUN_TRAININGS, one.section_id)


def ticks(scope: Scope, one: Session) -> bool:
    """Whether this person keeps the session's attendance."""
    mine = scope.person_id is not None and one.trainer_id == scope.person_id
    return mine or scope.may(Can.TICK_ATTENDANCE, one.section_id)


def place_in(session_id: int, place_id: int) -> Participation | None:
    """A place with its person, if it belongs to that session."""
    if place_id > MOST_ID:
        return None
    return session.scalar(
        select(Participation)
        .options(joinedload(Participation.person))
        .where(Participation.id == place_id, Participation.slot_id == session_id)
    )


def my_place(session_id: int, person_id: int | None) -> Participation | None:
    """The newest place that a person has or had in a session."""
    return session.scalar(
        select(Participation)
        .where(Participation.slot_id == session_id, Participation.person_id == person_id)
        .order_by(Participation.round.desc())
        .limit(1)
    )


def one_of(session_id: int, allowed: ColumnElement[bool]) -> Select[tuple[Session]]:
    """One session with all that its pages show of it, in one statement.

    An id that no column can hold names nothing.
    """
    return _whole().where(Session.id == min(session_id, MOST_ID), allowed)


def _whole() -> Select[tuple[Session]]:
    return select(Session).options(
        joinedload(Session.course).joinedload(Course.grants),
        joinedload(Session.course).joinedload(Course.requires),
        joinedload(Session.section),
        joinedload(Session.trainer),
    )
