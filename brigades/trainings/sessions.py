"""Planning sessions: making, changing and copying them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased

from brigades.access import Can, Role, Scope
from brigades.asking import MOST_ID
from brigades.audit import service as audit
from brigades.clock import Wall
from brigades.db import session
from brigades.people.models import Person, Standing, email_key
from brigades.schedule import leads, slots
from brigades.schedule.models import Need, Slot, Status
from brigades.schedule.moves import lock_people, lock_with_people
from brigades.schedule.needs import enough
from brigades.schedule.terms import set_papers
from brigades.schedule.when_where import WhenWhere
from brigades.sections.models import Appointment, Section
from brigades.trainings.models import Course, Session


@dataclass(frozen=True)
class Plan:
    """What is planned beside a slot's time and place. ``most`` None is unlimited, 0 is none.

    ``trainer_touched``: another trainer was chosen than the form showed. Where not, whoever it is
    by now stays: the form may have been open while its trainer left.
    """

    course_id: int
    section_id: int
    trainer_id: int | None
    least: int
    most: int | None
    kind_ids: Sequence[int] = ()  # what everybody must hold, beside what the course asks for
    trainer_touched: bool = True

    @property
    def people(self) -> list[int]:
        """Whom to lock: the trainer."""
        return [] if self.trainer_id is None else [self.trainer_id]


def create(plan: Plan, write: Callable[[Slot], Any], *, by: int, now: datetime) -> Session:
    """A draft. ``write`` puts time and place on it; a blank title becomes the course's.

    Raises leads.Gone where the trainer does not take part any more.
    """
    lock_people(*plan.people)
    leads.chosen(plan.trainer_id, None)
    course = session.get_one(Course, plan.course_id)
    one = Session(status=Status.DRAFT, sequence=0, created_at=now, changed_at=now)
    one.section_id, one.course_id, one.trainer_id = plan.section_id, course.id, plan.trainer_id
    write(one)
    one.title = one.title or course.title
    one.needs = [Need(least=plan.least, most=plan.most, kind_id=course.requires_id)]
    session.add(one)
    session.flush()
    set_papers(one.id, plan.kind_ids)
    _record(one, "", by=by, now=now)
    return one


def change(
    session_id: int, plan: Plan, write: Callable[[Slot], bool], *, by: int, now: datetime
) -> Session:
    """Change a session under its lock; who has a place hears of a new time or place at once.

    Raises TooFewPlaces, and leads.Gone. ``write`` returns whether time or place changed.
    """
    lock_with_people(session_id, also=plan.people)
    one = session.get_one(Session, session_id)
    need = need_of(session_id)
    enough(need, plan.most)
    was, stood = _outline(one, need), WhenWhere.of(one)
    course = session.get_one(Course, plan.course_id)
    if plan.trainer_touched:
        one.trainer_id = leads.chosen(plan.trainer_id, one.trainer_id)
    one.section_id, one.course_id = plan.section_id, course.id
    moved = write(one)
    one.title = one.title or course.title
    need.least, need.most, need.kind_id = plan.least, plan.most, course.requires_id
    session.flush()
    set_papers(one.id, plan.kind_ids)
    slots.changed(
        one,
        by=by,
        now=now,
        was=was,
        became=_outline(one, need),
        moved=moved and one.ends_at > now,
        before=stood,
    )
    return one


def need_of(session_id: int) -> Need:
    """The one need of a session."""
    return session.scalars(select(Need).where(Need.slot_id == session_id)).one()


def appointed_trainers(scope: Scope, today: date) -> list[tuple[int, str]]:
    """Who is appointed as a trainer in a section of this scope or above it: id and name."""
    query = (
        select(Person)
        .where(_appointed(scope, today), Person.standing == Standing.ACTIVE)
        .order_by(Person.sort_name, Person.id)
        .limit(300)
    )
    return [(person.id, person.name) for person in session.scalars(query)]


def trainer(
    scope: Scope, today: date, *, person_id: int | None = None, email: str = ""
) -> Person | None:
    """Somebody who can be chosen as trainer: appointed, or known in the scope; else None."""
    query = select(Person).where(
        or_(scope.within(Person, Can.SEE_PEOPLE), _appointed(scope, today)),
        Person.standing == Standing.ACTIVE,
    )
    if person_id is not None:
        return session.scalar(query.where(Person.id == min(person_id, MOST_ID)))
    return session.scalar(query.where(Person.email_key == email_key(email)))


def _appointed(scope: Scope, today: date) -> ColumnElement[bool]:
    top, below = aliased(Section), aliased(Section)
    return Person.id.in_(
        select(Appointment.person_id)
        .join(top, top.id == Appointment.section_id)
        .join(below, or_(below.id == top.id, below.path.startswith(top.path, autoescape=False)))
        .where(
            Appointment.role == Role.TRAINER,
            Appointment.holds_on(today),
            scope.among(below.id, Can.RUN_TRAININGS),
        )
    )


def _outline(one: Session, need: Need) -> str:
    """A session in figures, for the trail: the same in every language."""
    places = "∞" if need.most is None else str(need.most)
    span = f"{_stamp(one.starts)}–{_stamp(one.ends)} {one.zone}"
    return " · ".join(
        part for part in (one.title, span, one.place, f"{need.least}–{places}") if part
    )


def _stamp(wall: Wall) -> str:
    return wall.local.strftime("%Y-%m-%d %H:%M")


def _record(one: Session, was: str, *, by: int, now: datetime) -> None:
    audit.record(
        "slot",
        by=by,
        at=now,
        was=was,
        became=one.status.value,
        slot_id=one.id,
        section_id=one.section_id,
    )
