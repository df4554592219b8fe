"""The lists in the daily mail, over all sections that somebody is appointed in or above."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from brigades.access import Can, Scope
from brigades.calendars.ical import slot_link
from brigades.clock import DAY, Wall, to_wall
from brigades.db import session
from brigades.people.models import Person
from brigades.reminders.zones import has_zone
from brigades.schedule import again as places_in_question
from brigades.schedule import open_swaps
from brigades.schedule.models import Need, Participation, Slot, Status
from brigades.schedule.states import HOLDING, State
from brigades.texts import zone_words
from brigades.web import link

AHEAD = 14 * DAY
SHOWN = 10  # of each list; the page shows the rest


@dataclass(frozen=True)
class Offer:
    """A place that was offered and not answered."""

    name: str
    title: str
    answer_by: Wall
    zone: str
    link: str


@dataclass(frozen=True)
class Asker:
    """Somebody who asked for a place, or who looks for cover."""

    name: str
    title: str
    starts: Wall
    zone: str
    link: str


@dataclass(frozen=True)
class Gap:
    """A need with fewer people than it must have."""

    title: str
    starts: Wall
    zone: str
    held: int
    least: int
    link: str


@dataclass(frozen=True)
class Listed:
    """The first of some rows, and how many there are."""

    count: int
    rows: list[Any]
    more: int


def in_state(scope: Scope, state: State, at: datetime) -> Listed | None:
    """People whose place stands in a state, soonest slot first."""
    query = (
        select(Slot, Person)
        .join(Participation, Participation.slot_id == Slot.id)
        .join(Person, Person.id == Participation.person_id)
        .where(
            scope.within(Slot, Can.RUN_SHIFTS),
            Participation.state == state,
            Slot.status == Status.PUBLISHED,
            Slot.starts_at > at,
        )
        .order_by(Slot.starts_at, Participation.queued_at, Participation.id)
    )
    rows = [
        Asker(
            name=person.name,
            title=slot.title,
            starts=slot.starts,
            zone=zone_words(slot.zone, slot.starts_at),
            link=_page_of(slot),
        )
        for slot, person in session.execute(query)
        if has_zone(slot)
    ]
    return _listed(rows, len(rows))


@dataclass(frozen=True)
class Counted:
    """How many there are, and the page that lists them."""

    count: int
    link: str


def swaps(scope: Scope, at: datetime) -> Counted | None:
    """Swaps that wait for the reader's approval."""
    given = scope.given(Can.RUN_SHIFTS, Can.RUN_TRAININGS) | {"now": at}
    count = session.scalar(open_swaps.waiting(), given)
    return Counted(count, link("swaps.index")) if count else None


def in_question(scope: Scope, at: datetime) -> Counted | None:
    """Places against which something stands by now."""
    given = scope.given(Can.RUN_SHIFTS, Can.RUN_TRAININGS) | {"now": at}
    count = session.scalar(places_in_question.waiting(), given)
    return Counted(count, link("rechecks.index")) if count else None


def offers(scope: Scope, at: datetime) -> Listed | None:
    """Places that were offered and not answered, the next deadline first."""
    query = (
        select(Participation, Slot, Person)
        .join(Slot, Slot.id == Participation.slot_id)
        .join(Person, Person.id == Participation.person_id)
        .where(
            scope.within(Slot, Can.RUN_SHIFTS),
            Participation.state == State.OFFERED,
            Slot.status == Status.PUBLISHED,
            Slot.starts_at > at,
        )
        .order_by(Participation.answer_by, Participation.id)
    )
    rows = [
        Offer(
            name=person.name,
            title=slot.title,
            answer_by=to_wall(place.answer_by, slot.zone),
            zone=zone_words(slot.zone, place.answer_by),
            link=_page_of(slot),
        )
        for place, slot, person in session.execute(query)
        if place.answer_by is not None and has_zone(slot)
    ]
    return _listed(rows, len(rows))


def gaps(scope: Scope, at: datetime) -> Listed | None:
    """Needs below their least in the next days, soonest first."""
    held = func.count(Participation.id)
    query = (
        select(Slot, Need.least, held)
        .join(Need, Need.slot_id == Slot.id)
        .outerjoin(
            Participation,
            (Participation.need_id == Need.id) & Participation.state.in_(HOLDING),
        )
        .where(
            scope.within(Slot, Can.RUN_SHIFTS),
            Slot.status == Status.PUBLISHED,
            Slot.starts_at > at,
            Slot.starts_at <= at + AHEAD,
            Need.least > 0,
        )
        .group_by(Slot.id, Need.id)
        .having(held < Need.least)
        .order_by(Slot.starts_at, Slot.id, Need.position, Need.id)
    )
    rows = [
        Gap(
            title=slot.title,
            starts=slot.starts,
            zone=zone_words(slot.zone, slot.starts_at),
            held=n_held,
            least=least,
            link=_page_of(slot),
        )
        for slot, least, n_held in session.execute(query)
        if has_zone(slot)
    ]
    return _listed(rows, sum(row.least - row.held for row in rows))


def _listed(rows: list[Any], count: int) -> Listed | None:
    if not rows:
        return None
    return Listed(count, rows[:SHOWN], max(0, len(rows) - SHOWN))


def _page_of(slot: Slot) -> str:
    """Where gaps are filled: a shift's board, a session's page."""
    return slot_link(slot) + ("/board" if slot.type == "shift" else "")
