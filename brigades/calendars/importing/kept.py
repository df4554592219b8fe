"""What was read of a file, as it is kept until it is brought in: as JSON, and read back. Pure.

A file may hold more than a page can show. What is to come stays first, soonest first, then what is
over, latest first.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import blake2b
from typing import Any

from brigades.calendars.reading.found import Event, Found, Left, Remark, Timed, Whole, Why
from brigades.clock import DAY, Trouble, Wall, is_zone, to_wall
from brigades.schedule.rules.series import Placed, placed

MOST = 500  # slots of one file
MOST_LEFT = 100  # events that cannot be read, as far as they are named


@dataclass(frozen=True)
class One:
    """What would become one slot.

    ``event`` and ``time`` name it in its section for ever, ``name`` among those of its file.
    ``day``: the whole day that it is, whose time of day is asked for; ``at`` is None until that is
    known.
    """

    name: str
    event: str
    time: str
    title: str
    note: str
    place: str
    link: str
    repeats: bool
    remarks: tuple[Remark, ...]
    day: date | None
    at: Placed | None


@dataclass(frozen=True)
class Kept:
    """What was read of a file. ``cut``, ``more_left``: how many slots and reasons are not kept."""

    ones: tuple[One, ...]
    left: tuple[Left, ...]
    whole: tuple[Whole, ...]
    cut: int
    more_left: int


def written(found: Found, zone: str, now: datetime) -> dict[str, Any]:
    """As JSON. ``zone``: by whose days whole days are past."""
    times = _in_order(found.events, zone, now)
    used = sorted({number for number, _time in times[:MOST]})
    place_of = {number: place for place, number in enumerate(used)}
    return {
        "events": [_event(found.events[number]) for number in used],
        "times": [[place_of[number], *time] for number, time in times[:MOST]],
        "cut": max(0, len(times) - MOST),
        "left": [[one.title, one.why.value, one.detail] for one in found.left[:MOST_LEFT]],
        "more_left": max(0, len(found.left) - MOST_LEFT),
        "whole": [remark.value for remark in found.whole],
    }


def read_back(found: dict[str, Any], day_from: time | None, day_until: time | None) -> Kept:
    """What ``written`` has written, whole days with the times of day that they get."""
    events = found.get("events", [])
    return Kept(
        ones=tuple(
            _one(events[number], f"{number}:{rest[0]}", rest, day_from, day_until)
            for number, *rest in found.get("times", [])
        ),
        left=tuple(Left(title, Why(why), said) for title, why, said in found.get("left", [])),
        whole=tuple(Whole(value) for value in found.get("whole", [])),
        cut=found.get("cut", 0),
        more_left=found.get("more_left", 0),
    )


def _in_order(events: tuple[Event, ...], zone: str, now: datetime) -> list[tuple[int, list[Any]]]:
    today = to_wall(now, zone).local.date()
    coming: list[tuple[Any, int, list[Any]]] = []
    over: list[tuple[Any, int, list[Any]]] = []
    for number, event in enumerate(events):
        for one in event.times:
            if isinstance(one, Timed):
                starts = one.at.starts.local
                past, row = one.at.starts_at <= now, [one.key, *_at(one.at)]
                (over if past else coming).append((starts, number, row))
                continue
            for step in range((one.last - one.first).days + 1):
                day = one.first + step * DAY
                starts = datetime.combine(day, time())
                row = [day.strftime("%Y%m%d"), day.isoformat()]
                (over if day < today else coming).append((starts, number, row))
    coming.sort(key=lambda row: row[:2])
    over.sort(key=lambda row: (-row[0].toordinal(), row[0].time(), row[1]))
    return [(number, row) for _starts, number, row in [*coming, *over]]


def _event(event: Event) -> dict[str, Any]:
    return {
        # Of the name alone a number is kept: names of events carry addresses.
        "event": blake2b(event.uid.encode(), digest_size=16).hexdigest(),
        "title": event.title,
        "note": event.note,
        "place": event.place,
        "link": event.link,
        "zone": event.zone,
        "repeats": event.repeats,
        "remarks": [remark.value for remark in event.remarks],
    }


def _at(at: Placed) -> list[Any]:
    row: list[Any] = [*_wall(at.starts), *_wall(at.ends)]
    if at.odd:
        row += [at.wanted[0].local.isoformat(), at.wanted[1].local.isoformat(), *at.troubles]
    return row


def _wall(wall: Wall) -> list[Any]:
    return [wall.local.isoformat(), wall.fold]


def _one(
    event: dict[str, Any],
    name: str,
    rest: list[Any],
    day_from: time | None,
    day_until: time | None,
) -> One:
    key, *when = rest
    zone, day = event["zone"], None
    at: Placed | None = None
    if len(when) == 1:
        day = date.fromisoformat(when[0])
        at = _of_day(day, zone, day_from, day_until)
    else:
        at = _placed(when, zone)
    return One(
        name=name,
        event=event["event"],
        time=key,
        title=event["title"],
        note=event["note"],
        place=event["place"],
        link=event["link"],
        repeats=event["repeats"],
        remarks=tuple(Remark(value) for value in event["remarks"]),
        day=day,
        at=at,
    )


def _placed(when: list[Any], zone: str) -> Placed:
    starts, starts_fold, ends, ends_fold, *odd = when
    first = Wall(datetime.fromisoformat(starts), zone, starts_fold)
    last = Wall(datetime.fromisoformat(ends), zone, ends_fold)
    if not odd:
        return Placed(first, last, (first, last), (None, None))
    wanted = (
        Wall(datetime.fromisoformat(odd[0]), zone),
        Wall(datetime.fromisoformat(odd[1]), zone),
    )
    troubles = (_trouble(odd[2]), _trouble(odd[3]))
    return Placed(first, last, wanted, troubles)


def _trouble(value: str | None) -> Trouble | None:
    return Trouble(value) if value else None


def _of_day(day: date, zone: str, day_from: time | None, day_until: time | None) -> Placed | None:
    """A whole day from one time to another; to an earlier one is over midnight."""
    if day_from is None or day_until is None or not is_zone(zone):
        return None
    last = day + DAY if day_until <= day_from else day
    starts = Wall(datetime.combine(day, day_from), zone)
    ends = Wall(datetime.combine(last, day_until), zone)
    return placed(starts, ends, timedelta(0), timedelta(0), anew=True)
