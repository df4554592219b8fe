"""What higher folders add to the pages of people; they register in create_app."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement

# name -> loader(person_id, now) -> what templates/people/show.html shows under that name
loaders: dict[str, Callable[[int, datetime], Any]] = {}

# filter of the list -> (value, day) -> condition on Person; None for a value that means nothing
filters: dict[str, Callable[[str, date], ColumnElement[bool] | None]] = {}

# filter of the list -> pairs of value and text to choose from
choices: dict[str, Callable[[], list[tuple[str, str]]]] = {}

# Hours served by each of these people until an instant, for exports
hours: list[Callable[[Iterable[int], datetime], dict[int, float]]] = []


def load(person_id: int, now: datetime) -> dict[str, Any]:
    """Everything that higher folders show of a person, by name."""
    return {name: loader(person_id, now) for name, loader in loaders.items()}
