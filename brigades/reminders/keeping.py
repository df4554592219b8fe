"""The plan of one slot, one course or one section: reading it, keeping it, giving it up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import selectinload

from brigades.audit import service as audit
from brigades.db import session
from brigades.reminders import plans
from brigades.reminders.coming import of_slots
from brigades.reminders.models import ReminderPlan, ReminderRule
from brigades.reminders.plans import Plan, Plans
from brigades.reminders.rules import Rule
from brigades.reminders.stands import Whole
from brigades.reminders.walk import OFFER_ENDS
from brigades.schedule.models import Slot
from brigades.sections.models import Section
from brigades.trainings.models import Course

TRAIL = "reminders"  # in the trail
NONE = "nobody"
AS_ABOVE = "as above"


@dataclass(frozen=True)
class Owner:
    """What a plan is of: a slot, a course, or a section and all below it."""

    section: Section
    course: Course | None = None
    slot: Slot | None = None

    @property
    def title(self) -> str:
        """How it is called."""
        of = self.slot or self.course
        return of.title if of is not None else self.section.name


@dataclass(frozen=True)
class Held:
    """The plan that holds for an owner, and the one that would without a plan of its own."""

    plan: Plan
    otherwise: Plan
    own: bool


def held(owner: Owner) -> Held:
    """Which plan holds, in one statement."""
    known = plans.read([owner.slot.id] if owner.slot else [])
    plan = _of(owner, known)
    if not _is_own(owner, known):
        return Held(plan, plan, own=False)
    if owner.slot is not None:
        known.slots.clear()
    elif owner.course is not None:
        known.courses.pop(owner.course.id)
    else:
        known.sections.pop(owner.section.id)
    return Held(plan, _of(owner, known), own=True)


def _of(owner: Owner, known: Plans) -> Plan:
    course_id = owner.course.id if owner.course else getattr(owner.slot, "course_id", None)
    return known.of(owner.section.path, course_id, owner.slot.id if owner.slot else None)


def _is_own(owner: Owner, known: Plans) -> bool:
    if owner.slot is not None:
        return owner.slot.id in known.slots
    if owner.course is not None:
        return owner.course.id in known.courses
    return owner.section.id in known.sections


def keep(owner: Owner, rules: Sequence[Rule], *, by: int, now: datetime) -> bool:
    """Write a plan of its own; what had passed by now is not sent. False where nothing changes."""
    plan = _locked(owner)
    was = words(_rules_of(plan)) if plan is not None else AS_ABOVE
    became = words(rules)
    if was == became:
        return False
    if plan is None:
        plan = ReminderPlan(
            section_id=owner.section.id,
            course_id=owner.course.id if owner.course else None,
            slot_id=owner.slot.id if owner.slot else None,
            rules=[],
        )
        session.add(plan)
    plan.since = now
    plan.rules = [
        ReminderRule(to=rule.to, hours=rule.hours, only_unfilled=rule.only_unfilled)
        for rule in rules
    ]
    _record(owner, was, became, by=by, now=now)
    session.flush()
    return True


def drop(owner: Owner, *, by: int, now: datetime) -> bool:
    """Give up a plan of its own; False where there is none."""
    plan = _locked(owner)
    if plan is None:
        return False
    _record(owner, words(_rules_of(plan)), AS_ABOVE, by=by, now=now)
    session.delete(plan)
    session.flush()
    return True


def number_ahead(owner: Owner, now: datetime, days: int = 7) -> int:
    """How many reminders the plan that holds for an owner means in the next days, as of now."""
    plan = held(owner).plan
    found = of_slots(_slots(owner), now, now + timedelta(days=days))
    return sum(
        1
        for one in found
        if one.posting.because is not None
        and one.posting.because.plan_id == plan.id
        # What is reminded of by no plan, an offer's answer, is not meant.
        and one.posting.name != OFFER_ENDS
    )


def _slots(owner: Owner) -> ColumnElement[bool]:
    condition: ColumnElement[bool]
    if owner.slot is not None:
        condition = Whole.id == owner.slot.id
    elif owner.course is not None:
        condition = Whole.Session.course_id == owner.course.id
    else:
        below = Section.path.startswith(owner.section.path, autoescape=True)
        condition = Whole.section_id.in_(select(Section.id).where(below))
    return condition


def words(rules: Sequence[Rule]) -> str:
    """A plan as the trail keeps it, in a fixed order: "coming 168, countdown 48 unfilled"."""
    ordered = sorted(rules, key=lambda rule: (rule.to, -rule.hours))
    said = (
        f"{rule.to} {rule.hours}{' unfilled' if rule.only_unfilled else ''}" for rule in ordered
    )
    return ", ".join(said) or NONE


def _rules_of(plan: ReminderPlan) -> list[Rule]:
    return [Rule(rule.to, rule.hours, rule.only_unfilled) for rule in plan.rules]


def _locked(owner: Owner) -> ReminderPlan | None:
    """The owner's own plan with its rules; its row is locked, so that one is made at most."""
    of: Any = owner.slot or owner.course or owner.section
    model = Slot if owner.slot is not None else type(of)
    session.execute(select(model.id).where(model.id == of.id).with_for_update(of=model.__table__))
    query = select(ReminderPlan).options(selectinload(ReminderPlan.rules))
    if owner.slot is not None:
        query = query.where(ReminderPlan.slot_id == owner.slot.id)
    elif owner.course is not None:
        query = query.where(ReminderPlan.course_id == owner.course.id)
    else:
        query = query.where(
            ReminderPlan.section_id == owner.section.id,
            ReminderPlan.course_id.is_(None),
            ReminderPlan.slot_id.is_(None),
        )
    found: ReminderPlan | None = session.scalar(query.execution_options(populate_existing=True))
    return found


def _record(owner: Owner, was: str, became: str, *, by: int, now: datetime) -> None:
    audit.record(
        TRAIL,
        by=by,
        at=now,
        was=was,
        became=became,
        why=owner.course.title if owner.course is not None and owner.slot is None else "",
        slot_id=owner.slot.id if owner.slot is not None else None,
        section_id=owner.section.id,
    )
