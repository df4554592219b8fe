"""What `check` finds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. ``fit`` False makes the whole installation unfit."""

    what: str
    fit: bool
    says: str
