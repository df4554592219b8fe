"""Places in question: which stand on the list, and what stands against each by now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import contains_eager

from brigades.access import Can, Scope
from brigades.db import session
from brigades.people.models import Person
from brigades.schedule.again import in_question_for, judged
from brigades.schedule.models import Participation, Slot
from brigades.schedule.rules import Code, Refusal, blocking

MOST_EXPORTED = 5000

# What can stand against a place that somebody has; each blocks.
REASONS = (
    Code.NOT_ACTIVE,
    Code.ON_LEAVE,
    Code.QUALIFICATION_EXPIRES,
    Code.QUALIFICATION_MISSING,
    Code.QUALIFICATION_UNVERIFIED,
    Code.SAFEGUARDING_EXPIRES,
    Code.SAFEGUARDING_MISSING,
    Code.SAFEGUARDING_UNVERIFIED,
    Code.SKILL_MISSING,
    Code.LANGUAGE_MISSING,
    Code.LEVEL_TOO_LOW,
    Code.OVERLAP,
    Code.TOO_YOUNG,
    Code.AGE_UNKNOWN,
    Code.GUARDIAN,
)


@dataclass(frozen=True)
class Filters:
    """What the list shows."""

    section_id: int | None = None
    reason: Code | None = None


@dataclass(frozen=True)
class Row:
    """A place of the list. ``reasons`` is empty where nothing stands against it any more."""

    place: Participation
    slot: Slot
    person: Person
    reasons: list[Refusal]


def places(scope: Scope, filters: Filters, now: datetime) -> Select[Any]:
    """The places that the last nightly look put in question, by start; with slot and person."""
    query = (
        select(Participation)
        .join(Participation.slot)
        .join(Participation.person)
        .join(Slot.section)
        .where(Participation.against != "", *in_question_for(now), runs(scope))
        .options(
            contains_eager(Participation.slot).contains_eager(Slot.section),
            contains_eager(Participation.person),
        )
        .order_by(Slot.starts_at, Slot.id, Participation.id)
    )
    if filters.section_id is not None:
        query = query.where(Slot.section_id == filters.section_id)
    if filters.reason is not None:
        listed = "," + Participation.against + ","
        query = query.where(listed.contains(f",{filters.reason.value},", autoescape=True))
    return query


def runs(scope: Scope) -> Any:
    """The condition that a slot is the reader's to run, whichever kind it is."""
    return or_(
        (Slot.type == "session") & scope.within(Slot, Can.RUN_TRAININGS),
        (Slot.type != "session") & scope.within(Slot, Can.RUN_SHIFTS),
    )


def rows(found: list[Participation], now: datetime) -> list[Row]:
    """The places with what stands against them now, in at most three statements."""
    reasons = judged(found, now) if found else {}
    return [Row(place, place.slot, place.person, blocking(reasons[place.id])) for place in found]


def exported(scope: Scope, filters: Filters, now: datetime) -> list[Row]:
    """Every place of the list, at most ``MOST_EXPORTED``."""
    found = session.scalars(places(scope, filters, now).limit(MOST_EXPORTED)).all()
    return rows(list(found), now)


def asked(args: Mapping[str, str]) -> Filters:
    """The filters that an address names; anything odd filters nothing."""
    section, reason = args.get("section", ""), args.get("reason", "")
    small = section.isascii() and section.isdigit() and len(section) < 10
    return Filters(
        section_id=int(section) if small else None,
        reason=Code(reason) if reason in {code.value for code in REASONS} else None,
    )
