"""What a refusal is: a code, whether it blocks, and what it was judged on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property

from brigades.people.levels import Level


class Code(StrEnum):
    """A reason to say no."""

    NOT_OPEN = "not-open"
    CANCELLED = "cancelled"
    ASSIGNED_ONLY = "assigned-only"
    SIGNUP_CLOSED = "signup-closed"
    OVER = "over"
    STARTED = "started"
    PAST = "past"
    TOO_EARLY = "too-early"
    NO_PLACE = "no-place"
    CAME = "came"
    UNDER_WAY = "under-way"
    NOT_ACTIVE = "not-active"
    ON_LEAVE = "on-leave"
    ALREADY_IN = "already-in"
    FULL = "full"
    SKILL_MISSING = "skill-missing"
    LANGUAGE_MISSING = "language-missing"
    LEVEL_TOO_LOW = "level-too-low"
    QUALIFICATION_MISSING = "qualification-missing"
    QUALIFICATION_UNVERIFIED = "qualification-unverified"
    QUALIFICATION_EXPIRES = "qualification-expires"
    SAFEGUARDING_MISSING = "safeguarding-missing"
    SAFEGUARDING_UNVERIFIED = "safeguarding-unverified"
    SAFEGUARDING_EXPIRES = "safeguarding-expires"
    AGE_UNKNOWN = "age-unknown"
    TOO_YOUNG = "too-young"
    GUARDIAN = "guardian"
    UNAVAILABLE = "unavailable"
    OVERLAP = "overlap"
    REST = "rest"
    STRETCH = "stretch"
    WEEK = "week"
    WEEKLY_REST = "weekly-rest"


# The reasons of the rest rules: they block whoever signs up and warn a coordinator.
REST_RULES = frozenset({Code.REST, Code.STRETCH, Code.WEEK, Code.WEEKLY_REST})


@dataclass(frozen=True)
class Commitment:
    """Another slot that binds the person's time."""

    slot_id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str

    @cached_property
    def length(self) -> timedelta:
        """How long it binds, between the instants."""
        return self.ends_at - self.starts_at


@dataclass(frozen=True)
class Refusal:
    """One reason, whether it blocks or warns, and what it was judged on.

    Which of the optional facts are set depends on the code; ``schedule.words`` says them aloud.
    ``hours`` is what was found and ``limit`` what the rule asks for, in hours. ``age`` is the age
    on the day ``on``, ``least_age`` the one that is asked for, in years. ``months``: how long past
    the end a paper must hold.
    """

    code: Code
    blocks: bool = True
    skill: str = ""
    language: str = ""
    level: Level | None = None
    has: Level | None = None
    kind: str = ""
    on: date | None = None
    until: date | None = None
    other: Commitment | None = None
    hours: float = 0.0
    limit: float = 0.0
    age: int = 0
    least_age: int = 0
    months: int = 0


def blocking(reasons: Iterable[Refusal]) -> list[Refusal]:
    """Those that nobody may overrule."""
    return [reason for reason in reasons if reason.blocks]
