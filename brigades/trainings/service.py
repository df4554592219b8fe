"""Finding sessions that somebody may see."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.orm import joinedload

from brigades.access import Can, Scope, inside
from brigades.asking import MOST_ID
from brigades.db import built_once, session
from brigades.schedule.models import Participation, Status
from brigades.trainings.models import Course, Session


@built_once
def seen(everywhere: frozenset[Can]) -> Select[tuple[Session]]:
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
                or_(inside(Session, Can.TAKE_PART, everywhere), place.exists()),
            ),
            inside(Session, Can.RUN_TRAININGS, everywhere),
            Session.trainer_id == bindparam("reader"),
        ),
    )


def sight(scope: Scope, session_id: int) -> dict[str, Any]:
    """Whose sight it is, and of which session; an id that no column can hold names nothing."""
    reader = {"reader": scope.person_id, "session": min(session_id, MOST_ID)}
    return scope.given(Can.TAKE_PART, Can.RUN_TRAININGS) | reader


def find(scope: Scope, session_id: int) -> Session | None:
    """A session that somebody may see."""
    return session.scalar(seen(scope.everywhere), sight(scope, session_id))


def find_to_run(scope: Scope, session_id: int) -> Session | None:
    """A session that somebody plans: its form, its people, its end."""
    return session.scalar(one_of(session_id, scope.within(Session, Can.RUN_TRAININGS)))


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
