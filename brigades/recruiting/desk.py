"""The coordinators' queue: what waits, oldest first, and one application in full."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, Text, cast, func, select
from sqlalchemy.orm import joinedload

from brigades.access import Scope
from brigades.audit import service as audit
from brigades.audit.models import Entry
from brigades.db import session
from brigades.people.models import Person, plain
from brigades.recruiting.models import WAITING_STAGES, Application, Stage
from brigades.sections import service as sections
from brigades.sections.models import Section

ANY = "any"
_chased = [timedelta(days=3)]


def chase_after(wait: timedelta) -> None:
    """Mark what has waited so long; the schedule's limits say it, for the daily mail too."""
    _chased[0] = wait


def chased_after() -> timedelta:
    """How long an application waits before the list marks it."""
    return _chased[0]


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; an empty ``stage`` means what waits for a decision."""

    q: str = ""
    section: str = ""  # slug
    stage: str = ""
    skill: str = ""  # code of a skill or a trade


def listing(scope: Scope, filters: Filters) -> Select[Any]:
    """The applications of a scope, the longest waiting first."""
    query = scope.select(Application).options(joinedload(Application.section))
    if filters.q:
        for word in plain(filters.q).split():
            query = query.where(Application.search.contains(word, autoescape=True))
    if filters.section:
        there = select(Section.id).where(Section.slug == filters.section).scalar_subquery()
        query = query.where(Application.section_id == there)
    if filters.stage in list(Stage):
        query = query.where(Application.stage == Stage(filters.stage))
    elif filters.stage != ANY:
        query = query.where(Application.stage.in_(WAITING_STAGES))
    if filters.skill:
        # Codes stand in quotes in the kept JSON, the same on both databases.
        kept = cast(Application.skills, Text)
        query = query.where(kept.contains(f'"{filters.skill}"', autoescape=True))
    since = func.coalesce(Application.confirmed_at, Application.sent_at)
    return query.order_by(since, Application.id)


def all_of(scope: Scope, filters: Filters) -> Iterator[Application]:
    """Every application of a list, for a sheet."""
    yield from session.scalars(listing(scope, filters))


@dataclass(frozen=True)
class Shown:
    """One application with its trail, and the person who has its address already."""

    application: Application
    trail: list[Entry]
    sections: list[Section]  # others that it may be moved to
    known: Person | None


def shown(scope: Scope, application_id: int) -> Shown | None:
    """All that a coordinator decides on, in four statements; None outside the scope."""
    application = session.scalar(
        scope.select(Application)
        .where(Application.id == application_id)
        .options(joinedload(Application.section), joinedload(Application.decider))
    )
    if application is None:
        return None
    known = session.scalar(
        select(Person)
        .where(Person.email_key == application.email_key)
        .options(joinedload(Person.section))
    )
    others = [s for s in sections.within(scope) if s.id != application.section_id]
    return Shown(application, audit.trail(application_id=application.id), others, known)


def locked(scope: Scope, application_id: int) -> Application | None:
    """The application, locked and read anew: of two who decide at once, one decides."""
    query = scope.select(Application).where(Application.id == application_id)
    application: Application | None = session.scalar(
        query.with_for_update().execution_options(populate_existing=True)
    )
    return application
