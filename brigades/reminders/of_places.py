"""What every letter about a place reads, and what it carries."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from brigades.audit.models import Entry
from brigades.calendars import ical
from brigades.db import session
from brigades.outbox.letters import Content, now
from brigades.outbox.models import Letter
from brigades.people.service import GONE
from brigades.schedule import answer_links
from brigades.schedule.models import Participation, Slot, Status
from brigades.schedule.states import HOLDING, LIVE, State
from brigades.web import link


def place_of(to: Letter) -> Participation | None:
    """The place that the letter is about, if its person is still with us."""
    place = session.scalar(places().where(Participation.id == to.about["participation"]))
    return None if place is None or place.person.standing in GONE else place


def places() -> Any:
    """Places, each with its person, its slot and the slot's section."""
    return (
        select(Participation)
        .join(Participation.slot)
        .join(Participation.person)
        .options(
            contains_eager(Participation.slot).options(joinedload(Slot.section)),
            contains_eager(Participation.person),
        )
    )


def ahead(slot: Slot) -> bool:
    """Whether a slot will happen and has not started."""
    return slot.status is Status.PUBLISHED and slot.starts_at > now()


def holds_again(place: Participation) -> bool:
    """Whether somebody who lost this place has another in the same slot by now."""
    return _stands_again(place, HOLDING)


def in_again(place: Participation) -> bool:
    """Whether they have another, wait for one or asked for one there by now."""
    return _stands_again(place, LIVE)


def _stands_again(place: Participation, states: Collection[State]) -> bool:
    return (
        session.scalar(
            select(
                select(Participation.id)
                .where(
                    Participation.slot_id == place.slot_id,
                    Participation.person_id == place.person_id,
                    Participation.id != place.id,
                    Participation.state.in_(states),
                )
                .exists()
            )
        )
        is True
    )


def as_before(place: Participation) -> str | None:
    """CANCEL for who had this slot in their calendar before and now only waits.

    What told them that they gave it up may have been dropped since they are in again.
    """
    if place.round == 1:
        return None
    held = select(Entry.id).where(
        Entry.what == "participation",
        Entry.person_id == place.person_id,
        Entry.slot_id == place.slot_id,
        Entry.was.in_(sorted(HOLDING)),
    )
    return "CANCEL" if session.scalar(select(held.exists())) else None


def answer_link(place: Participation) -> str:
    """The page where the person of this place answers, without signing in: yes, no, cannot come."""
    return link("schedule.answer_by_mail", token=answer_links.token_of(place))


def content(place: Participation, why: str, *, calendar: str | None = None, **more: Any) -> Content:
    """A letter about one place; ``calendar`` is REQUEST or CANCEL where its event goes along.

    Who has come in again meanwhile keeps the event: it is the same one.
    """
    slot, person = place.slot, place.person
    if calendar == "CANCEL" and holds_again(place):
        calendar = None
    event = ical.invitation(place, slot, person, calendar) if calendar else None
    return Content(
        why=why,
        context={
            "place": place,
            "slot": slot,
            "person": person,
            "section": slot.section,
            "page": ical.slot_link(slot),
            "say_so": answer_link(place),
            **more,
        },
        calendar=event,
        method=calendar or "REQUEST",
        reply_to=slot.section.contact,
    )
