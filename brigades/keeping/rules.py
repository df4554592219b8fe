"""How long what names people is kept. Pure; all lengths are days, 0 is for ever."""

from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from enum import StrEnum

from brigades.clock import DAY

# Nothing that is derived looks back further than a paper's first warning, 90 days: a letter that
# is gone sooner could be posted again under its key.
LEAST = {"letters": 120, "applications": 30, "members": 90, "children": 90}
MOST = 36_500


@dataclass(frozen=True)
class Keep:
    """Days that each is kept.

    ``letters``: after they left, failed or were not needed any more, and what they are about was
    over. ``applications``: after they were declined or withdrawn. ``members``: who they were, after
    they left; ``children``: after they last were there for children, where that is longer.
    """

    letters: int = 400
    applications: int = 365
    members: int = 1095
    children: int = 3650


def keep_from(text: str) -> Keep:
    """Days from "letters=400 applications=365"; what is not named keeps its default.

    Raises ValueError that names what is wrong.
    """
    known = [field.name for field in fields(Keep)]
    found: dict[str, int] = {}
    for pair in text.replace(",", " ").split():
        name, _sign, value = pair.partition("=")
        if name not in known:
            raise ValueError(f"KEEP knows no {name!r}; it knows {', '.join(known)}")
        days = int(value) if value.isascii() and value.isdigit() and len(value) < 6 else -1
        if days != 0 and not LEAST[name] <= days <= MOST:
            raise ValueError(
                f"KEEP: {name} must be 0, for ever, or days from {LEAST[name]} on, not {value!r}"
            )
        found[name] = days
    return Keep(**found)


def before(now: datetime, days: int) -> datetime | None:
    """What ended before this instant goes; None where it is kept for ever."""
    return now - days * DAY if days else None


TELL_BEFORE = 30  # days in which somebody can still ask to be kept
KEPT_LONGER = 365  # days that whoever asks for it is kept on
HELD_AT_MOST = 5 * 365  # days that somebody can be held back at once


class Ground(StrEnum):
    """Why somebody who left is not erased yet."""

    ASKED = "asked"  # they want to be kept
    REQUEST = "request"  # about their data, and not answered yet
    INQUIRY = "inquiry"  # something that happened is looked into
    OTHER = "other"


class Against(StrEnum):
    """What keeps somebody who left from being erased, however long ago that was."""

    PLACE = "place"  # they hold a place in what is to come, or lead it
    ROLE = "role"
    ACCOUNT = "account"  # they can still sign in
    APPLICATION = "application"  # they ask to join again
    REQUEST = "request"  # somebody answered a request about their data a moment ago


@dataclass(frozen=True)
class Leaver:
    """Somebody whose membership ended, and all that says when they are erased.

    ``told_for``: the day that their letter named, ``told_on``: when it was posted.
    """

    person_id: int
    left_on: date
    children_on: date | None = None  # when they last were there for children
    kept_until: date | None = None
    told_on: date | None = None
    told_for: date | None = None
    against: frozenset[Against] = field(default_factory=frozenset)

    def planned(self, keep: Keep) -> date | None:
        """The first day after all periods; None where one is for ever."""
        if not keep.members or (self.children_on and not keep.children):
            return None
        ends = [self.left_on + timedelta(days=keep.members)]
        if self.children_on:
            ends.append(self.children_on + timedelta(days=keep.children))
        if self.kept_until:
            ends.append(self.kept_until + timedelta(days=1))
        return max(ends)

    def to_tell(self, keep: Keep, today: date) -> date | None:
        """The day that a letter has to name by now; None where none has to."""
        planned = self.planned(keep)
        if self.against or self.told_for == planned or not self.is_near(keep, today):
            return None
        return planned

    def is_near(self, keep: Keep, today: date) -> bool:
        """Whether all periods end 30 days from now or sooner: time to ask to be kept."""
        planned = self.planned(keep)
        return planned is not None and planned <= today + timedelta(days=TELL_BEFORE)

    def goes_on(self, keep: Keep, today: date) -> date | None:
        """When they are erased if nothing changes; None where something else stands against it.

        Never sooner than 30 days after they were told.
        """
        planned = self.planned(keep)
        if planned is None or self.against:
            return None
        notice = timedelta(days=TELL_BEFORE)
        known = self.told_on if self.told_on and self.told_for == planned else None
        return max(planned, (known or max(today, planned - notice)) + notice)

    def is_due(self, keep: Keep, today: date) -> bool:
        """Whether they are to be erased by now."""
        goes_on = self.goes_on(keep, today)
        return goes_on is not None and goes_on <= today
