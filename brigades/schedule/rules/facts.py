"""What the rules judge on, as plain values; `schedule.facts` reads them from the database."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from brigades.clock import local_day
from brigades.people.levels import Level
from brigades.people.rules import age_on
from brigades.schedule.rules.limits import REACH
from brigades.schedule.rules.reasons import Commitment


@dataclass(frozen=True)
class Paper:
    """A kind of qualification that is asked for.

    ``months_past_end``: how long past the slot's end it must still be valid. ``travel``: it only
    warns until shortly before the start.
    """

    kind_id: int
    name: str = ""
    months_past_end: int = 0
    travel: bool = False


@dataclass(frozen=True)
class NeedFacts:
    """What a need asks of one person, and how its places stand."""

    id: int
    skill: str = ""
    trade: str = ""
    languages: tuple[str, ...] = ()
    level: Level | None = None
    kind_id: int | None = None
    kind_name: str = ""
    least: int = 0
    most: int | None = None
    held: int = 0
    offered: int = 0
    waiting: int = 0
    seeking: int = 0  # of those who hold a place, how many look for cover
    paper: Paper | None = None  # None where kind_id says all there is

    @property
    def asks(self) -> Paper | None:
        """The qualification that this need asks for."""
        if self.kind_id is None:
            return None
        return self.paper or Paper(self.kind_id, self.kind_name)

    @property
    def free(self) -> int | None:
        """Places left; None is unlimited, never negative."""
        return None if self.most is None else max(0, self.most - self.held)

    @property
    def full(self) -> bool:
        """Whether nobody more may hold a place; a most of zero is always full."""
        return self.free == 0

    @property
    def short(self) -> int:
        """How many are missing to the least."""
        return max(0, self.least - self.held)


@dataclass(frozen=True)
class SlotFacts:
    """What there is to judge of a slot. ``signup_ends`` is an instant, exclusive.

    ``papers`` is what everybody in it must hold; ``safeguarding`` the ids of the kinds of which
    one must be held, empty where it is no work with children or the organisation keeps no such
    kind, which ``with_children`` tells apart.
    """

    id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    published: bool = True
    cancelled: bool = False
    by_oneself: bool = True
    waitlist: bool = True
    signup_ends: datetime | None = None
    needs: tuple[NeedFacts, ...] = ()
    papers: tuple[Paper, ...] = ()
    with_children: bool = False
    safeguarding: frozenset[int] = frozenset()
    min_age: int | None = None

    def closed_at(self, now: datetime) -> bool:
        """Whether the time to sign up is over."""
        return self.signup_ends is not None and self.signup_ends <= now

    def queues(self, need: NeedFacts) -> bool:
        """Whether who comes to a need now may have to wait: it is full, or others go first."""
        return need.full or (self.waitlist and need.waiting > 0 and need.most is not None)

    @cached_property
    def first_day(self) -> date:
        """The local day of the start."""
        return local_day(self.starts_at, self.zone)

    @cached_property
    def around(self) -> tuple[datetime, datetime]:
        """The instants between which other slots matter for the rest rules."""
        return self.starts_at - REACH, self.ends_at + REACH

    @cached_property
    def last_day(self) -> date:
        """The local day of the slot's last moment; what ends at midnight ended the day before."""
        return local_day(self.ends_at - timedelta(microseconds=1), self.zone)


@dataclass(frozen=True)
class Holding:
    """A qualification held of a kind: its last valid day (None: without end) and if verified."""

    until: date | None
    verified: bool = True

    def covers(self, day: date) -> bool:
        """Whether it is valid on a day; the last valid day is inclusive."""
        return self.until is None or day <= self.until


@dataclass(frozen=True)
class PersonFacts:
    """What there is to judge of a person. ``skills`` holds (skill, trade) and (skill, "").

    ``weekdays``: ISO numbers of the days they can come, empty for any. ``away``: first and last
    days, both inclusive, on which they cannot.
    """

    id: int
    active: bool = True
    on_leave: bool = False
    skills: frozenset[tuple[str, str]] = frozenset()
    languages: Mapping[str, Level] = field(default_factory=dict)
    holdings: Mapping[int, tuple[Holding, ...]] = field(default_factory=dict)
    commitments: tuple[Commitment, ...] = ()
    live_in: frozenset[int] = frozenset()  # ids of slots with a live participation
    waits_in: frozenset[int] = frozenset()  # of these, where they are on the waiting list
    born: date | None = None
    guardian_agrees: bool = False
    available_from: date | None = None
    available_until: date | None = None
    weekdays: frozenset[int] = frozenset()
    away: tuple[tuple[date, date], ...] = ()

    @cached_property
    def limited(self) -> bool:
        """Whether they said anything on when they can come."""
        return bool(self.available_from or self.available_until or self.weekdays or self.away)

    @cached_property
    def _by_start(self) -> tuple[list[Commitment], list[datetime]]:
        """Commitments in the order of their starts, and the starts: sorted once for many slots."""
        in_order = sorted(self.commitments, key=lambda one: (one.starts_at, one.slot_id))
        return in_order, [one.starts_at for one in in_order]

    def busy_between(self, first: datetime, last: datetime) -> list[Commitment]:
        """Commitments that reach into the instants, in the order of their starts."""
        in_order, starts = self._by_start
        return [one for one in in_order[: bisect_left(starts, last)] if one.ends_at > first]

    def age_on(self, day: date) -> int | None:
        """Age in full years on a local day; None where no date of birth is known."""
        return None if self.born is None else age_on(self.born, day)
