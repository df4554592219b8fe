"""Which reminders are due, from facts alone. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from brigades.clock import DAY, to_wall

DIGEST_AT = time(7)


class Lead(StrEnum):
    """How long before a start a reminder goes out; also the end of its letter's name."""

    WEEK = "week"
    DAY = "day"


BEFORE: dict[Lead, timedelta] = {Lead.WEEK: 7 * DAY, Lead.DAY: 1 * DAY}
# Until how long before the start it is caught up if it could not go out in time.
UNTIL: dict[Lead, timedelta] = {Lead.WEEK: 4 * DAY, Lead.DAY: timedelta()}


@dataclass(frozen=True)
class PlaceFacts:
    """A confirmed place: since when, and when the slot was last moved (UTC instants)."""

    starts_at: datetime
    confirmed_at: datetime
    moved_at: datetime | None = None


def due(place: PlaceFacts, now: datetime) -> Iterator[Lead]:
    """Yield the leads for which this place's person is to be reminded at ``now``.

    Not what they were told after the reminder's moment: whoever came in within the last week has
    just read the day, and whoever heard of a move within the lead has read the new time.
    """
    for lead, before in BEFORE.items():
        moment = place.starts_at - before
        if not moment <= now < place.starts_at - UNTIL[lead]:
            continue
        if place.moved_at is not None and place.moved_at > moment:
            continue
        if lead is Lead.WEEK and place.confirmed_at > moment:
            continue
        yield lead


def digest_day(zone_name: str, now: datetime) -> date | None:
    """The local day whose daily mail is due, from seven in the morning; None before that.

    ValueError where the zone is none.
    """
    local = to_wall(now, zone_name).local
    return local.date() if local.time() >= DIGEST_AT else None


def home_of(appointed: Iterable[tuple[int, str]], own_section: int) -> str:
    """The zone that somebody's day follows: their own section's if they are appointed there.

    Else that of the first section they were appointed in. ``appointed``: section id and zone.
    """
    zones = dict(appointed)
    return zones.get(own_section) or zones[min(zones)]
