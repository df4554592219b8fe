"""Lengths of time in SQL, in the same seconds on both databases."""

from typing import Any

from sqlalchemy import Float
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class seconds_between(GenericFunction[float]):  # noqa: N801 -- it reads as a function in a query
    """Seconds from one instant column to another: ``seconds_between(Slot.starts_at, …)``.

    Between instants, so a night on which the clocks change counts as long as it really was.
    """

    type = Float()
    inherit_cache = True


@compiles(seconds_between, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    start, end = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"(strftime('%s', {end}) - strftime('%s', {start}))"


@compiles(seconds_between)
def _elsewhere(element: Any, compiler: Any, **kw: Any) -> str:
    start, end = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"CAST(EXTRACT(EPOCH FROM ({end} - {start})) AS DOUBLE PRECISION)"
