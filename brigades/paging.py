"""Pages of long lists: each in two statements, however long the list grows."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from flask import request
from sqlalchemy import Select, bindparam, func, literal, select

from brigades.db import session

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list. ``total`` counts up to ``MOST`` and is then a "more than"."""

    items: list[T]
    number: int
    per: int
    total: int

    MOST: ClassVar[int] = 1000

    @property
    def last(self) -> int:
        """Number of the last page that can be opened, at least 1."""
        return max(1, -(-self.total // self.per))

    @property
    def more_than_counted(self) -> bool:
        """Whether there are more rows than were counted."""
        return self.total > self.MOST

    @property
    def has_next(self) -> bool:
        """Whether another page follows."""
        return self.number < self.last


def page_number() -> int:
    """The page that the address asks for; anything odd is the first."""
    raw = request.args.get("page", "1")
    return max(1, int(raw)) if raw.isascii() and raw.isdigit() and len(raw) < 7 else 1


def paged(
    query: Select[Any],
    given: Mapping[str, Any] | None = None,
    narrow: Select[Any] | None = None,
    *,
    per: int = 50,
    number: int | None = None,
) -> Page[Any]:
    """One page of a select in two statements; too high a number gives the last page.

    The select must order by something unique last. Counting stops at ``Page.MOST``, so a list
    costs the same however long it grows. ``given``: what a select that is built once runs with.
    ``narrow``: ids of the rows to list, in their order, from fewer tables than ``query`` reads;
    they are counted and sorted, and ``query`` then reads only those of the page.
    """
    prepare = _counting_and_reading if given is None else _kept_for
    counting, reading = prepare(query, narrow)
    total = session.scalar(counting, given) or 0
    last = max(1, -(-total // per))
    number = min(number or page_number(), last)
    span = {"page_rows": per, "page_start": (number - 1) * per}
    rows = session.scalars(reading, {**(given or {}), **span}).unique().all()
    return Page(list(rows), number, per, total)


def _counting_and_reading(
    query: Select[Any], narrow: Select[Any] | None
) -> tuple[Select[Any], Select[Any]]:
    listed = query if narrow is None else narrow
    bare = listed.order_by(None).with_only_columns(
        literal(1).label("one"), maintain_column_froms=True
    )
    counted = bare.limit(Page.MOST + 1).subquery()
    page = listed.limit(bindparam("page_rows")).offset(bindparam("page_start"))
    if narrow is not None:
        entity = query.column_descriptions[0]["entity"]
        page = query.where(entity.id.in_(page))
    return select(func.count()).select_from(counted), page


_kept_for = functools.lru_cache(maxsize=64)(_counting_and_reading)
