"""What makes a reminder unique: duty, lead, slot, person and the start as it stands on the wall.

Once in Python, for posting, and once in SQL, for finding those that have no letter yet. The wall
time and not the instant: when a country changes its clocks, nobody is reminded twice.
"""

from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, literal

from brigades.reminders.rules import Lead
from brigades.schedule.models import Participation, Slot


def reminder_key(lead: Lead, slot: Slot, person_id: int) -> str:
    """The key of one person's reminder of one slot."""
    wall = f"{slot.starts_local:%Y-%m-%d %H:%M}:{slot.starts_fold}:{slot.zone}"
    return f"reminder-{lead}:{slot.id}:{person_id}:{wall}"


def reminder_key_in_sql(lead: Lead, dialect: str) -> ColumnElement[str]:
    """The same key from the columns of Slot and Participation."""
    wall: Any
    if dialect == "sqlite":  # wall times are kept as ISO text there
        wall = func.substr(cast(Slot.starts_local, String), 1, 16)
    else:
        wall = func.to_char(Slot.starts_local, "YYYY-MM-DD HH24:MI")
    parts: list[ColumnElement[Any]] = [
        cast(Slot.id, String),
        cast(Participation.person_id, String),
        wall,
        cast(Slot.starts_fold, String),
        Slot.zone.expression,
    ]
    key: ColumnElement[str] = literal(f"reminder-{lead}")
    for part in parts:
        key = key + ":" + part
    return key


def digest_key(person_id: int, day: str) -> str:
    """The key of one person's daily mail of one local day."""
    return f"digest:{person_id}:{day}"
