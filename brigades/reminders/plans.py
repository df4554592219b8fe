"""Which plan of reminders holds for a slot: the nearest, whole."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, or_, select

from brigades.db import built_once, session
from brigades.reminders.models import ReminderPlan, ReminderRule
from brigades.reminders.posting import Source
from brigades.reminders.rules import DEFAULTS, Audience, Rule
from brigades.schedule.models import Slot
from brigades.schedule.rules.answering import upward
from brigades.sections.models import Section
from brigades.trainings.models import Course

# Since when others than those with a place are reminded; an upgrade leaves this mark, so that
# what had passed by then is not made up for.
BEGAN = "reminders"


@dataclass(frozen=True)
class Plan:
    """Rules, where they come from, and since when they are as they are.

    ``named`` is the course or section that they are of. ``id`` is None for the defaults.
    """

    rules: tuple[Rule, ...] = DEFAULTS
    source: Source = Source.DEFAULT
    named: str = ""
    since: datetime | None = None
    id: int | None = None

    def since_when(self, rule: Rule) -> datetime | None:
        """Since when one of its rules holds; None is always.

        People with a place were reminded by the defaults before there were plans.
        """
        always = self.source is Source.DEFAULT and rule.to is Audience.COMING
        return None if always else self.since


@dataclass
class Plans:
    """All plans that may hold for some slots, by what they belong to."""

    defaults: Plan = field(default_factory=Plan)
    slots: dict[int, Plan] = field(default_factory=dict)
    courses: dict[int, Plan] = field(default_factory=dict)
    sections: dict[int, Plan] = field(default_factory=dict)

    def of(self, path: str, course_id: int | None = None, slot_id: int | None = None) -> Plan:
        """The plan that holds for a slot, a course or a section, whose section has this path."""
        if slot_id in self.slots:
            return self.slots[slot_id]
        if course_id in self.courses:
            return self.courses[course_id]
        above = (int(one.rstrip("/").rpartition("/")[2]) for one in upward(path))
        return next((self.sections[id] for id in above if id in self.sections), self.defaults)

    @property
    def hours(self) -> tuple[int, ...]:
        """Every number of hours that a rule names, ascending."""
        kept = (*self.slots.values(), *self.courses.values(), *self.sections.values())
        return _hours(rule.hours for plan in kept for rule in plan.rules)


def read(slot_ids: Iterable[int] | None = None, *, now: datetime | None = None) -> Plans:
    """The plans of all sections and courses, and of these slots; in one statement.

    Without slots, of all that start after ``now``.
    """
    query, given = _of_all(), {"now": now}
    if slot_ids is not None:
        query, given = _of_some(), {"slots": list(slot_ids)}  # type: ignore[dict-item]
    plans, kept = Plans(), dict[int, tuple[Any, list[Rule]]]()
    for plan, to, hours, only, section, course in session.execute(query, given):
        if plan is None:
            continue
        rules = kept.setdefault(plan.id, ((plan, section, course), []))[1]
        if to is not None:
            rules.append(Rule(to, hours, only))
    for (plan, section, course), rules in kept.values():
        _put(plans, plan, section, course, tuple(rules))
    return plans


def _put(plans: Plans, plan: ReminderPlan, section: str, course: str | None, rules: Any) -> None:
    if plan.slot_id is not None:
        plans.slots[plan.slot_id] = Plan(rules, Source.SLOT, "", plan.since, plan.id)
    elif plan.course_id is not None:
        found = Plan(rules, Source.COURSE, course or "", plan.since, plan.id)
        plans.courses[plan.course_id] = found
    else:
        plans.sections[plan.section_id] = Plan(rules, Source.SECTION, section, plan.since, plan.id)


def _plans() -> Select[Any]:
    return (
        select(
            ReminderPlan,
            ReminderRule.to,
            ReminderRule.hours,
            ReminderRule.only_unfilled,
            Section.name,
            Course.title,
        )
        .join(Section, Section.id == ReminderPlan.section_id)
        .outerjoin(ReminderRule, ReminderRule.plan_id == ReminderPlan.id)
        .outerjoin(Course, Course.id == ReminderPlan.course_id)
        .order_by(ReminderPlan.id, ReminderRule.hours.desc(), ReminderRule.id)
    )


@built_once
def _of_some() -> Select[Any]:
    named: Any = bindparam("slots", expanding=True)
    return _plans().where(or_(ReminderPlan.slot_id.is_(None), ReminderPlan.slot_id.in_(named)))


@built_once
def _of_all() -> Select[Any]:
    coming = select(Slot.id).where(Slot.starts_at > bindparam("now"))
    return _plans().where(or_(ReminderPlan.slot_id.is_(None), ReminderPlan.slot_id.in_(coming)))


def hours_in_use() -> tuple[int, ...]:
    """Every number of hours that a plan or the defaults name, ascending; one statement."""
    return _hours(session.scalars(_named_hours()))


@built_once
def _named_hours() -> Select[Any]:
    return select(ReminderRule.hours).distinct()


def _hours(named: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted({*named, *(rule.hours for rule in DEFAULTS)}))
