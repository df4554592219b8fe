"""What a calendar file calls a time zone, and what that is. Pure.

Names of ours win over what a file defines under them: blocks in files are old, or hold half of the
year. Windows has names of its own; which zone each means is said by CLDR (babel brings it).
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from operator import itemgetter
from zoneinfo import available_timezones

from babel.core import get_global

from brigades.calendars.reading.found import Unread, Why
from brigades.calendars.reading.parts import Part
from brigades.calendars.reading.rules import Patience, starts
from brigades.calendars.reading.values import span_of, wall_of
from brigades.clock import Wall

# Names in the data that are no place's clock.
_NO_PLACE = frozenset({"Factory", "localtime", "posixrules"})
# Blocks say since when their rule holds, some since 1601; nothing before this day is read.
_EARLIEST = datetime(1999, 1, 1)  # noqa: DTZ001 -- it stands on a wall


@dataclass(frozen=True)
class Named:
    """A zone of ours."""

    name: str

    def instant(self, local: datetime) -> datetime:
        """The instant of a wall time; of one that the clocks show twice the first."""
        return Wall(local, self.name).instant


@dataclass(frozen=True)
class Block:
    """A zone that only the file knows: from when on which offset holds, before that, after that."""

    onsets: tuple[tuple[datetime, timedelta, timedelta], ...]

    def instant(self, local: datetime) -> datetime:
        """The instant of a wall time by the offset that the file gives."""
        past = bisect_right(self.onsets, local, key=itemgetter(0))
        offset = self.onsets[past - 1][2] if past else self.onsets[0][1]
        return (local - offset).replace(tzinfo=UTC)


Zone = Named | Block
UTC_ZONE = Named("UTC")


class Zones:
    """The zones of one file by the names that it uses."""

    def __init__(self, calendars: list[Part], last: datetime, patience: Patience) -> None:
        parts = [part for calendar in calendars for part in calendar.inside]
        blocks = [part for part in parts if part.name == "VTIMEZONE"]
        self._blocks = {_bare(part.text("TZID")): part for part in blocks}
        self._known: dict[str, Zone | None] = {}
        self._last, self._patience = last, patience

    def of(self, name: str) -> Zone:
        """The zone of a name; raises Unread for one that neither we nor the file know."""
        if name not in self._known:
            ours = named(name)
            block = self._blocks.get(_bare(name))
            if ours is not None or block is None:
                self._known[name] = Named(ours) if ours else None
            else:
                self._known[name] = self._read(block)
        found = self._known[name]
        if found is None:
            raise Unread(Why.ZONE, name.strip()[:100])
        return found

    def _read(self, part: Part) -> Block | None:
        onsets: list[tuple[datetime, timedelta, timedelta]] = []
        for half in part.inside:
            first, before, after = (
                wall_of(half.one("DTSTART")),
                span_of(half.one("TZOFFSETFROM")),
                span_of(half.one("TZOFFSETTO")),
            )
            if first is None or after is None:
                continue
            before = after if before is None else before
            onsets.append((first, before, after))
            for line in half.all("RRULE"):
                rule = starts(line.value, first, _EARLIEST, self._last, self._patience)
                onsets += [(begins, before, after) for begins in rule]
            for line in half.all("RDATE"):
                self._patience.spend(1)
                if (more := wall_of(line)) is not None:
                    onsets.append((more, before, after))
        return Block(tuple(sorted(onsets))) if onsets else None


def named(name: str) -> str | None:
    """The name that we know a zone by, however a program spells or decorates it; None for none."""
    bare = _bare(name)
    if bare in _windows():
        return _windows()[bare]
    pieces = bare.strip("/").split("/")
    # Some programs write their own name before that of the zone, with slashes between.
    for number in range(len(pieces)):
        if (found := _ours().get("/".join(pieces[number:]).replace(" ", "_"))) is not None:
            return found if number == 0 or "/" in found else None
    return None


def _bare(name: str) -> str:
    """Without quotation marks, double spaces and capitals."""
    return " ".join(name.strip().strip('"').split()).casefold()


@cache
def _ours() -> dict[str, str]:
    return {name.casefold(): name for name in sorted(available_timezones() - _NO_PLACE)}


@cache
def _windows() -> dict[str, str]:
    zones: dict[str, str] = get_global("windows_zone_mapping")  # type: ignore[assignment]
    return {windows.casefold(): zone for windows, zone in zones.items()}
