"""What is still missing from a volunteer. Pure: judged on the arguments alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

SOON = timedelta(days=60)


class Gap(StrEnum):
    """One thing that a volunteer should see to."""

    PHONE = "phone"
    SKILL = "skill"
    LANGUAGE = "language"
    AVAILABILITY = "availability"
    EXPIRED = "expired"
    EXPIRES = "expires"


@dataclass(frozen=True)
class Missing:
    """A gap; for certificates with their kind and last valid day."""

    gap: Gap
    kind: str = ""
    on: date | None = None


@dataclass(frozen=True)
class Profile:
    """What is known of a person, as far as shifts depend on it.

    ``certificates`` are pairs of kind and last valid day, None without end; a kind may come twice.
    """

    phone: bool
    skill: bool
    language: bool
    availability: bool
    certificates: tuple[tuple[str, date | None], ...] = ()


@dataclass(frozen=True)
class Check:
    """What is missing, of how many things that were looked at."""

    missing: tuple[Missing, ...]
    total: int

    @property
    def done(self) -> int:
        """How many are in order."""
        return self.total - len(self.missing)


def check(profile: Profile, today: date) -> Check:
    """Everything a person should see to, certificates that lapsed first.

    A certificate counts by the newest of its kind, and is named from 60 days before it lapses.
    The last valid day is inclusive.
    """
    newest = _newest(profile.certificates)
    dated = sorted((last, kind) for kind, last in newest.items() if last is not None)
    found = [
        Missing(Gap.EXPIRED if last < today else Gap.EXPIRES, kind, last)
        for last, kind in dated
        if last <= today + SOON
    ]
    known = (
        (Gap.PHONE, profile.phone),
        (Gap.SKILL, profile.skill),
        (Gap.LANGUAGE, profile.language),
        (Gap.AVAILABILITY, profile.availability),
    )
    found += [Missing(gap) for gap, there in known if not there]
    return Check(tuple(found), len(known) + len(newest))


def _newest(certificates: Iterable[tuple[str, date | None]]) -> dict[str, date | None]:
    newest: dict[str, date | None] = {}
    for kind, last in certificates:
        held = newest.get(kind, date.min)
        newest[kind] = None if held is None or last is None else max(held, last)
    return newest
