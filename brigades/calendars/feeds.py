"""Calendars of sections: who has an address of which, what it opens, and making and ending it.

An address belongs to one person. It shows the section's own shifts and trainings; each section
below has an address of its own, so that a calendar program can show or hide it by itself. It opens
only while its person may run shifts there, which is asked at every fetch.
"""

import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.orm import contains_eager

from brigades.access import Can, Scope
from brigades.accounts.models import Account
from brigades.asking import MOST_ID
from brigades.audit import service as audit
from brigades.calendars.models import SectionFeed
from brigades.clock import DAY
from brigades.db import session
from brigades.people.models import Person, Standing
from brigades.schedule.facts import needs_of
from brigades.schedule.models import Participation, Slot, Status
from brigades.schedule.rules import NeedFacts
from brigades.sections.models import Section
from brigades.sections.service import names, scope_of

LOOKS_BACK, LOOKS_AHEAD = 60 * DAY, 400 * DAY


@dataclass(frozen=True)
class Shown:
    """A slot with its needs, and all its places, of any state, each with its person."""

    slot: Slot
    needs: Sequence[NeedFacts]
    places: Sequence[Participation]

    @property
    def changed_at(self) -> datetime:
        """When anything that is shown last changed: the slot, or somebody's place in it."""
        return max([self.slot.changed_at, *(place.changed_at for place in self.places)])


@dataclass(frozen=True)
class Feed:
    """A person's address of a section's calendar; ``opens`` while they may run shifts there."""

    section: Section
    secret: str
    opens: bool


def opened(secret: str, now: datetime) -> tuple[Person, Section] | None:
    """Whose address this is and of which section; None for one that opens nothing (any more)."""
    found = session.execute(
        select(Person, Section)
        .join(SectionFeed, SectionFeed.person_id == Person.id)
        .join(Section, Section.id == SectionFeed.section_id)
        .join(Account, Account.person_id == Person.id)
        .where(
            SectionFeed.secret == secret,
            Account.active,
            Person.standing.in_((Standing.ACTIVE, Standing.ON_LEAVE)),
        )
    ).first()
    if found is None:
        return None
    person, section = found
    scope = scope_of(person.id, person.section_id, now.date())
    return (person, section) if scope.may(Can.RUN_SHIFTS, section.id) else None


def slots_of(section_id: int, now: datetime) -> list[Shown]:
    """A section's slots but drafts, 60 days back and 400 ahead, in three statements."""
    within = _within(section_id, now)
    slots = session.scalars(select(Slot).where(within).order_by(Slot.starts_at, Slot.id)).all()
    needs = needs_of(slot.id for slot in slots)
    places: dict[int, list[Participation]] = defaultdict(list)
    for place in session.scalars(
        select(Participation)
        .join(Slot, Slot.id == Participation.slot_id)
        .join(Participation.person)
        .options(contains_eager(Participation.person))
        .where(within)
        .order_by(Person.sort_name, Participation.id)
    ):
        places[place.slot_id].append(place)
    return [Shown(slot, needs.get(slot.id, []), places[slot.id]) for slot in slots]


def _within(section_id: int, now: datetime) -> ColumnElement[bool]:
    return and_(
        Slot.section_id == section_id,
        Slot.status.in_((Status.PUBLISHED, Status.CANCELLED)),
        Slot.ends_at >= now - LOOKS_BACK,
        Slot.starts_at <= now + LOOKS_AHEAD,
    )


def of_person(scope: Scope) -> list[Feed]:
    """The reader's addresses of sections, by name."""
    found = session.execute(
        select(Section, SectionFeed.secret)
        .join(SectionFeed, SectionFeed.section_id == Section.id)
        .where(SectionFeed.person_id == scope.person_id)
        .order_by(Section.name, Section.id)
    )
    runs = scope.sections(Can.RUN_SHIFTS)
    return [Feed(section, secret, section.id in runs) for section, secret in found]


def to_choose(scope: Scope, has: Sequence[Feed]) -> list[tuple[int, str]]:
    """Id and name of the sections where the reader runs shifts and has no address yet, by name."""
    known = {feed.section.id for feed in has}
    return [(id, name) for id, name in names(scope, Can.RUN_SHIFTS) if id not in known]


def section_to_run(scope: Scope, section_id: int) -> Section | None:
    """A section where the reader runs shifts."""
    runs = scope.may(Can.RUN_SHIFTS, section_id)
    return session.get(Section, section_id) if runs else None


def section_of(scope: Scope, section_id: int) -> Section | None:
    """A section of whose calendar the reader has an address, whether it opens or not."""
    if section_id > MOST_ID:
        return None
    return session.scalar(
        select(Section)
        .join(SectionFeed, SectionFeed.section_id == Section.id)
        .where(SectionFeed.person_id == scope.person_id, Section.id == section_id)
    )


def make(person_id: int, section: Section, *, now: datetime, anew: bool = False) -> None:
    """Give somebody an address of a section's calendar; one that they have stays.

    ``anew``: not so, the old one ends at once.
    """
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update())
    feed = session.get(SectionFeed, (person_id, section.id), populate_existing=True)
    if feed is not None and not anew:
        return
    became = "made" if feed is None else "renewed"
    if feed is None:
        feed = SectionFeed(person_id=person_id, section_id=section.id)
        session.add(feed)
    feed.secret, feed.made_at = secrets.token_urlsafe(32), now
    _record(person_id, section, became, now)


def remove(person_id: int, section: Section, *, now: datetime) -> None:
    """The address opens nothing any more; twice changes nothing."""
    mine = (SectionFeed.person_id == person_id, SectionFeed.section_id == section.id)
    if session.execute(delete(SectionFeed).where(*mine).returning(SectionFeed.section_id)).all():
        _record(person_id, section, "removed", now)


def forget(person: Person) -> None:
    """Take an erased person's addresses away."""
    session.execute(delete(SectionFeed).where(SectionFeed.person_id == person.id))


def forget_section(section_id: int) -> None:
    """A section that is deleted has no calendar."""
    session.execute(delete(SectionFeed).where(SectionFeed.section_id == section_id))


def _record(person_id: int, section: Section, became: str, now: datetime) -> None:
    audit.record(
        "section calendar",
        by=person_id,
        at=now,
        became=became,
        person_id=person_id,
        section_id=section.id,
    )
    session.flush()
