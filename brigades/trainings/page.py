"""What the page of one session shows, for whoever looks at it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, or_, select

from brigades.access import Can, Scope, inside
from brigades.audit import service as audit
from brigades.audit.models import Entry
from brigades.db import built_once, session
from brigades.people.models import Person
from brigades.schedule.in_series import InSeries, read, with_standing
from brigades.schedule.models import Participation, Slot, Status
from brigades.schedule.rules import NeedFacts, Refusal
from brigades.schedule.standing import Stand, stand
from brigades.schedule.states import HOLDING
from brigades.sections.models import Section
from brigades.trainings import service
from brigades.trainings.models import Session


@dataclass(frozen=True)
class SessionPage:
    """A session and how its places stand for the reader."""

    session: Session
    stand: Stand
    home_zone: str
    runs: bool
    ticks: bool
    over: bool
    series: InSeries | None = None
    trail: list[Entry] = field(default_factory=list)

    @property
    def need(self) -> NeedFacts:
        """The one need that a session has."""
        return self.stand.choices[0].need

    @property
    def mine(self) -> Participation | None:
        """The reader's newest place here, also one they have no more."""
        return self.stand.newest.place if self.stand.newest else None

    @property
    def reasons(self) -> tuple[Refusal, ...]:
        """Why the reader cannot enrol; empty says they can, or that they are in."""
        return () if self.stand.mine else self.stand.choices[0].refusals

    @property
    def blocked(self) -> bool:
        """Whether the reader cannot enrol; a warning keeps nobody from it."""
        return any(reason.blocks for reason in self.reasons)

    @property
    def inside(self) -> bool:
        """Whether the reader is shown what only those who come need, such as the online link."""
        return self.runs or self.ticks or (self.mine is not None and self.mine.state in HOLDING)

    @property
    def would_wait(self) -> bool:
        """Whether whoever enrols now may have to wait."""
        return self.stand.choices[0].waits

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


def look(scope: Scope, person: Person, session_id: int, *, now: datetime) -> SessionPage | None:
    """All that the page shows, in at most six statements; None where there is nothing to see.

    It judges without a lock: enrolling judges again under it.
    """
    given = service.sight(scope, session_id) | {"home": person.section_id}
    found = session.execute(_seen_from_home(scope.everywhere), given).one_or_none()
    if found is None:
        return None
    one, zone = found[:2]
    runs, ticks = service.runs(scope, one), service.ticks(scope, one)
    return SessionPage(
        session=one,
        stand=stand(one, person, everybody=runs or ticks, now=now),
        home_zone=person.zone or zone or one.zone,
        runs=runs,
        ticks=ticks,
        over=one.ends_at <= now,
        series=read(found),
        trail=audit.trail(slot_id=one.id) if runs else [],
    )


@built_once
def _seen_from_home(everywhere: frozenset[Can]) -> Select[Any]:
    """A session, the zone of the reader's section, and where it stands in its series."""
    zone = select(Section.zone).where(Section.id == bindparam("home")).scalar_subquery()
    held = select(Session.id).where(Session.trainer_id == bindparam("reader"))
    drafts = or_(inside(Slot, Can.RUN_TRAININGS, everywhere), Slot.id.in_(held))
    query = service.seen(everywhere).add_columns(zone)
    return with_standing(query, Session.id, bindparam("session"), drafts)
