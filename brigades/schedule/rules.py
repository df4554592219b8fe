"""What is allowed. Pure: all that is judged on stands in the arguments, all instants are UTC.

``refusals`` is the one list of reasons to say no. The page explains with it, the service enforces
with it, the assignment board greys out with it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from brigades.clock import DAY, HOUR, local_day
from brigades.people.levels import Level


@dataclass(frozen=True)
class Limits:
    """The numbers of the rest rules and deadlines; each is a setting with this default.

    Rest: 11 h [Directive 2003/88 Art. 3, adopted as policy]. What touches end to start is one
    stretch of duty; 24 h less the rest is the longest one that is put together from several slots.
    """

    rest: timedelta = 11 * HOUR
    answer: timedelta = DAY

    @property
    def stretch(self) -> timedelta:
        """The longest stretch of duty that leaves the rest within 24 hours."""
        return DAY - self.rest


class Code(StrEnum):
    """A reason to say no."""

    NOT_OPEN = "not-open"
    CANCELLED = "cancelled"
    ASSIGNED_ONLY = "assigned-only"
    SIGNUP_CLOSED = "signup-closed"
    OVER = "over"
    STARTED = "started"
    TOO_EARLY = "too-early"
    NO_PLACE = "no-place"
    NOT_ACTIVE = "not-active"
    ALREADY_IN = "already-in"
    FULL = "full"
    SKILL_MISSING = "skill-missing"
    LANGUAGE_MISSING = "language-missing"
    LEVEL_TOO_LOW = "level-too-low"
    QUALIFICATION_MISSING = "qualification-missing"
    QUALIFICATION_UNVERIFIED = "qualification-unverified"
    QUALIFICATION_EXPIRES = "qualification-expires"
    OVERLAP = "overlap"
    REST = "rest"


@dataclass(frozen=True)
class Commitment:
    """Another slot that binds the person's time."""

    slot_id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str


