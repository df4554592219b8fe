"""From lines to the parts of a calendar file: which contains which, and what each says. Pure.

The grammar of a line (parameters, quotation marks, escapes) is read by the library icalendar. Its
parser of whole files is not used: it keeps the zones that a file defines for all files to come.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from brigades.calendars.reading.found import NoCalendar, Unreadable

DEEPEST = 8  # parts within parts; an alarm in an event in a calendar is the third


@dataclass(frozen=True)
class Line:
    """What a part says under one name: parameters by name in capitals, and the value unescaped."""

    params: dict[str, str]
    value: str


@dataclass
class Part:
    """A calendar, an event, a zone, …"""

    name: str
    says: dict[str, list[Line]] = field(default_factory=dict)
    inside: list["Part"] = field(default_factory=list)

    def one(self, name: str) -> Line | None:
        """The first line of a name."""
        found = self.says.get(name)
        return found[0] if found else None

    def all(self, name: str) -> list[Line]:
        """All lines of a name, in order."""
        return self.says.get(name, [])

    def word(self, name: str) -> str:
        """A value that is one of a few words, in capitals; empty where there is none."""
        line = self.one(name)
        return line.value.strip().upper() if line else ""

    def text(self, name: str) -> str:
        """A value that is text; empty where there is none."""
        line = self.one(name)
        return line.value if line else ""


# What is read of a part; all else is passed over unread.
_READ = frozenset(
    "BEGIN END CLASS DESCRIPTION DTEND DTSTART DURATION EXDATE EXRULE LOCATION METHOD RDATE "
    "RECURRENCE-ID RRULE SEQUENCE STATUS SUMMARY TZID TZOFFSETFROM TZOFFSETTO UID".split()
)


def calendars(lines: list[str]) -> tuple[list[Part], bool]:
    """The calendars of a file, and whether it ends before they do. Raises Unreadable.

    A line that cannot be read is passed over, and so is an end without a beginning.
    """
    top = Part("")
    open_parts: list[Part] = []
    for name, line in _said(lines):
        if name == "BEGIN":
            if len(open_parts) == DEEPEST:
                raise Unreadable(NoCalendar.DEEP)
            open_parts.append(Part(line.value.strip().upper()))
        elif name == "END":
            if open_parts and open_parts[-1].name == line.value.strip().upper():
                part = open_parts.pop()
                (open_parts[-1] if open_parts else top).inside.append(part)
        elif open_parts:
            open_parts[-1].says.setdefault(name, []).append(line)
    broken_off = bool(open_parts)
    if broken_off:  # what was whole until there is still good
        top.inside.append(open_parts[0])
    return [part for part in top.inside if part.name == "VCALENDAR"], broken_off


def _said(lines: list[str]) -> Iterator[tuple[str, Line]]:
    heads: dict[str, dict[str, str]] = {}  # the same ones again and again
    for words in lines:
        head, _colon, value = words.partition(":")
        name = head.partition(";")[0].strip().upper()
        if name not in _READ:
            continue
        if '"' in words or "\\" in value:
            whole = _parted(words)
            if whole is not None:
                yield name, whole
        else:
            if head not in heads:
                empty = _parted(f"{head}:") if ";" in head else Line({}, "")
                heads[head] = empty.params if empty else {}
            yield name, Line(heads[head], value)


def _parted(words: str) -> Line | None:
    """A line read by icalendar; None for one that it cannot read."""
    from icalendar.parser import Contentline

    try:
        _name, params, value = Contentline(words).parts()  # type: ignore[no-untyped-call]
    except ValueError:
        return None
    return Line({key.upper(): _first(said) for key, said in params.items()}, str(value))


def _first(said: Any) -> str:
    return str(said[0] if isinstance(said, list) and said else said)
