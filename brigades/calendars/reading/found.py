"""What is found in a calendar file: events, and why others cannot be read. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from brigades.schedule.rules.series import Placed


class NoCalendar(StrEnum):
    """Why a file as a whole cannot be read."""

    EMPTY = "empty"
    LARGE = "large"
    PACKED = "packed"
    PAGE = "page"
    OTHER = "other"
    DEEP = "deep"
    NOTHING = "nothing in it"


class Unreadable(Exception):
    """A file that is no calendar, or none of ours to read; ``why`` says which."""

    def __init__(self, why: NoCalendar) -> None:
        super().__init__(why.value)
        self.why = why


class Why(StrEnum):
    """Why one event cannot be read."""

    NO_START = "no start"
    NO_DATE = "no date"
    NO_END = "no end"
    ENDS_FIRST = "ends first"
    LONG = "long"
    FAR = "far"
    CANCELLED = "cancelled"
    ZONE = "zone"
    TOO_OFTEN = "too often"
    RULE = "rule"
    NEVER = "never"
    ENDLESS = "endless"


class Unread(Exception):
    """An event that cannot be read; ``detail`` is the file's own word for what hinders."""

    def __init__(self, why: Why, detail: str = "") -> None:
        super().__init__(why.value)
        self.why, self.detail = why, detail


class Remark(StrEnum):
    """What somebody should know about an event that was read."""

    FLOATING = "floating"  # it names no zone: that of the section was taken
    OWN_ZONE = "own zone"  # its zone is known from the file alone
    HORIZON = "horizon"  # it goes on after the last day that is read
    PRIVATE = "private"  # marked as private in the file
    FOLLOWING = "following"  # a change to one and those that follow, read as one to that one
    NO_TITLE = "no title"
    CUT = "cut"  # title, place or description is longer than is kept


class Whole(StrEnum):
    """What somebody should know about the file."""

    LETTERS = "letters"  # not in UTF-8: letters may be wrong
    BROKEN_OFF = "broken off"  # it ends in the middle
    OTHERS = "others"  # it has tasks or notes too


@dataclass(frozen=True)
class Timed:
    """One time of an event; ``key`` names it among those of its series, whatever it is moved to."""

    key: str
    at: Placed


@dataclass(frozen=True)
class Days:
    """Whole days, both included; ``key`` as with `Timed`."""

    key: str
    first: date
    last: date


@dataclass(frozen=True)
class Event:
    """An event with its times, in order: one, or those of its series.

    ``uid`` is never empty. ``zone``: name of the zone that the times stand in.
    """

    uid: str
    title: str
    note: str
    place: str
    link: str
    zone: str
    repeats: bool
    times: tuple[Timed | Days, ...]
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class Left:
    """An event that cannot be read, and the one reason."""

    title: str
    why: Why
    detail: str = ""


@dataclass(frozen=True)
class Found:
    """All that a file holds; ``others`` counts what is no event."""

    events: tuple[Event, ...]
    left: tuple[Left, ...]
    whole: tuple[Whole, ...] = ()
