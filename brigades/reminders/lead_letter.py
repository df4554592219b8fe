"""What whoever leads a slot gets before its start: who comes, their numbers, what is missing."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import or_, select

from brigades.accounts.models import Account
from brigades.attendance.service import ADDRESSES
from brigades.calendars.ical import slot_link
from brigades.db import session
from brigades.outbox.kinds import Kind
from brigades.outbox.letters import Content, letter, now
from brigades.outbox.models import Letter
from brigades.people.models import Person, Standing
from brigades.people.phones import grouped
from brigades.reminders.keys import tells_start_of
from brigades.reminders.of_places import ahead
from brigades.reminders.stands import Whole
from brigades.schedule import facts
from brigades.schedule.models import Participation, Slot
from brigades.schedule.need_words import need_words
from brigades.schedule.states import COMING, State
from brigades.sections.models import Section
from brigades.texts import ahead_words
from brigades.web import link


@dataclass(frozen=True)
class Comes:
    """Somebody who comes; ``unsure`` while they look for somebody to take their place."""

    name: str
    phone: str
    unsure: bool


@dataclass(frozen=True)
class Missing:
    """A need with fewer people than it must have."""

    need: str
    come: int
    least: int


@letter("reminder-lead", Kind.REMINDER)
def reminder_lead(to: Letter) -> Content | None:
    """Dropped once somebody else leads, or the slot was moved."""
    row = session.execute(
        select(Whole, Section)
        .join(Section, Section.id == Whole.section_id)
        .where(Whole.id == to.about["slot"])
    ).one_or_none()
    reader = _reader(to)
    if row is None or reader is None:
        return None
    slot, section = row
    if slot.leader_id != reader.id or not ahead(slot) or not tells_start_of(to.key, slot):
        return None
    come, asked = _people(slot)
    [needs] = facts.needs_of([slot.id]).values() or [[]]
    missing = [
        Missing(need_words(need), need.held - need.offered, need.least)
        for need in needs
        if need.held - need.offered < need.least
    ]
    return Content(
        why=_("You get this because you lead this."),
        context={
            "slot": slot,
            "section": section,
            "person": reader,
            "starts": ahead_words(slot.starts_at - now()),
            "come": come,
            "asked": asked,
            "missing": missing,
            "page": slot_link(slot),
            "list": link("attendance.people", where=ADDRESSES[slot.type], slot_id=slot.id),
        },
        reply_to=section.contact,
    )


def _reader(to: Letter) -> Person | None:
    person: Person | None = session.scalar(
        select(Person)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(
            Person.id == to.about["person"],
            Person.standing == Standing.ACTIVE,
            or_(Account.id.is_(None), Account.active),
        )
    )
    return person


def _people(slot: Slot) -> tuple[list[Comes], int]:
    """Who comes, by name, and how many were asked and have not answered."""
    rows = session.execute(
        select(Participation.state, Person)
        .join(Person, Person.id == Participation.person_id)
        .where(
            Participation.slot_id == slot.id,
            Participation.state.in_(COMING | {State.OFFERED}),
        )
        .order_by(Person.sort_name, Person.id)
    ).all()
    come = [
        Comes(person.name, grouped(person.phone), state is State.SEEKING_COVER)
        for state, person in rows
        if state is not State.OFFERED
    ]
    return come, len(rows) - len(come)
