"""The times of one event: its only one, or those that its rule and its lists of days give. Pure."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from brigades.calendars.reading import rules
from brigades.calendars.reading.found import Days, Remark, Timed, Unread, Why
from brigades.calendars.reading.parts import Line, Part
from brigades.calendars.reading.rules import Patience
from brigades.calendars.reading.stamps import FIRST_YEAR, Frame, Stamp, checked, key_of, when
from brigades.calendars.reading.values import value_of
from brigades.calendars.reading.zones import Zones
from brigades.clock import DAY, Wall, to_wall
from brigades.schedule.rules.series import Placed

LOOKS_BACK = 366 * DAY  # of a series that began long ago
MOST_PAST, MOST = 500, 500  # times of one event that are kept: the last past ones, the next ones
MOST_RULES = 10  # of one event; programs write one
LISTED = 5  # days that could be looked at while one is read that a file lists


class Repeating:
    """How one event repeats; ``now`` and ``last`` are instants, nothing after ``last`` is read."""

    def __init__(
        self, part: Part, zones: Zones, here: str, now: datetime, last: datetime, patience: Patience
    ) -> None:
        self.part, self.zones, self.here = part, zones, here
        self.now, self.last, self.patience = now, last, patience
        self.remarks: set[Remark] = set()
        self.repeats = bool(part.all("RRULE") or part.all("RDATE"))
        if part.all("EXRULE"):
            raise Unread(Why.RULE, "EXRULE")
        if len(part.all("RRULE")) > MOST_RULES:
            raise Unread(Why.RULE)

    @property
    def _since(self) -> datetime:
        """The wall time before which a series that began long ago is not read."""
        ends = [rules.until_of(line.value) for line in self.part.all("RRULE")]
        days = [end.date() if isinstance(end, datetime) else end for end in ends if end]
        earliest = max(min([*days, self.now.date()]), date(FIRST_YEAR, 1, 1))
        return datetime.combine(earliest, time()) - LOOKS_BACK

    def timed(self, frame: Frame) -> tuple[Timed, ...]:
        """The times of an event that has a time of day."""
        if not self.repeats:
            return (Timed(key_of(frame.start.instant), frame.at(frame.start.local)),)
        out_days, out = self._left_out()
        found: dict[str, Timed] = {}
        for local in self._kept(self._walls(frame)):
            starts_at = frame.start.zone.instant(local)
            if local.date() not in out_days and starts_at not in out:
                key = key_of(starts_at)
                found[key] = Timed(key, frame.at(local))
        for stamp, ends_at in self._listed(frame):
            if stamp.instant not in out and stamp.instant <= self.last:
                key = key_of(stamp.instant)
                found.setdefault(key, Timed(key, self._placed(frame, stamp, ends_at)))
        return self._some(sorted(found.values(), key=lambda one: (one.at.starts_at, one.key)))

    def days(self, first: date, last: date) -> tuple[Days, ...]:
        """The times of an event of whole days."""
        if not self.repeats:
            return self._some([Days(key_of(first), first, last)])
        out_days, _out = self._left_out()
        starts = {first} if datetime.combine(first, time()) >= self._since else set()
        for line in self.part.all("RRULE"):
            until = rules.until_of(line.value)
            stop = until.date() if isinstance(until, datetime) else until
            midnight = datetime.combine(first, time())
            for start in self._kept(self._steps(line.value, midnight)):
                if stop is None or start.date() <= stop:
                    starts.add(start.date())
        for line in self.part.all("RDATE"):
            for words in self._each(line):
                if isinstance(found := value_of(words), date):
                    starts.add(found.date() if isinstance(found, datetime) else found)
        kept = sorted(day for day in starts - out_days if day <= self.last.date())
        return self._some([Days(key_of(day), day, day + (last - first)) for day in kept])

    def _some(self, found: list[Any]) -> tuple[Any, ...]:
        if not found:
            raise Unread(Why.NEVER)
        self.patience.spend(sum(_days(one) for one in found))
        return tuple(found)

    def _each(self, line: Line) -> Iterator[str]:
        """What a line lists, one by one."""
        for words in line.value.split(","):
            self.patience.spend(LISTED)
            yield words

    def _walls(self, frame: Frame) -> Iterator[datetime]:
        """The starts on the wall of the file's zone; the event's own is always the first."""
        if frame.start.local >= self._since or "COUNT" in self.part.word("RRULE"):
            yield frame.start.local
        for line in self.part.all("RRULE"):
            until = rules.until_of(line.value)
            for local in self._steps(line.value, frame.start.local):
                if until is not None and self._beyond(frame, local, until):
                    break
                yield local

    @staticmethod
    def _beyond(frame: Frame, local: datetime, until: date) -> bool:
        """Whether a start lies after the end of its series, which is a moment, a wall or a day.

        Moments are compared, where it is one: of an hour that comes twice the first counts.
        """
        if not isinstance(until, datetime):
            return local.date() > until
        if until.tzinfo is None:
            return local > until
        return frame.start.zone.instant(local) > until

    def _steps(self, words: str, first: datetime) -> Iterator[datetime]:
        """The starts of a rule as far as they are read, and a remark where it goes on."""
        if rules.endless(words):
            self.remarks.add(Remark.HORIZON)
        last = rules.last_wall(self.last)
        yield from rules.starts(words, first, self._since, last, self.patience)

    def _kept(self, starts: Iterator[datetime]) -> list[datetime]:
        """Of very many the last that are past, and the next."""
        today = self.now.replace(tzinfo=None) - DAY
        past: list[datetime] = []
        coming: list[datetime] = []
        for start in starts:
            (past if start < today else coming).append(start)
            if len(past) > 2 * MOST_PAST:
                del past[:-MOST_PAST]
            if len(coming) > MOST:
                self.remarks.add(Remark.HORIZON)
                break
        return past[-MOST_PAST:] + coming[:MOST]

    def _left_out(self) -> tuple[set[date], set[datetime]]:
        """Days and instants that are taken out of the series."""
        days: set[date] = set()
        instants: set[datetime] = set()
        for line in self.part.all("EXDATE"):
            for words in self._each(line):
                found = self._when(line, words)
                if isinstance(found, Stamp):
                    instants.add(found.instant)
                    days |= set() if self._has_time else {found.local.date()}
                elif found is not None:
                    days.add(found)
        return days, instants

    @property
    def _has_time(self) -> bool:
        line = self.part.one("DTSTART")
        return line is not None and "T" in line.value.upper()

    def _listed(self, frame: Frame) -> Iterator[tuple[Stamp, datetime | None]]:
        """Starts that the file lists one by one, some with an end of their own."""
        for line in self.part.all("RDATE"):
            for words in self._each(line):
                start, _slash, end = words.partition("/")
                stamp = self._when(line, start)
                if not isinstance(stamp, Stamp):
                    continue
                ends_at = self._end(line, stamp, end) if end else None
                yield stamp, ends_at

    def _end(self, line: Any, stamp: Stamp, words: str) -> datetime:
        length = value_of(words)
        if isinstance(length, timedelta):
            return checked(stamp.instant, stamp.instant + length)
        end = self._when(line, words)
        if not isinstance(end, Stamp):
            raise Unread(Why.NO_DATE, words[:50])
        return checked(stamp.instant, end.instant)

    def _when(self, line: Any, words: str) -> Stamp | date | None:
        """A day or time of a list; None for one that is none: it names nothing to leave out."""
        if not words.strip():
            return None
        return when(type(line)(line.params, words), self.zones, self.here)

    def _placed(self, frame: Frame, stamp: Stamp, ends_at: datetime | None) -> Placed:
        """Where a listed start stands on the wall of its series."""
        ends_at = ends_at or stamp.instant + (frame.ends_at - frame.start.instant)
        starts, ends = (to_wall(at, frame.zone) for at in (stamp.instant, ends_at))
        wanted: tuple[Wall, Wall] = (starts, ends)
        return Placed(starts, ends, wanted, (None, None))


def _days(one: Timed | Days) -> int:
    """Of how many slots it will be one, at most."""
    return (one.last - one.first).days + 1 if isinstance(one, Days) else 1
