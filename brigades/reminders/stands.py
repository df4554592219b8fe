"""How slots stand that may have something to say: their start, plan, lead, and whom they lack."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased, with_polymorphic

from brigades.accounts.models import Account
from brigades.audit.models import Entry
from brigades.db import session
from brigades.people.models import Person, Standing
from brigades.reminders.models import Told
from brigades.reminders.plans import BEGAN, Plan, Plans
from brigades.reminders.posting import Reader
from brigades.reminders.rules import Rule, Start, due, stood
from brigades.reminders.zones import has_zone
from brigades.schedule.models import Need, Participation, Slot, Status
from brigades.schedule.states import HOLDING
from brigades.sections.models import Section
from brigades.shifts.models import Shift
from brigades.trainings.models import Session

Whole = with_polymorphic(Slot, [Shift, Session])


@dataclass(frozen=True)
class Stand:
    """A published slot with all that says what goes out before it starts.

    ``path`` is that of its section; ``lead`` is None where nobody leads whom a letter reaches. Not
    ``sound`` is one whose zone is none: it says nothing until that is mended.
    """

    slot: Slot
    path: str
    start: Start
    plan: Plan
    lead: Reader | None
    sound: bool = True

    def due(self, hours: int, at: datetime) -> list[Rule]:
        """The rules of so many hours before the start that are to be followed at ``at``."""
        if not self.sound:
            return []
        moment = self.start.moment(hours)
        return [
            rule
            for rule in due(self.plan.rules, hours, self.start, at)
            if stood(self.plan.since_when(rule), moment)
        ]


def load(which: ColumnElement[bool], plans: Plans) -> list[Stand]:
    """The published slots of a condition on ``Whole``, soonest first; in one statement."""
    found = []
    for slot, path, began, public, short, reached, *lead in session.execute(_query().where(which)):
        if began is not None and plans.defaults.since is None:
            plans.defaults = Plan(since=began)
        start = Start(slot.starts_at, public or slot.created_at, slot.moved_at, bool(short))
        plan = plans.of(path, getattr(slot, "course_id", None), slot.id)
        leads = reader(*lead) if reached else None
        found.append(Stand(slot, path, start, plan, leads, has_zone(slot)))
    return found


def by_ids(ids: Iterable[int]) -> ColumnElement[bool]:
    """The condition that a slot is one of these."""
    named: ColumnElement[bool] = Whole.id.in_(sorted(set(ids)))
    return named


def reader(id: int, name: str, email: str, locale: str) -> Reader:
    """Somebody as a letter needs them, from what `reader_columns` reads."""
    return Reader(id, name, email, locale)


def reader_columns(person: Any) -> tuple[Any, ...]:
    """The columns that `reader` takes, of ``Person`` or an alias of it."""
    return person.id, person.name, person.email, person.locale


def reachable(
    person: Any, account: Any, standings: Sequence[Standing] = (Standing.ACTIVE,)
) -> ColumnElement[bool]:
    """Whether somebody is to be written to: still here, with an address, and not shut out."""
    return and_(
        person.standing.in_(standings),
        person.email.is_not(None),
        or_(account.id.is_(None), account.active),
    )


def _query() -> Select[Any]:
    lead, account = aliased(Person), aliased(Account)
    leader = func.coalesce(Whole.Shift.lead_id, Whole.Session.trainer_id)
    held = (
        select(func.count(Participation.id))
        .where(Participation.need_id == Need.id, Participation.state.in_(HOLDING))
        .correlate(Need)
        .scalar_subquery()
    )
    short = select(Need.id).where(Need.slot_id == Whole.id, Need.least > held)
    public = select(func.max(Entry.at)).where(
        Entry.slot_id == Whole.id, Entry.what == "slot", Entry.became == Status.PUBLISHED.value
    )
    reached = and_(lead.id.is_not(None), reachable(lead, account))
    began = select(Told.at).where(Told.key == BEGAN).scalar_subquery()
    shown = (began, public.scalar_subquery(), short.exists(), reached, *reader_columns(lead))
    return (
        select(Whole, Section.path, *shown)
        .join(Section, Section.id == Whole.section_id)
        .outerjoin(lead, lead.id == leader)
        .outerjoin(account, account.person_id == lead.id)
        .where(Whole.status == Status.PUBLISHED)
        .order_by(Whole.starts_at, Whole.id)
    )
