"""What makes a reminder unique: lead, audience, slot, person, and the start as it stands.

The wall time and not the instant: when a country changes its clocks, nobody is reminded twice. The
marks of a slot that was looked at are written once in Python, for keeping, and once in SQL, for
finding those that have none.
"""

from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, literal

from brigades.reminders.rules import Audience
from brigades.schedule.models import Slot

WHOEVER = "whoever"  # leads the slot


def wall_words(slot: Slot) -> str:
    """The start as keys say it: wall time, which of two, zone."""
    return f"{slot.starts_local:%Y-%m-%d %H:%M}:{slot.starts_fold}:{slot.zone}"


def reminder_key(hours: int, to: Audience, slot: Slot, person_id: int) -> str:
    """The key of one person's reminder of one slot, as one of an audience."""
    return f"reminder:{hours}:{to}:{slot.id}:{person_id}:{wall_words(slot)}"


def tells_start_of(key: str, slot: Slot) -> bool:
    """Whether a reminder's key names the slot's start as it is; not once it was moved."""
    return key.endswith(f":{wall_words(slot)}")


def mark_keys(hours: int, slot: Slot) -> tuple[str, str]:
    """The marks that a slot was looked at, so many hours before its start: under its lead, or any.

    Under another lead it is looked at again, and by the second mark that is known.
    """
    first, last = f"slot:{slot.id}:{hours}", wall_words(slot)
    return f"{first}:{slot.leader_id or 0}:{last}", f"{first}:{WHOEVER}:{last}"


def mark_parts_in_sql(
    leader: ColumnElement[Any], dialect: str
) -> tuple[ColumnElement[str], ColumnElement[str]]:
    """What stands before and after the hours in the same, from the columns of Slot.

    ``leader`` is the lead's id, or WHOEVER.
    """
    wall: Any
    if dialect == "sqlite":  # wall times are kept as ISO text there
        wall = func.substr(cast(Slot.starts_local, String), 1, 16)
    else:
        wall = func.to_char(Slot.starts_local, "YYYY-MM-DD HH24:MI")
    head: ColumnElement[str] = literal("slot:") + cast(Slot.id, String) + literal(":")
    by = literal(":") + cast(leader, String) + literal(":")
    fold = literal(":") + cast(Slot.starts_fold, String) + literal(":")
    tail: ColumnElement[str] = by + wall + fold + Slot.zone
    return head, tail


def offer_key(place_id: int, sequence: int) -> str:
    """The key of the reminder that an offered place waits for its answer; once for each offer."""
    return f"offer-ends:{place_id}:{sequence}"


def digest_key(person_id: int, day: str) -> str:
    """The key of one person's daily mail of one local day."""
    return f"digest:{person_id}:{day}"
