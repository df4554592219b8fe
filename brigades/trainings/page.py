"""What the page of one session shows, for whoever looks at it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from brigades.access import Scope
from brigades.audit import service as audit
from brigades.audit.models import Entry
from brigades.db import built_once, session
from brigades.people.models import Person
from brigades.schedule import service as schedule
from brigades.schedule.models import Participation, Status
from brigades.schedule.rules import NeedFacts, Refusal
from brigades.schedule.states import HOLDING, LIVE, State
from brigades.sections.models import Section
from brigades.trainings import service
from brigades.trainings.models import Session


@dataclass(frozen=True)
class SessionPage:
    """A session, how its places stand, where the reader stands, and who takes part for its staff.

    ``reasons`` is why the reader cannot enrol; empty says they can, or that they are in.
    """

    session: Session
    need: NeedFacts
    mine: Participation | None
    position: int | None
    reasons: list[Refusal]
    home_zone: str
    runs: bool
    ticks: bool
    over: bool
    started: bool
    people: list[Participation] = field(default_factory=list)
    trail: list[Entry] = field(default_factory=list)

    @property
    def live(self) -> bool:
        """Whether the reader has a live part: a place, a place on the waitlist, an offer."""
        return self.mine is not None and self.mine.state in LIVE

    @property
    def inside(self) -> bool:
        """Whether the reader is shown what only those who come need, such as the online link."""
        return self.runs or self.ticks or (self.mine is not None and self.mine.state in HOLDING)

    @property
    def would_wait(self) -> bool:
        """Whether whoever enrols now goes on the waitlist."""
        return self.need.full or self.need.waiting > 0

    @property
    def staff(self) -> bool:
        """Whether the reader sees who takes part."""
        return self.runs or self.ticks

    @property
    def cancelled(self) -> bool:
        """Whether it will not happen."""
        return self.session.status is Status.CANCELLED

    @property
    def draft(self) -> bool:
        """Whether only its staff see it yet."""
        return self.session.status is Status.DRAFT

    def among(self, *states: str) -> list[Participation]:
        """The people in some states, in the list's order."""
        return [place for place in self.people if place.state in states]

    def name_of(self, person_id: int | None) -> str:
        """The name of somebody who takes or took part."""
        return next((one.person.name for one in self.people if one.person_id == person_id), "")


def look(scope: Scope, person: Person, session_id: int, *, now: datetime) -> SessionPage | None:
    """All that the page shows, in at most six statements; None where there is nothing to see.

    It judges without a lock: enrolling judges again under it.
    """
    given = service.sight(scope, session_id) | {"home": person.section_id}
    found = session.execute(_seen_from_home(), given).one_or_none()
    if found is None:
        return None
    one, zone = found
    judged = schedule.judge(one, person)
    need = judged.facts.needs[0]
    runs, ticks = service.runs(scope, one), service.ticks(scope, one)
    people: list[Participation] = []
    if runs or ticks:
        people = people_of(one.id)
        mine = next((place for place in reversed(people) if place.person_id == person.id), None)
        position = queue(people).get(mine.id) if mine else None
    else:
        mine, position = _mine(one.id, person.id)
    live = mine is not None and mine.state in LIVE
    return SessionPage(
        session=one,
        need=need,
        mine=mine,
        position=position,
        reasons=[] if live else judged.refusals(need, now, by_self=True),
        home_zone=zone or one.zone,
        runs=runs,
        ticks=ticks,
        over=one.ends_at <= now,
        started=one.starts_at <= now,
        people=sorted(people, key=lambda place: (place.person.sort_name, place.id)),
        trail=audit.trail(slot_id=one.id) if runs else [],
    )


@built_once
def _seen_from_home() -> Select[Any]:
    """A session, and the zone in which the reader lives."""
    zone = select(Section.zone).where(Section.id == bindparam("home")).scalar_subquery()
    return service.seen().add_columns(zone)


def people_of(session_id: int) -> list[Participation]:
    """Every place in a session with its person, longest known first."""
    return list(
        session.scalars(
            select(Participation)
            .options(joinedload(Participation.person))
            .where(Participation.slot_id == session_id)
            .order_by(Participation.round, Participation.id)
        )
    )


def queue(people: list[Participation]) -> dict[int, int]:
    """The position of each waiting place, counted from 1, by the place's id."""
    waiting = [place for place in people if place.state is State.WAITLISTED]
    waiting.sort(key=lambda place: (place.queued_at, place.id))
    return {place.id: number for number, place in enumerate(waiting, 1)}


def _mine(session_id: int, person_id: int) -> tuple[Participation | None, int | None]:
    given = {"session": session_id, "person": person_id}
    found = session.execute(_newest(), given).one_or_none()
    if found is None:
        return None, None
    mine, position = found
    return mine, position if mine.state is State.WAITLISTED else None


@built_once
def _newest() -> Select[Any]:
    """A person's newest place in a session, and its position if it waits."""
    other = aliased(Participation)
    number = (
        select(func.count(other.id))
        .where(
            other.need_id == Participation.need_id,
            other.state == State.WAITLISTED,
            or_(
                other.queued_at < Participation.queued_at,
                and_(other.queued_at == Participation.queued_at, other.id <= Participation.id),
            ),
        )
        .correlate(Participation)
        .scalar_subquery()
    )
    return (
        select(Participation, number)
        .where(
            Participation.slot_id == bindparam("session"),
            Participation.person_id == bindparam("person"),
        )
        .order_by(Participation.round.desc())
        .limit(1)
    )
