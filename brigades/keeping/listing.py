"""Who and what goes when, as the pages, the files and the command list it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from brigades.access import Can, Scope
from brigades.clock import DAY
from brigades.db import session
from brigades.keeping import service
from brigades.keeping.leavers import (
    against,
    held_back,
    last_day,
    leavers,
    left_by,
    left_on,
    was_with_children,
)
from brigades.keeping.models import Farewell
from brigades.keeping.rules import Keep, Leaver
from brigades.people.models import Person, plain
from brigades.recruiting.models import Application, Stage
from brigades.recruiting.rules import UNCONFIRMED_FOR
from brigades.sections.models import Section

AHEAD = (30, 90, 365)  # days
STATES = ("goes", "held", "stands")
MOST_EXPORTED = 5000
DECIDED = (Stage.DECLINED, Stage.WITHDRAWN)


@dataclass(frozen=True)
class Asked:
    """What the list was asked for; an empty value filters nothing."""

    q: str = ""
    section: str = ""
    state: str = ""
    ahead: int = AHEAD[1]

    @property
    def narrowed(self) -> bool:
        """Whether anything is filtered."""
        return bool(self.q or self.section or self.state or self.ahead != AHEAD[1])

    @property
    def address(self) -> dict[str, Any]:
        """The same as arguments of an address."""
        ahead = self.ahead if self.ahead != AHEAD[1] else ""
        asked = {"q": self.q, "section": self.section, "state": self.state, "ahead": ahead}
        return {name: value for name, value in asked.items() if value}


@dataclass(frozen=True)
class Row:
    """Somebody who left, when they are erased, and why not sooner."""

    person: Person
    facts: Leaver
    goes_on: date | None
    farewell: Farewell | None


def asked(args: Mapping[str, str]) -> Asked:
    """What an address asks for; anything odd asks for nothing."""
    state, ahead = args.get("state", ""), args.get("ahead", "")
    return Asked(
        q=args.get("q", "").replace("\x00", "").strip()[:200],
        section=args.get("section", "").replace("\x00", "").strip()[:200],
        state=state if state in STATES else "",
        ahead=int(ahead) if ahead in {str(days) for days in AHEAD} else AHEAD[1],
    )


def people(scope: Scope, ask: Asked, now: datetime) -> Select[tuple[Person]]:
    """Who left so long ago that they are erased within the days asked for, or would be."""
    keep, today = service.keep(), now.date()
    last = last_day(keep, today, ask.ahead)
    query: Select[tuple[Person]] = scope.select(Person, Can.HOLD_BACK)
    query = query.where(*left_by(last if last is not None else date.min))
    query = query.options(joinedload(Person.section))
    for word in plain(ask.q).split():
        query = query.where(Person.search.contains(word, autoescape=True))
    if ask.section:
        query = query.where(_below(Person.section_id, ask.section))
    if ask.state:
        query = query.where(_in_state(ask, keep, now))
    return query.order_by(left_on(), Person.id)


def _in_state(ask: Asked, keep: Keep, now: datetime) -> ColumnElement[bool]:
    held = held_back(now.date())
    since = now + (ask.ahead - keep.children) * DAY if keep.children else None
    stands = or_(*against(now).values(), was_with_children(since))
    return {"goes": and_(~held, ~stands), "held": held, "stands": stands}[ask.state]


def _below(column: Any, slug: str) -> ColumnElement[bool]:
    top = select(Section.path).where(Section.slug == slug).scalar_subquery()
    below = select(Section.id).where(Section.path.startswith(top))
    return column.in_(below)  # type: ignore[no-any-return]


def sections_of(scope: Scope) -> list[tuple[str, str]]:
    """Slugs and names of the sections where the reader sees who goes."""
    query = select(Section.slug, Section.name).where(Section.id.in_(scope.sections(Can.HOLD_BACK)))
    return [(slug, name) for slug, name in session.execute(query.order_by(Section.path))]


def rows(found: Sequence[Person], now: datetime) -> list[Row]:
    """These people with all that is shown of them, in two statements."""
    ids, today, keep = [person.id for person in found], now.date(), service.keep()
    facts = leavers(ids, now) if ids else {}
    said = select(Farewell).where(Farewell.person_id.in_(ids))
    farewells = {one.person_id: one for one in session.scalars(said)} if ids else {}
    return [
        Row(
            person,
            facts[person.id],
            facts[person.id].goes_on(keep, today),
            farewells.get(person.id),
        )
        for person in found
        if person.id in facts
    ]


def applications(scope: Scope, ask: Asked, now: datetime) -> Select[tuple[Application]]:
    """Those of `applications_within` the days asked for that are in scope, and fit."""
    query = applications_within(ask.ahead, now).where(scope.within(Application, Can.HOLD_BACK))
    for word in plain(ask.q).split():
        query = query.where(Application.search.contains(word, autoescape=True))
    return query.where(_below(Application.section_id, ask.section)) if ask.section else query


def applications_within(days: int, now: datetime) -> Select[tuple[Application]]:
    """Applications that are emptied within so many days, and unconfirmed ones that go whole."""
    kept, until = service.keep().applications, now + days * DAY
    goes = and_(Application.stage == Stage.SENT, Application.sent_at < until - UNCONFIRMED_FOR)
    if kept:
        decided = and_(
            Application.stage.in_(DECIDED),
            Application.decided_at < until - kept * DAY,
            Application.email.contains("@"),  # not yet emptied
        )
        goes = or_(goes, decided)
    ended = func.coalesce(Application.decided_at, Application.sent_at)
    query = select(Application).where(goes).options(joinedload(Application.section))
    return query.order_by(ended, Application.id)


def application_goes_on(application: Application) -> date:
    """The day on which an application of the list is emptied, or forgotten."""
    if application.stage is Stage.SENT:
        return (application.sent_at + UNCONFIRMED_FOR).date()
    assert application.decided_at is not None
    return (application.decided_at + timedelta(days=service.keep().applications)).date()
