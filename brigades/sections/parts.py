"""What higher folders add to the pages of sections; they register in create_app."""

from collections.abc import Callable
from datetime import date
from typing import Any

from brigades.access import Scope
from brigades.sections.models import Section

# name -> loader(scope, section, today) -> what templates/sections/show.html shows under that name
loaders: dict[str, Callable[[Scope, Section, date], Any]] = {}

# "countries" and "skills" -> pairs of code and name in the reader's language, for forms
choices: dict[str, Callable[[], list[tuple[str, str]]]] = {}


def load(scope: Scope, section: Section, today: date) -> dict[str, Any]:
    """Everything that higher folders show of a section, by name."""
    return {name: loader(scope, section, today) for name, loader in loaders.items()}
