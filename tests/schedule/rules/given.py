"""What the tests of the rules are made of: slots, people and commitments without a database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from brigades.clock import Wall
from brigades.schedule.rules import (
    Code,
    Commitment,
    NeedFacts,
    PersonFacts,
    Refusal,
    SlotFacts,
    refusals,
)

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def utc(day: int, hour: int = 0, minute: int = 0, month: int = 5) -> datetime:
    """An instant in 2026, in May unless said otherwise."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


EIGHT, TWELVE = utc(2, 8), utc(2, 12)


def a_slot(start: datetime = EIGHT, end: datetime = TWELVE, **given: Any) -> SlotFacts:
    """A slot on 2 May from 8 to 12, unless said otherwise."""
    return replace(SlotFacts(1, "Wall", start, end, "UTC"), **given)


def a_slot_on(start: str, end: str, zone: str = "UTC", **given: Any) -> SlotFacts:
    """A slot by what stands on the wall."""
    return a_slot(at(start, zone), at(end, zone), zone=zone, **given)


def at(wall: str, zone: str, fold: int = 0) -> datetime:
    """The instant of what stands on the wall, such as "2026-05-02 08:00"."""
    return Wall(datetime.fromisoformat(wall), zone, fold).instant


def busy(start: datetime, end: datetime, slot_id: int = 2, title: str = "Other") -> Commitment:
    """Another slot that binds somebody."""
    return Commitment(slot_id, title, start, end, "UTC")


def somebody(**given: Any) -> PersonFacts:
    """An active person against whom nothing stands."""
    return replace(PersonFacts(1), **given)


def codes(
    slot: SlotFacts, person: PersonFacts, need: NeedFacts | None = None, **how: Any
) -> dict[Code, Refusal]:
    """The refusals by their code; who judges is the person unless ``by_self`` says otherwise."""
    found = refusals(slot, need or NeedFacts(1), person, how.pop("now", NOW), **how)
    return {reason.code: reason for reason in found}
