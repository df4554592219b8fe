"""What waits in shifts and trainings: places, swaps, needs unfilled, attendance unsaid."""

from typing import Any

from sqlalchemy import Select, and_, bindparam, func, select
from sqlalchemy.orm import aliased

from brigades.audit.models import Entry
from brigades.db import Instant
from brigades.people.models import Person
from brigades.reminders.duties.what import What, row
from brigades.schedule.again import IN_QUESTION, in_question_for
from brigades.schedule.models import Need, Participation, Slot, Status
from brigades.schedule.states import COMING, HOLDING, State
from brigades.schedule.swap_counts import approvals
from brigades.sections.models import Section


def places(what: What, state: State) -> Select[Any]:
    """Places that stand in a state, in what is to come."""
    since = {
        State.SEEKING_COVER: func.coalesce(
            Participation.cover_since, Participation.changed_at, type_=Instant()
        ),
        State.REQUESTED: Participation.queued_at,
        State.OFFERED: Participation.changed_at,
    }[state]
    return (
        row(
            what,
            Participation.id,
            Slot.section_id,
            since,
            at=Participation.answer_by if what is What.OFFER else Slot.starts_at,
            person=Person,
            title=Slot.title,
            slot=Slot,
        )
        .join(Slot, Slot.id == Participation.slot_id)
        .join(Person, Person.id == Participation.person_id)
        .where(Participation.state == state, _ahead())
    )


def swaps() -> Select[Any]:
    """Swaps to approve, each where the section lies that runs all the slots that ask for it."""
    agreed = approvals()
    above = aliased(Section)
    section = (
        select(above.id)
        .where(
            agreed.c.one.startswith(above.path, autoescape=False),
            agreed.c.other.startswith(above.path, autoescape=False),
        )
        .order_by(func.length(above.path).desc())
        .limit(1)
        .correlate(agreed)
        .scalar_subquery()
    )
    # Outer joins are followed in this order: from the few swaps to the many slots and people.
    return (
        row(
            What.SWAP,
            agreed.c.id,
            section,
            agreed.c.changed_at,
            at=Slot.starts_at,
            person=Person,
            title=Slot.title,
            slot=Slot,
        )
        .select_from(agreed)
        .outerjoin(Participation, Participation.id == agreed.c.mine_id)
        .outerjoin(Slot, Slot.id == Participation.slot_id)
        .outerjoin(Person, Person.id == Participation.person_id)
        .where(agreed.c.one.is_not(None))
    )


def doubts() -> Select[Any]:
    """Places against which something stands, since the nightly look that found it."""
    noted = (
        select(func.max(Entry.at))
        .where(
            Entry.slot_id == Participation.slot_id,
            Entry.person_id == Participation.person_id,
            Entry.what == IN_QUESTION,
        )
        .correlate(Participation)
        .scalar_subquery()
    )
    since = func.coalesce(noted, Participation.changed_at, type_=Instant())
    return (
        row(
            What.DOUBT,
            Participation.id,
            Slot.section_id,
            since,
            at=Slot.starts_at,
            person=Person,
            title=Slot.title,
            slot=Slot,
        )
        .join(Slot, Slot.id == Participation.slot_id)
        .join(Person, Person.id == Participation.person_id)
        .where(Participation.against != "", *in_question_for(bindparam("now")))
    )


def gaps() -> Select[Any]:
    """Needs with fewer people than they must have, in what starts within the next days."""
    held = func.count(Participation.id)
    return (
        row(
            What.GAP,
            Need.id,
            Slot.section_id,
            None,
            at=Slot.starts_at,
            title=Slot.title,
            slot=Slot,
            number=Need.least - held,
            of=Need.least,
        )
        .join(Slot, Slot.id == Need.slot_id)
        .outerjoin(
            Participation,
            (Participation.need_id == Need.id) & Participation.state.in_(HOLDING),
        )
        .where(_ahead(), Slot.starts_at <= bindparam("ahead"), Need.least > 0)
        .group_by(Slot.id, Need.id)
        .having(held < Need.least)
    )


def unsaid() -> Select[Any]:
    """Slots that are over, with how many people of whom nobody has said whether they came."""
    return (
        row(
            What.UNSAID,
            Slot.id,
            Slot.section_id,
            Slot.ends_at,
            at=Slot.starts_at,
            title=Slot.title,
            slot=Slot,
            number=func.count(Participation.id),
        )
        .join(Participation, Participation.slot_id == Slot.id)
        .where(
            Participation.state.in_(COMING),
            Slot.status == Status.PUBLISHED,
            Slot.ends_at <= bindparam("now"),
            Slot.ends_at > bindparam("asked"),
        )
        .group_by(Slot.id)
    )


def _ahead() -> Any:
    return and_(Slot.status == Status.PUBLISHED, Slot.starts_at > bindparam("now"))
