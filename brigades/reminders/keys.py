"""What makes a reminder unique: duty, lead, slot, person and the start as it stands on the wall.

Once in Python, for posting, and once in SQL, for finding those that have no letter yet. The wall
time and not the instant: when a country changes its clocks, nobody is reminded twice.
"""

from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, literal

from brigades.reminders.rules import Lead
from brigades.schedule.models import Slot


def reminder_key(lead: Lead, slot: Slot, person_id: int) -> str:
    """The key of one person's reminder of one slot."""
    wall = f"{slot.starts_local:%Y-%m-%d %H:%M}:{slot.starts_fold}:{slot.zone}"
    return f"reminder-{lead}:{slot.id}:{person_id}:{wall}"


def key_parts_in_sql(lead: Lead, dialect: str) -> tuple[ColumnElement[str], ColumnElement[str]]:
    """What stands before and after the person in the same key, from the columns of Slot."""
    wall: Any
    if dialect == "sqlite":  # wall times are kept as ISO text there
        wall = func.substr(cast(Slot.starts_local, String), 1, 16)
    else:
        wall = func.to_char(Slot.starts_local, "YYYY-MM-DD HH24:MI")
    head = literal(f"reminder-{lead}:") + cast(Slot.id, String) + ":"
    tail = literal(":") + wall + ":" + cast(Slot.starts_fold, String) + ":" + Slot.zone
    return head, tail


def digest_key(person_id: int, day: str) -> str:
    """The key of one person's daily mail of one local day."""
    return f"digest:{person_id}:{day}"
