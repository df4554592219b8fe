"""What the page of a file shows: what is to come, what is over, what is left out and why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from brigades.calendars.importing import words
from brigades.calendars.importing.looking import Item, Look
from brigades.clock import to_wall
from brigades.schedule.rules.series import Placed


@dataclass(frozen=True)
class Row:
    """One line of the page. ``here``: its time on the section's clock; ``own``: on its own, where
    that shows another one."""

    item: Item
    ticked: bool
    here: Placed | None
    own: Placed | None
    said: list[str]


def shown(found: Look, ticked: set[str], now: datetime) -> dict[str, Any]:
    """What the template needs."""
    rows = [
        _row(item, item.one.name in ticked, found.file.section.zone, now) for item in found.items
    ]
    return {
        "coming": [row for row in rows if not row.item.over],
        "over": [row for row in rows if row.item.over],
        "chosen": sum(row.ticked and row.item.possible for row in rows),
        "there": sum(row.item.there is not None for row in rows),
        "possible": any(item.possible for item in found.items),
        "has_days": any(item.possible and item.one.day for item in found.items),
        "left": [(one.title, words.left_words(one)) for one in found.kept.left],
        "more_left": found.kept.more_left,
        "whole": words.whole_words(found.kept),
    }


def _row(item: Item, ticked: bool, zone: str, now: datetime) -> Row:
    at = item.one.at
    here = own = None
    if at is not None:
        starts, ends = to_wall(at.starts_at, zone), to_wall(at.ends_at, zone)
        here = Placed(starts, ends, (starts, ends), (None, None))
        if (starts.local, ends.local) != (at.starts.local, at.ends.local):
            own = at
    said = words.remarks(item, zone) if item.there is None else []
    if item.there is None and not item.over:
        said += words.doubts(item, now)
    return Row(item, ticked and item.possible, here, own, said)
