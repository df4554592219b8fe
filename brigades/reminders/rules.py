"""Which reminders are due, from facts alone. Pure: all instants are UTC."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from brigades.clock import DAY, HOUR, to_wall

DIGEST_AT = time(7)


class Audience(StrEnum):
    """Who is reminded. COMING: whose place is certain."""

    COMING = "coming"
    OFFERED = "offered"
    WAITLISTED = "waitlisted"
    LEAD = "lead"
    COORDINATORS = "coordinators"
    ORGANIZERS = "organizers"


# Of these everybody with a place is one; they are told at once when the slot is moved.
WITH_PLACES = frozenset({Audience.COMING, Audience.WAITLISTED})
# These answer for the slot: they published and moved it.
ANSWERABLE = frozenset({Audience.COORDINATORS, Audience.ORGANIZERS})
# What a plan may say; whom a place is offered to is reminded of the answer, by no plan.
IN_PLANS = tuple(one for one in Audience if one is not Audience.OFFERED)
HOURS = (2, 4, 12, 24, 48, 72, 120, 168, 336, 504, 720)


@dataclass(frozen=True)
class Rule:
    """To whom, how many hours before the start; perhaps only while a need is below its least."""

    to: Audience
    hours: int
    only_unfilled: bool = False


# What holds where nobody has said otherwise.
DEFAULTS = (
    Rule(Audience.COMING, 168),
    Rule(Audience.COMING, 24),
    Rule(Audience.LEAD, 24),
    Rule(Audience.COORDINATORS, 336, only_unfilled=True),
    Rule(Audience.COORDINATORS, 168, only_unfilled=True),
    Rule(Audience.COORDINATORS, 48, only_unfilled=True),
    Rule(Audience.ORGANIZERS, 48, only_unfilled=True),
)


@dataclass(frozen=True)
class Start:
    """What is known of a slot: since when it is published, when its people heard of a move."""

    starts_at: datetime
    public_since: datetime
    moved_at: datetime | None = None
    short: bool = False  # a need is below its least

    def moment(self, hours: int) -> datetime:
        """The instant so many hours before the start."""
        return self.starts_at - hours * HOUR


def due(rules: Sequence[Rule], hours: int, start: Start, at: datetime) -> Iterator[Rule]:
    """Yield the rules of so many hours before the start that are to be followed at ``at``.

    What was missed is made up for until the next reminder of the same audience, or the start; so
    of several that were missed only the nearest goes out. Not what its readers knew anyway: who has
    a place is told of a move at once, and who answers for a slot has published and moved it.
    """
    moment = start.moment(hours)
    if not moment <= at < start.starts_at:
        return
    moved = start.moved_at is not None and start.moved_at > moment
    for rule in rules:
        if rule.hours != hours or _overtaken(rule, rules, start, at):
            continue
        if rule.only_unfilled and not start.short:
            continue
        if moved and rule.to is not Audience.LEAD:
            continue
        if rule.to in ANSWERABLE and start.public_since > moment:
            continue
        yield rule


def _overtaken(rule: Rule, rules: Iterable[Rule], start: Start, at: datetime) -> bool:
    return any(
        other.to is rule.to and other.hours < rule.hours and start.moment(other.hours) <= at
        for other in rules
    )


def stood(changed_at: datetime | None, moment: datetime) -> bool:
    """Whether something was as it is now when the moment came; None is always.

    Who came in since has just read it, and a plan that was changed since sends nothing late.
    """
    return changed_at is None or changed_at <= moment


def answer_moment(asked_at: datetime, answer_by: datetime) -> datetime | None:
    """When somebody is reminded that a place was offered to them: a day before the answer is due.

    Not before the offer is a day old; None where that leaves no time.
    """
    moment = max(answer_by - DAY, asked_at + DAY)
    return moment if moment < answer_by else None


def digest_day(zone_name: str, now: datetime) -> date | None:
    """The local day whose daily mail is due, from seven in the morning; None before that.

    ValueError where the zone is none.
    """
    local = to_wall(now, zone_name).local
    return local.date() if local.time() >= DIGEST_AT else None


def home_zone(appointed: Iterable[tuple[int, str]], own_section: int) -> str:
    """The zone that somebody's day follows: their own section's if they are appointed there.

    Else that of the first section they were appointed in. ``appointed``: section id and zone.
    """
    zones = dict(appointed)
    return zones.get(own_section) or zones[min(zones)]
