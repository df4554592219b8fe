"""What a world is made of: how large it is, its rows by table, and what in it is measured."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from typing import Any

from brigades.db import Base

PASSWORD = "measured with patience"


@dataclass(frozen=True)
class Size:
    """How many there are of each."""

    sections: int
    people: int
    slots: int
    participations: int

    def times(self, factor: int) -> "Size":
        """The same, so many times as large."""
        return Size(
            self.sections * factor,
            self.people * factor,
            self.slots * factor,
            self.participations * factor,
        )


ONE = Size(sections=30, people=5_000, slots=1_000, participations=6_000)


@dataclass
class Marks:
    """Whom and what the benchmark visits. People are named by the address they sign in with.

    They belong to one section that is as large in every world; the organizer sees all of it.
    """

    section: int = 0
    coordinator: str = ""
    volunteer: str = ""
    organizer: str = ""
    joiners: list[str] = field(default_factory=list)
    shift: int = 0  # several needs, people in every state
    session: int = 0
    board: int = 0  # some fifty people on it and in question
    board_of_all: int = 0  # a shift of the international body: everybody is in question
    open_shift: int = 0  # everybody may join, there is always room


@dataclass
class World:
    """Rows by table, ready to be loaded; ids are given, so that rows can name each other."""

    size: Size
    now: datetime
    random: Random = field(default_factory=lambda: Random(11))
    rows: dict[Any, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    marks: Marks = field(default_factory=Marks)
    zones: dict[int, str] = field(default_factory=dict)  # by section
    people: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))  # by section

    @property
    def today(self) -> date:
        """The day on which the world is made."""
        return self.now.date()

    def add(self, model: type[Base], **values: Any) -> int:
        """Keep a row; its id is the next one of its table unless given. Returns the id."""
        rows = self.rows[model.__table__]
        number: int = values.setdefault("id", len(rows) + 1)
        rows.append(values)
        return number

    def count(self, model: type[Base]) -> int:
        """How many rows there are of a kind so far."""
        return len(self.rows[model.__table__])


def build(size: Size, now: datetime) -> World:
    """A whole world: sections, people, what they can do, slots, and who is in them."""
    from bench.world import people, slots

    world = World(size, now)
    people.add_all(world)
    slots.add_all(world)
    return world
