"""What the tests of reminders share: plans, and the worker's passes at an instant."""

from sqlalchemy import select

from brigades.clock import to_wall
from brigades.db import session, unit
from brigades.outbox.delivery.delivering import deliver
from brigades.outbox.models import Letter
from brigades.reminders.models import ReminderPlan, ReminderRule
from brigades.reminders.rules import Audience
from brigades.reminders.service import collect
from brigades.schedule import service as schedule
from brigades.schedule import slots
from brigades.schedule.when_where import WhenWhere
from brigades.sections.models import Section
from tests.builders import NOON, a_person

LONG_AGO = NOON.replace(year=2025)


def a_plan(section, *rules, course=None, slot=None, since=LONG_AGO) -> ReminderPlan:
    """A plan; rules are pairs of audience and hours, a third value True: only while unfilled."""
    plan = ReminderPlan(
        section_id=section.id,
        course_id=course.id if course else None,
        slot_id=slot.id if slot else None,
        since=since,
        rules=[
            ReminderRule(to=Audience(to), hours=hours, only_unfilled=bool(only))
            for to, hours, *only in rules
        ],
    )
    session.add(plan)
    session.commit()
    return plan


def look(at) -> None:
    """The pass that posts what is due, alone."""
    with unit():
        collect(at)


def run(at) -> None:
    """The worker's passes at an instant."""
    look(at)
    deliver(at)


def posted(*, but=("digest",)) -> list[tuple[str, int]]:
    """Name and reader of every letter but the daily mails, as they were posted."""
    session.expire_all()
    query = select(Letter.name, Letter.person_id).order_by(Letter.posted_at, Letter.id)
    return [(name, person) for name, person in session.execute(query) if name not in but]


def names() -> list[str]:
    """Names of the same, in order."""
    return [name for name, _person in posted()]


def move(shift, to, now, place=None) -> None:
    """The coordinator moves the shift, perhaps to another place too."""
    length = shift.ends_at - shift.starts_at
    slot = schedule.lock(shift.id)
    before = WhenWhere.of(slot)
    slot.starts_local = to_wall(to, slot.zone).local
    slot.ends_local = to_wall(to + length, slot.zone).local
    slot.derive_instants()
    slot.place = slot.place if place is None else place
    by = a_person(session.get_one(Section, shift.section_id))
    slots.changed(slot, by=by.id, now=now, was="", became="", moved=True, before=before)
    session.commit()
