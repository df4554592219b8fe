"""What needs a coordinator or organizer today, over all sections of their appointments."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from brigades.access import Can, Scope
from brigades.calendars.ical import slot_link
from brigades.clock import DAY, Wall, local_day, to_wall
from brigades.db import session
from brigades.outbox.letters import Content, letter, now
from brigades.outbox.models import Letter
from brigades.people.models import Person, Standing
from brigades.recruiting.models import WAITING_STAGES, Application
from brigades.reminders.zones import has_zone
from brigades.schedule.models import Need, Participation, Slot, Status
from brigades.schedule.states import HOLDING, State
from brigades.sections import service as sections
from brigades.sections.models import Section
from brigades.texts import zone_words
from brigades.web import link

AHEAD = 14 * DAY
SHOWN = 10  # of each list; the page shows the rest


@dataclass(frozen=True)
class Waiting:
    """Applications that nobody has decided on: how many, and the oldest one's day."""

    count: int
    since: date
    link: str


@dataclass(frozen=True)
class Offer:
    """A place that was offered and not answered."""

    name: str
    title: str
    answer_by: Wall
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


@letter("digest")
def digest(to: Letter) -> Content | None:
    """The daily mail; dropped where nothing needs its reader, or its day is over."""
    person = session.get(Person, to.about["person"])
    home = session.get(Section, to.section_id)
    if person is None or home is None or person.standing is not Standing.ACTIVE:
        return None
    if local_day(now(), home.zone).isoformat() != to.about["day"]:
        return None
    scope = sections.scope_of(person.id, person.section_id, now().date())
    waiting = _waiting(scope, home.zone)
    offers = _offers(scope, now())
    gaps = _gaps(scope, now())
    if waiting is None and offers is None and gaps is None:
        return None
    found = [part.count for part in (waiting, offers, gaps) if part is not None]
    return Content(
        why=_("You get this each morning while something needs you: you coordinate or organize."),
        context={
            "person": person,
            "waiting": waiting,
            "offers": offers,
            "gaps": gaps,
            "total": sum(found),
        },
        reply_to=home.contact,
    )


def _waiting(scope: Scope, zone: str) -> Waiting | None:
    since = func.coalesce(Application.confirmed_at, Application.sent_at)
    query = select(func.count(), func.min(since)).where(
        scope.within(Application, Can.REVIEW_APPLICATIONS),
        Application.stage.in_(WAITING_STAGES),
    )
    count, oldest = session.execute(query).one()
    return Waiting(count, local_day(oldest, zone), link("recruiting.index")) if count else None


def _offers(scope: Scope, at: datetime) -> Listed | None:
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


def _gaps(scope: Scope, at: datetime) -> Listed | None:
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