@dataclass(frozen=True)
class Refusal:
    """One reason, whether it blocks or warns, and what it was judged on.

    Which of the optional facts are set depends on the code; ``schedule.words`` says them aloud.
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
    """What there is to judge of a slot. ``signup_ends`` is an instant, exclusive."""

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

    @property
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
    """What there is to judge of a person. ``skills`` holds (skill, trade) and (skill, "")."""

    id: int
    active: bool = True
    skills: frozenset[tuple[str, str]] = frozenset()
    languages: Mapping[str, Level] = field(default_factory=dict)
    holdings: Mapping[int, tuple[Holding, ...]] = field(default_factory=dict)
    commitments: tuple[Commitment, ...] = ()
    live_in: frozenset[int] = frozenset()  # ids of slots with a live participation


def refusals(
    slot: SlotFacts,
    need: NeedFacts | None,
    person: PersonFacts,
    now: datetime,
    *,
    by_self: bool = True,
    limits: Limits = Limits(),
) -> Iterator[Refusal]:
    """Yield every reason to say no; nothing yielded means yes.

    ``by_self``: the person signs up; otherwise a coordinator assigns, for whom the rest rules warn
    and closed sign-up does not count.
    """
    yield from _about_slot(slot, now, by_self)
    if not person.active:
        yield Refusal(Code.NOT_ACTIVE)
    if slot.id in person.live_in:
        yield Refusal(Code.ALREADY_IN)
    if need is not None:
        if need.full and not slot.waitlist:
            yield Refusal(Code.FULL)
        yield from _about_need(slot, need, person)
    yield from _about_time(slot, person, by_self, limits)


def recheck(
    slot: SlotFacts, need: NeedFacts, person: PersonFacts, limits: Limits = Limits()
) -> Iterator[Refusal]:
    """Reasons why somebody who already holds a place should not: all but opening and places."""
    if not person.active:
        yield Refusal(Code.NOT_ACTIVE)
    yield from _about_need(slot, need, person)
    yield from _about_time(slot, person, False, limits)


def blocking(reasons: Iterable[Refusal]) -> list[Refusal]:
    """Those that nobody may overrule."""
    return [reason for reason in reasons if reason.blocks]


def _about_slot(slot: SlotFacts, now: datetime, by_self: bool) -> Iterator[Refusal]:
    if slot.cancelled:
        yield Refusal(Code.CANCELLED)
    elif not slot.published:
        yield Refusal(Code.NOT_OPEN)
    if slot.ends_at <= now:
        yield Refusal(Code.OVER)
    elif by_self and slot.starts_at <= now:
        yield Refusal(Code.STARTED)
    if by_self and not slot.by_oneself:
        yield Refusal(Code.ASSIGNED_ONLY)
    if by_self and slot.signup_ends is not None and slot.signup_ends <= now < slot.starts_at:
        day = local_day(slot.signup_ends - timedelta(microseconds=1), slot.zone)
        yield Refusal(Code.SIGNUP_CLOSED, on=day)


def _about_need(slot: SlotFacts, need: NeedFacts, person: PersonFacts) -> Iterator[Refusal]:
    if need.skill and (need.skill, need.trade) not in person.skills:
        yield Refusal(Code.SKILL_MISSING, skill=need.trade or need.skill)
    for language in need.languages:
        has = person.languages.get(language)
        if has is None:
            yield Refusal(Code.LANGUAGE_MISSING, language=language, level=need.level)
        elif need.level is not None and not has.reaches(need.level):
            yield Refusal(Code.LEVEL_TOO_LOW, language=language, level=need.level, has=has)
    if need.kind_id is not None:
        yield from _about_qualification(slot, need, person.holdings.get(need.kind_id, ()))


def _about_qualification(
    slot: SlotFacts, need: NeedFacts, held: tuple[Holding, ...]
) -> Iterator[Refusal]:
    covering = [one for one in held if one.covers(slot.last_day)]
    if any(one.verified for one in covering):
        return
    if covering:
        yield Refusal(Code.QUALIFICATION_UNVERIFIED, kind=need.kind_name)
    elif held:
        latest = max(one.until for one in held if one.until is not None)
        yield Refusal(
            Code.QUALIFICATION_EXPIRES, kind=need.kind_name, on=latest, until=slot.last_day
        )
    else:
        yield Refusal(Code.QUALIFICATION_MISSING, kind=need.kind_name)


def _about_time(
    slot: SlotFacts, person: PersonFacts, by_self: bool, limits: Limits
) -> Iterator[Refusal]:
    others = [other for other in person.commitments if other.slot_id != slot.id]
    start, end = slot.starts_at, slot.ends_at
    touching: list[Commitment] = []
    for other in others:
        if other.starts_at < slot.ends_at and slot.starts_at < other.ends_at:
            yield Refusal(Code.OVERLAP, other=other)
        elif other.ends_at == start or other.starts_at == end:
            touching.append(other)
        else:
            gap = max(slot.starts_at - other.ends_at, other.starts_at - slot.ends_at)
            if gap < limits.rest:
                yield Refusal(Code.REST, blocks=by_self, other=other, hours=gap / HOUR)
    yield from _about_stretch(slot, others, touching, by_self, limits)


def _about_stretch(
    slot: SlotFacts,
    others: list[Commitment],
    touching: list[Commitment],
    by_self: bool,
    limits: Limits,
) -> Iterator[Refusal]:
    """Slots that touch are one stretch of duty; put together they must still leave the rest."""
    if not touching:
        return
    start, end = slot.starts_at, slot.ends_at
    grew = True
    while grew:
        before = (start, end)
        for other in others:
            if other.ends_at == start:
                start = other.starts_at
            if other.starts_at == end:
                end = other.ends_at
        grew = (start, end) != before
    if end - start > limits.stretch:
        left = max(DAY - (end - start), timedelta(0))
        yield Refusal(Code.REST, blocks=by_self, other=touching[0], hours=left / HOUR)
