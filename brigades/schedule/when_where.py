"""When and where a slot is, as it stands on the wall: kept with what tells of a change."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from brigades.clock import Wall
from brigades.schedule.models import Slot


@dataclass(frozen=True)
class WhenWhere:
    """A slot's start, end and place as they were at one time."""

    starts: Wall
    ends: Wall
    starts_at: datetime
    place: str

    @classmethod
    def of(cls, slot: Slot) -> "WhenWhere":
        """As they stand now."""
        return cls(slot.starts, slot.ends, slot.starts_at, slot.place)

    @property
    def zone(self) -> str:
        """The zone of its walls."""
        return self.starts.zone

    def same_time(self, other: "WhenWhere") -> bool:
        """Whether start and end stand there alike."""
        return (self.starts, self.ends) == (other.starts, other.ends)

    def kept(self) -> dict[str, Any]:
        """As JSON."""
        starts, ends = self.starts, self.ends
        return {
            "starts": [starts.local.isoformat(), starts.fold],
            "ends": [ends.local.isoformat(), ends.fold],
            "zone": self.zone,
            "starts_at": self.starts_at.isoformat(),
            "place": self.place,
        }

    @classmethod
    def read(cls, kept: dict[str, Any]) -> "WhenWhere":
        """From what ``kept`` gave."""
        starts, ends = (
            Wall(datetime.fromisoformat(local), kept["zone"], fold)
            for local, fold in (kept["starts"], kept["ends"])
        )
        return cls(starts, ends, datetime.fromisoformat(kept["starts_at"]), kept["place"])
