"""What having attended a session earns: the course's qualification, once the session is over."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, select

from brigades.audit.models import Entry
from brigades.clock import DAY, local_day
from brigades.db import built_once, session
from brigades.qualifications import service as qualifications
from brigades.qualifications.models import Kind, Qualification
from brigades.schedule.models import Participation, Slot
from brigades.schedule.moves import lock
from brigades.schedule.states import State
from brigades.trainings.models import Course, Session

GRANTING = 7 * DAY  # after a session has ended, how long what it earned is looked for


def grant(place: Participation, by: int, now: datetime) -> None:
    """Having attended a session grants the course's qualification; taking it back takes it back.

    Only once the session is over; until then `grant_earned` waits. It counts from the session's
    last local day. Places of other slots grant nothing.
    """
    found = session.execute(
        select(Course.grants_id, Slot.ends_at, Slot.zone, Session.trainer_id)
        .select_from(Session)
        .join(Course, Course.id == Session.course_id)
        .where(Session.id == place.slot_id)
    ).one_or_none()
    if found is None:
        return
    if place.state is not State.ATTENDED:
        qualifications.take_back(place.id, by=by, now=now)
    elif found.grants_id is not None and found.ends_at <= now:
        # Who checked in alone does not verify their own certificate: the trainer does.
        verifier = found.trainer_id if by == place.person_id else by
        last_day = local_day(found.ends_at - timedelta(microseconds=1), found.zone)
        qualifications.grant(
            place.person_id,
            found.grants_id,
            last_day,
            by=verifier,
            now=now,
            participation_id=place.id,
        )


def grant_earned(now: datetime) -> int:
    """Grant what sessions that have ended meanwhile have earned; returns how many.

    Each is granted exactly once: under the session's lock, and not again where somebody removed
    it by hand since.
    """
    due = session.execute(_earned(), {"now": now, "since": now - GRANTING}).all()
    granted = 0
    for slot_id, place_id in due:
        lock(slot_id)
        place = session.get_one(Participation, place_id, populate_existing=True)
        if place.state is State.ATTENDED:
            grant(place, _who_ticked(place), now)
            granted += 1
    return granted


@built_once
def _earned() -> Select[Any]:
    held = select(Qualification.id).where(Qualification.participation_id == Participation.id)
    removed = select(Entry.id).where(
        Entry.person_id == Participation.person_id,
        Entry.what == "qualification removed",
        Entry.became == Kind.name,
        Entry.at >= Session.ends_at,
    )
    return (
        select(Session.id, Participation.id)
        .join(Participation, Participation.slot_id == Session.id)
        .join(Course, Course.id == Session.course_id)
        .join(Kind, Kind.id == Course.grants_id)
        .where(
            Session.ends_at <= bindparam("now"),
            Session.ends_at > bindparam("since"),
            Participation.state == State.ATTENDED,
            ~held.exists(),
            ~removed.exists(),
        )
        .order_by(Session.id, Participation.id)
    )


def _who_ticked(place: Participation) -> int:
    """Who said last that this person came; the person themselves where nobody else did."""
    by = session.scalar(
        select(Entry.by_id)
        .where(
            Entry.slot_id == place.slot_id,
            Entry.person_id == place.person_id,
            Entry.what == "participation",
            Entry.became == State.ATTENDED.value,
        )
        .order_by(Entry.id.desc())
        .limit(1)
    )
    return by or place.person_id
