"""How well somebody fits a place, beyond being allowed to take it. Pure.

Points only order the list: what is asked for exactly and for long counts most, then what is more
than asked. Each point has a reason that can be said aloud.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from brigades.clock import DAY
from brigades.people.levels import Level
from brigades.schedule.rules import Commitment, NeedFacts, PersonFacts, SlotFacts


class Why(StrEnum):
    """A reason why somebody fits."""

    TRADE = "trade"
    YEARS = "years"
    VERIFIED = "verified"
    LEVEL = "level"
    LONG_VALID = "long-valid"
    FREE = "free"


@dataclass(frozen=True)
class Reason:
    """One reason; which of the facts are set depends on ``why``."""

    why: Why
    code: str = ""  # skill, trade or language
    years: int = 0
    level: Level | None = None
    kind: str = ""
    until: date | None = None  # None: without end


class Grade(StrEnum):
    """The points in a word."""

    BEST = "best"
    GOOD = "good"
    FITS = "fits"


@dataclass(frozen=True)
class Experience:
    """What stands in the profile about the skill that is asked for."""

    years: int | None = None
    verified: bool = False


@dataclass(frozen=True)
class Fit:
    """Points, and what they were given for."""

    points: int
    reasons: tuple[Reason, ...]

    @property
    def grade(self) -> Grade:
        """Seven points and more are the best fit, three a good one."""
        return Grade.BEST if self.points >= 7 else Grade.GOOD if self.points >= 3 else Grade.FITS


SPARE = timedelta(days=90)  # a certificate that holds this much longer needs no thought


def fit(slot: SlotFacts, need: NeedFacts, person: PersonFacts, seen: Experience) -> Fit:
    """How well a person fits a need that they are allowed to take."""
    found: list[tuple[int, Reason]] = []
    if need.trade and (need.skill, need.trade) in person.skills:
        found.append((3, Reason(Why.TRADE, code=need.trade)))
    if need.skill and seen.years:
        found.append((1 + min(seen.years, 12) // 3, Reason(Why.YEARS, years=seen.years)))
    if need.skill and seen.verified:
        found.append((2, Reason(Why.VERIFIED, code=need.trade or need.skill)))
    for language in need.languages:
        has = person.languages.get(language)
        if has is not None and need.level is not None and has.rank > need.level.rank:
            spare = min(has.rank - need.level.rank, 2)
            found.append((1 + spare, Reason(Why.LEVEL, code=language, level=has)))
    if (held := _spare_validity(slot, need, person)) is not None:
        found.append((1, held))
    if all(_far(slot, one) for one in person.commitments):
        found.append((1, Reason(Why.FREE)))
    return Fit(sum(points for points, _ in found), tuple(reason for _, reason in found))


def _spare_validity(slot: SlotFacts, need: NeedFacts, person: PersonFacts) -> Reason | None:
    """The verified certificate that is asked for, where it holds well beyond the slot's end."""
    if need.kind_id is None:
        return None
    held = [one for one in person.holdings.get(need.kind_id, ()) if one.verified]
    if any(one.until is None for one in held):
        return Reason(Why.LONG_VALID, kind=need.kind_name)
    latest = max((one.until for one in held if one.until is not None), default=None)
    if latest is not None and latest >= slot.last_day + SPARE:
        return Reason(Why.LONG_VALID, kind=need.kind_name, until=latest)
    return None


def _far(slot: SlotFacts, other: Commitment) -> bool:
    return other.ends_at <= slot.starts_at - DAY or other.starts_at >= slot.ends_at + DAY
