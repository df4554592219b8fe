"""Whom somebody could ask to swap: confirmed places of others, and why not where it cannot be."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from brigades.access import Can, Scope
from brigades.clock import day_bounds
from brigades.db import session
from brigades.people.models import Person, Standing
from brigades.schedule import facts, people_facts
from brigades.schedule.limits import limits
from brigades.schedule.models import Participation, Slot, Status, Swap, SwapState
from brigades.schedule.rules import NeedFacts, Refusal
from brigades.schedule.rules.swapping import swap_refusals
from brigades.schedule.states import State
from brigades.sections.models import Section

MOST = 60  # places judged for a page; a day or words find the others


@dataclass(frozen=True)
class Wanted:
    """Which places to look through: words of a title, the first local day."""

    q: str = ""
    since: date | None = None


@dataclass(frozen=True)
class Partner:
    """A place that could be traded for. ``mine`` stands against the reader taking it.

    ``theirs`` says that its holder cannot take the reader's; what exactly stands against them is
    theirs to know. ``swap`` is a question about both places, open or declined.
    """

    place: Participation
    slot: Slot
    person: Person
    need: NeedFacts
    mine: tuple[Refusal, ...]
    theirs: bool
    swap: Swap | None

    @property
    def fits(self) -> bool:
        """Whether the rules let both take the other's place."""
        return not self.mine and not self.theirs


@dataclass(frozen=True)
class Partners:
    """The places by start; ``more``: there are others than were looked through."""

    need: NeedFacts
    found: list[Partner]
    more: bool

    @property
    def fitting(self) -> list[Partner]:
        """Those who can be asked, or were."""
        return [one for one in self.found if one.fits]

    @property
    def others(self) -> list[Partner]:
        """Those with whom it cannot be."""
        return [one for one in self.found if not one.fits]


def my_place(place_id: int, person_id: int | None) -> Participation | None:
    """A person's own place with person, slot and section."""
    return session.scalar(
        select(Participation)
        .where(Participation.id == place_id, Participation.person_id == person_id)
        .options(
            joinedload(Participation.person),
            joinedload(Participation.slot).joinedload(Slot.section),
        )
    )


def partners(scope: Scope, mine: Participation, wanted: Wanted, now: datetime) -> Partners:
    """The places that the reader may see whose holders may see theirs, in four statements."""
    rows = session.execute(_places(scope, mine, now, wanted).limit(MOST + 1)).all()
    more, rows = len(rows) > MOST, rows[:MOST]
    slots = {mine.slot_id: mine.slot, **{place.slot_id: place.slot for place, _swap in rows}}
    people = {mine.person_id: mine.person, **{one.person_id: one.person for one, _swap in rows}}
    of_slots = {one.id: one for one in facts.facts_of(list(slots.values()))}
    known = people_facts.facts_around(list(people.values()), list(slots.values()))
    here = of_slots[mine.slot_id]
    my_need = next(need for need in here.needs if need.id == mine.need_id)
    me = known[mine.person_id]
    found = []
    for place, swap in rows:
        there = of_slots[place.slot_id]
        need = next(need for need in there.needs if need.id == place.need_id)
        them = known[place.person_id]
        found.append(
            Partner(
                place=place,
                slot=place.slot,
                person=place.person,
                need=need,
                mine=tuple(swap_refusals(there, need, me, here.id, now, limits())),
                theirs=bool(swap_refusals(here, my_need, them, there.id, now, limits())),
                swap=swap,
            )
        )
    return Partners(my_need, found, more)


def can_be_asked(scope: Scope, mine: Participation, theirs_id: int, now: datetime) -> bool:
    """Whether a place is one that ``partners`` would show."""
    query = _places(scope, mine, now, Wanted()).where(Participation.id == theirs_id)
    return session.execute(query.limit(1)).first() is not None


def _places(scope: Scope, mine: Participation, now: datetime, wanted: Wanted) -> Select[Any]:
    about = or_(
        and_(Swap.mine_id == mine.id, Swap.theirs_id == Participation.id),
        and_(Swap.mine_id == Participation.id, Swap.theirs_id == mine.id),
    )
    relevant = Swap.state.in_((SwapState.ASKED, SwapState.AGREED, SwapState.DECLINED))
    newest = select(Swap.id).where(about, relevant).order_by(Swap.id.desc()).limit(1)
    query = (
        select(Participation, Swap)
        .join(Participation.slot)
        .join(Participation.person)
        .join(Section, Section.id == Person.section_id)
        .outerjoin(Swap, Swap.id == newest.correlate(Participation).scalar_subquery())
        .where(
            Participation.state == State.CONFIRMED,
            Participation.person_id != mine.person_id,
            Participation.slot_id != mine.slot_id,
            Person.standing == Standing.ACTIVE,
            # Where the reader's slot is theirs to see: of their section, or of one above it.
            Section.path.startswith(mine.slot.section.path, autoescape=False),
            scope.within(Slot, Can.TAKE_PART),
            Slot.status == Status.PUBLISHED,
            Slot.starts_at > now,
        )
        .options(contains_eager(Participation.slot), contains_eager(Participation.person))
        .order_by(Slot.starts_at, Slot.id, Participation.id)
    )
    if wanted.q:
        query = query.where(Slot.title.icontains(wanted.q, autoescape=True))
    if wanted.since is not None:
        query = query.where(Slot.starts_at >= day_bounds(wanted.since, mine.slot.zone)[0])
    return query
