"""What was measured, against what it may be: a table for people, a file for machines."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One measured value. ``budget`` None: for information, always fine."""

    name: str
    value: float
    unit: str
    budget: float | None = None
    ok: bool = True


def at_most(name: str, value: float, unit: str, budget: float) -> Figure:
    """A value that may not be larger."""
    return Figure(name, _short(value), unit, budget, value <= budget)


def at_least(name: str, value: float, unit: str, budget: float) -> Figure:
    """A value that may not be smaller."""
    return Figure(name, _short(value), unit, budget, value >= budget)


def told(name: str, value: float, unit: str) -> Figure:
    """A value without a budget."""
    return Figure(name, _short(value), unit)


def _short(value: float) -> float:
    return round(value, 1 if value >= 100 else 2 if value >= 10 else 3)


def line(figure: Figure) -> str:
    """One line of the table."""
    budget = "" if figure.budget is None else f"{figure.budget:g}"
    verdict = "" if figure.budget is None else "ok" if figure.ok else "MISSED"
    return f"{figure.name:<58} {figure.value:>10,.10g} {figure.unit:<10} {budget:>8}  {verdict}"


HEAD = f"{'what':<58} {'value':>10} {'unit':<10} {'budget':>8}"


def write(figures: list[Figure], path: Path) -> None:
    """Keep the figures as a list of objects with name, value, unit, budget, ok."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(figure) for figure in figures], indent=1) + "\n")
