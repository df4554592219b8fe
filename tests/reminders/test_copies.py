"""A slot's own plan of reminders goes along with copies; what holds from above does by itself."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from brigades.clock import DAY, HOUR
from brigades.db import session, unit
from brigades.reminders import plans
from brigades.reminders.models import ReminderPlan
from brigades.reminders.posting import Source
from brigades.reminders.rules import Rule
from brigades.schedule import copying, series
from brigades.schedule.models import Every, Series, Slot
from brigades.schedule.rules.series import Pattern
from brigades.sections.models import Section
from brigades.shifts.models import Shift
from tests import builders as b
from tests.reminders.passes import a_plan, names, run
from tests.support.statements import counted

NOW = datetime(2026, 6, 1, tzinfo=UTC)
MONDAYS = Pattern(Every.WEEK, weekdays=frozenset({1}), count=4)
START = datetime(2026, 6, 8, 16, tzinfo=UTC)  # a Monday
RULES = (("coming", 4), ("coordinators", 72, True))


@pytest.fixture
def section(app):
    return b.a_section()


def copies_of(*slots, days=7) -> list[int]:
    by = b.a_person(session.get_one(Section, slots[0].section_id)).id
    with unit():
        slots = [session.get_one(Slot, slot.id) for slot in slots]
        wanted = copying.copies([(slot, days) for slot in slots], NOW)
        return copying.make(wanted, publish=True, by=by, now=NOW)


def rules_of(slot_id: int):
    """The plan that a slot has of its own; None where it has none."""
    plan = plans.read([slot_id]).slots.get(slot_id)
    return None if plan is None else set(plan.rules)


WANTED = {Rule("coming", 4), Rule("coordinators", 72, only_unfilled=True)}


def test_a_copy_of_a_slot_has_its_plan(section):
    shift = b.a_shift(section, starts_at=START)
    a_plan(section, *RULES, slot=shift)
    [copy] = copies_of(shift)
    assert rules_of(copy) == WANTED == rules_of(shift.id)
    kept = session.scalars(select(ReminderPlan).where(ReminderPlan.slot_id == copy)).one()
    assert (kept.section_id, kept.since) == (section.id, NOW)


def test_a_copied_week_takes_along_the_plan_of_each(section):
    with_plan, without, silent = (
        b.a_shift(section, starts_at=START + hours * HOUR) for hours in (0, 24, 48)
    )
    a_plan(section, *RULES, slot=with_plan)
    a_plan(section, slot=silent)  # reminds nobody
    made = copies_of(with_plan, without, silent)
    assert [rules_of(one) for one in made] == [WANTED, None, set()]


def test_a_series_and_its_copy_have_the_plan_in_each(section):
    course = b.a_course(section)
    training = b.a_session(course, section, starts_at=START)
    a_plan(section, *RULES, slot=training)
    by = b.a_person(section).id
    with unit():
        slot = session.get_one(Slot, training.id)
        keys = {one.key for one in series.preview(slot, MONDAYS, NOW)}
        made = series.repeat(slot.id, MONDAYS, keys, publish=False, by=by, now=NOW)
    assert [rules_of(one) for one in made] == [WANTED] * 3
    with unit():
        slots = list(session.scalars(select(Slot).order_by(Slot.id)))
        of = session.scalars(select(Series)).one()
        wanted = copying.copies([(one, 70) for one in slots], NOW)
        again = series.copy(of, wanted, step=70, publish=False, by=by, now=NOW)
    assert [rules_of(one) for one in again] == [WANTED] * 4


def test_what_holds_from_a_course_or_section_is_not_copied(section):
    course = b.a_course(section)
    training = b.a_session(course, section, starts_at=START)
    a_plan(section, *RULES, course=course)
    a_plan(section, ("lead", 24))
    [copy] = copies_of(training)
    assert rules_of(copy) is None
    held = plans.read([copy]).of(section.path, course.id, copy)
    assert held.source is Source.COURSE


def test_people_of_a_copy_are_reminded_by_it(section, mail):
    shift = b.a_shift(section, starts_at=START)
    a_plan(section, ("coming", 4), slot=shift)
    [copy] = copies_of(shift)
    found = session.get_one(Slot, copy, options=[selectinload(Slot.needs)])
    b.a_participation(found, b.a_person(section))
    run(START + 7 * DAY - 5 * HOUR)
    assert names() == []
    run(START + 7 * DAY - 4 * HOUR)
    assert names() == ["reminder"]


def test_thirty_copies_cost_as_many_statements_as_ten(section):
    shift = b.a_shift(section, starts_at=START)
    a_plan(section, *RULES, slot=shift)
    by = b.a_person(section).id

    def cost(number: int) -> int:
        session.commit()
        with unit():
            slot = session.get_one(Shift, shift.id)
            wanted = copying.copies([(slot, 7 * n) for n in range(1, number + 1)], NOW)
            with counted() as seen:
                copying.make(wanted, publish=False, by=by, now=NOW)
            return len(seen)

    assert cost(30) == cost(10)
    assert session.scalar(select(func.count(ReminderPlan.id))) == 41
