"""Reading a calendar file: from its bytes to events, and to a reason for each that is none. Pure.

Times follow RFC 5545; where programs differ from it, they are read as they mean it. All of it is
bounded: size, parts within parts, days looked at for rules.
"""

from dataclasses import replace
from datetime import datetime
from hashlib import blake2b

from brigades.calendars.reading.found import (
    Days,
    Event,
    Found,
    Left,
    NoCalendar,
    Remark,
    Timed,
    Unread,
    Unreadable,
    Whole,
    Why,
)
from brigades.calendars.reading.lines import lines_of
from brigades.calendars.reading.parts import Part, calendars
from brigades.calendars.reading.rules import Patience, last_wall
from brigades.calendars.reading.series import Repeating
from brigades.calendars.reading.stamps import Frame, Stamp, end_of, key_of, last_day_of, when
from brigades.calendars.reading.texts import Texts
from brigades.calendars.reading.zones import Block, Zones
from brigades.clock import DAY

HORIZON = 400 * DAY  # a series is read so far ahead
_OTHERS = frozenset({"VTODO", "VJOURNAL"})


def read(content: bytes, *, zone: str, now: datetime) -> Found:
    """All events of a file; ``zone``: what a time stands in that names none, or none of ours.

    Raises Unreadable where the file as a whole is none.
    """
    lines, in_utf8 = lines_of(content)
    files, broken_off = calendars(lines)
    parts = [(file, part) for file in files for part in file.inside]
    whole = [
        remark
        for remark, holds in (
            (Whole.LETTERS, not in_utf8),
            (Whole.BROKEN_OFF, broken_off),
            (Whole.OTHERS, any(part.name in _OTHERS for _file, part in parts)),
        )
        if holds
    ]
    events = [(file, part) for file, part in parts if part.name == "VEVENT"]
    if not events:
        raise Unreadable(NoCalendar.NOTHING)
    reading = _Reading(files, zone, now)
    reading.all_of(events)
    return Found(tuple(reading.events), tuple(reading.left), tuple(whole))


class _Reading:
    def __init__(self, files: list[Part], here: str, now: datetime) -> None:
        self.here, self.now, self.last = here, now, now + HORIZON
        self.patience = Patience()
        self.zones = Zones(files, last_wall(self.last), self.patience)
        self.events: list[Event] = []
        self.left: list[Left] = []
        self._seen: set[tuple[str, str]] = set()

    def all_of(self, events: list[tuple[Part, Part]]) -> None:
        """First the changes to single ones of a series, then the series without those."""
        newest: dict[tuple[str, ...], int] = {}
        for _file, part in events:
            same = _same(part)
            newest[same] = max(newest.get(same, 0), _sequence(part))
        changed: dict[str, set[str]] = {}
        wanted = [(f, p) for f, p in events if _sequence(p) == newest[_same(p)]]
        for file, part in sorted(wanted, key=lambda one: "RECURRENCE-ID" not in one[1].says):
            try:
                event = self._event(file, part, changed)
            except Unread as unread:
                self.left.append(Left(Texts(part).title, unread.why, unread.detail))
            else:
                if event is not None:
                    self._add(event)

    def _add(self, event: Event) -> None:
        """Keep an event with those of its times that no other of the same name has."""
        fresh = tuple(one for one in event.times if (event.uid, one.key) not in self._seen)
        self._seen.update((event.uid, one.key) for one in fresh)
        if fresh:
            self.events.append(replace(event, times=fresh))

    def _event(self, file: Part, part: Part, changed: dict[str, set[str]]) -> Event | None:
        texts = Texts(part)
        uid = " ".join(part.text("UID").split())[:500] or _made_up(part)
        instead_of = self._instead_of(part)
        if instead_of:
            changed.setdefault(uid, set()).add(instead_of)
            if "RANGE" in part.says["RECURRENCE-ID"][0].params:
                texts.remarks.add(Remark.FOLLOWING)
        if part.word("STATUS") == "CANCELLED" or file.word("METHOD") == "CANCEL":
            raise Unread(Why.CANCELLED)
        if (line := part.one("DTSTART")) is None or not line.value.strip():
            raise Unread(Why.NO_START)
        start = when(line, self.zones, self.here)
        repeating = Repeating(part, self.zones, self.here, self.now, self.last, self.patience)
        times: tuple[Timed | Days, ...]
        name = self.here
        if isinstance(start, Stamp):
            frame = Frame(start, end_of(part, start, self.zones, self.here), self.here)
            times, name = repeating.timed(frame), frame.zone
            if start.floating:
                texts.remarks.add(Remark.FLOATING)
            if isinstance(start.zone, Block):
                texts.remarks.add(Remark.OWN_ZONE)
        else:
            times = repeating.days(start, last_day_of(part, start, self.zones, self.here))
        if instead_of:
            times = tuple(replace(one, key=instead_of) for one in times[:1])
        elif repeating.repeats:
            gone = changed.get(uid, set())
            times = tuple(one for one in times if not gone & {one.key, one.key[:8]})
            if not times:
                return None
        remarks = sorted(texts.remarks | repeating.remarks)
        return Event(
            uid=uid,
            title=texts.title,
            note=texts.note,
            place=texts.place,
            link=texts.link,
            zone=name,
            repeats=repeating.repeats or bool(instead_of),
            times=times,
            remarks=tuple(remarks),
        )

    def _instead_of(self, part: Part) -> str:
        """Which one of a series this is instead of; empty where it stands for itself."""
        line = part.one("RECURRENCE-ID")
        if line is None:
            return ""
        found = when(line, self.zones, self.here)
        return key_of(found.instant if isinstance(found, Stamp) else found)


def _same(part: Part) -> tuple[str, ...]:
    """What is the same for two versions of one event."""
    words = ("UID", "RECURRENCE-ID")
    said = tuple(part.text(name).strip() for name in words)
    return said if said[0] else (*said, _made_up(part))


def _sequence(part: Part) -> int:
    words = part.word("SEQUENCE")
    return int(words) if words.isascii() and words.isdigit() and len(words) < 10 else 0


def _made_up(part: Part) -> str:
    """What an event without a UID is known by: what it is and when."""
    words = "\n".join(part.text(name) for name in ("DTSTART", "DTEND", "SUMMARY"))
    return f"without-{blake2b(words.encode(), digest_size=12).hexdigest()}"
