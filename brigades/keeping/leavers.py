"""Who has left, for how long they were kept since, and what stands against erasing them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, exists, func, or_, select

from brigades.accounts.models import Account
from brigades.audit.models import Entry
from brigades.clock import DAY
from brigades.db import session
from brigades.keeping.models import Farewell
from brigades.keeping.rules import Against, Keep, Leaver
from brigades.people.models import Membership, Person
from brigades.people.service import GONE
from brigades.recruiting.models import OPEN_STAGES, Application
from brigades.schedule.models import Participation, Slot, Status
from brigades.schedule.states import LIVE, SAID, State
from brigades.sections.models import Appointment
from brigades.shifts.models import Shift
from brigades.trainings.models import Session

ANSWERED = 31 * DAY  # how long a request about data may still be talked about


def left_on() -> ScalarSelect[Any]:
    """The day on which a person's last membership ended."""
    return (
        select(func.max(Membership.until))
        .where(Membership.person_id == Person.id)
        .correlate(Person)
        .scalar_subquery()
    )


def left_by(last_day: date) -> tuple[ColumnElement[bool], ...]:
    """The conditions that a person left on that day or before, and is not erased."""
    member = exists().where(Membership.person_id == Person.id, Membership.until.is_(None))
    return (
        Person.standing.in_(GONE),
        Person.erased_on.is_(None),
        ~member,
        left_on() <= last_day,
    )


def ids(last_day: date) -> Sequence[int]:
    """Who left on that day or before, those who left first at the head; one statement."""
    found = select(Person.id).where(*left_by(last_day))
    return session.scalars(found.order_by(left_on(), Person.id)).all()


def leavers(person_ids: Iterable[int], now: datetime) -> dict[int, Leaver]:
    """What says when these people are erased, by person, in one statement.

    Who has not left, or came back, is not among them.
    """
    stands = against(now)
    query: Select[Any] = (
        select(
            Person.id,
            left_on(),
            children_at(),
            Farewell.kept_until,
            Farewell.told_at,
            Farewell.told_for,
            *(condition.label(f"against_{one.name}") for one, condition in stands.items()),
        )
        .outerjoin(Farewell, Farewell.person_id == Person.id)
        .where(Person.id.in_(list(person_ids)), *left_by(date.max))
    )
    found = {}
    for id, left, children, kept_until, told_at, told_for, *flags in session.execute(query):
        found[id] = Leaver(
            person_id=id,
            left_on=left,
            children_on=children.date() if children else None,
            kept_until=kept_until,
            told_on=told_at.date() if told_at else None,
            told_for=told_for,
            against=frozenset(one for one, stood in zip(stands, flags, strict=True) if stood),
        )
    return found


def children_at() -> ScalarSelect[Any]:
    """When a person last was there for children."""
    return _with_children(func.max(Slot.ends_at)).scalar_subquery()


def was_with_children(since: datetime | None) -> ColumnElement[bool]:
    """The condition that a person was, since then or ever."""
    query = _with_children(Slot.id)
    return (query if since is None else query.where(Slot.ends_at >= since)).exists()


def _with_children(what: Any) -> Select[Any]:
    return (
        select(what)
        .join(Participation, Participation.slot_id == Slot.id)
        .where(
            Participation.person_id == Person.id,
            Participation.state == State.ATTENDED,
            Slot.with_children,
        )
        .correlate(Person)
    )


def held_back(today: date) -> ColumnElement[bool]:
    """The condition that somebody keeps a person from being erased."""
    return exists().where(Farewell.person_id == Person.id, Farewell.kept_until >= today)


def against(now: datetime) -> dict[Against, ColumnElement[bool]]:
    """What can stand against erasing a person, each as a condition."""
    today = now.date()
    coming = exists().where(
        Participation.person_id == Person.id,
        Participation.state.in_(LIVE - SAID),
        Slot.id == Participation.slot_id,
        Slot.ends_at > now,
    )
    leads = (
        select(kind.id)
        .where(lead == Person.id, kind.status != Status.CANCELLED, kind.ends_at > now)
        .correlate(Person)
        .exists()
        for kind, lead in ((Shift, Shift.lead_id), (Session, Session.trainer_id))
    )
    return {
        Against.PLACE: or_(coming, *leads),
        Against.ROLE: exists().where(
            Appointment.person_id == Person.id,
            or_(Appointment.until.is_(None), Appointment.until >= today),
        ),
        Against.ACCOUNT: exists().where(Account.person_id == Person.id, Account.active),
        Against.APPLICATION: exists().where(
            Application.email_key == Person.email_key, Application.stage.in_(OPEN_STAGES)
        ),
        Against.REQUEST: exists().where(
            Entry.person_id == Person.id,
            Entry.what == "data given out",
            Entry.at > now - ANSWERED,
        ),
    }


def last_day(keep: Keep, today: date, ahead: int) -> date | None:
    """Who left later than this day is kept for longer than so many days ahead.

    None where everybody is kept for ever.
    """
    return today + timedelta(days=ahead - keep.members) if keep.members else None
