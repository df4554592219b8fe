"""Kinds of qualifications: how long each holds and which others it includes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select

from brigades.audit import service as audit
from brigades.db import session
from brigades.qualifications.models import Kind, KindIncludes, Qualification
from brigades.qualifications.rules import closure


@dataclass(frozen=True)
class Shown:
    """A kind for the list: which others it includes, and how many people's papers are of it."""

    kind: Kind
    includes: list[str]
    held: int


@dataclass(frozen=True)
class Asks:
    """What a slot asks of a qualification of a kind; the columns of Kind say it."""

    safeguarding: bool = False
    travel: bool = False
    months_past_end: int = 0


class IncludesItself(Exception):
    """A kind would come to include itself, directly or through others."""


def listed() -> list[Shown]:
    """All kinds by name, with the names of those each includes; three statements."""
    kinds = everything()
    names = {kind.id: kind.name for kind in kinds}
    includes: dict[int, list[str]] = defaultdict(list)
    for kind_id, other_id in session.execute(
        select(KindIncludes.kind_id, KindIncludes.includes_id)
    ):
        includes[kind_id].append(names[other_id])
    counts = select(Qualification.kind_id, func.count()).group_by(Qualification.kind_id)
    held = dict(session.execute(counts).tuples().all())
    return [Shown(kind, sorted(includes[kind.id]), held.get(kind.id, 0)) for kind in kinds]


def everything() -> list[Kind]:
    """All kinds by name."""
    return list(session.scalars(select(Kind).order_by(Kind.name, Kind.id)))


def choices() -> list[tuple[str, str]]:
    """Ids and names of all kinds, for a list to choose from."""
    return [(str(kind.id), kind.name) for kind in everything()]


def find(kind_id: int) -> Kind | None:
    """A kind by its id."""
    return session.get(Kind, kind_id)


def included_by(kind_id: int) -> list[int]:
    """Ids of the kinds that one includes by itself, not through others."""
    return sorted(_direct().get(kind_id, ()))


def save(
    kind: Kind | None,
    name: str,
    months: int | None,
    year_end: int | None,
    includes: Iterable[int],
    asks: Asks = Asks(),
    *,
    by: int,
    now: datetime,
) -> Kind:
    """Create or change a kind. Raises IncludesItself.

    All pairs are kept, those through others too, so that reading needs a single step. What is
    already held keeps its last day; a kind that no longer includes another loses what came
    through that one alone.
    """
    # One change at a time: two together could form a ring.
    session.execute(select(Kind.id).order_by(Kind.id).with_for_update())
    direct = _direct()
    new = kind is None
    if kind is None:
        kind = Kind(code=_free_code(name), name=name)
        session.add(kind)
    kind.name, kind.months, kind.year_end = name, months, year_end
    kind.safeguarding, kind.travel = asks.safeguarding, asks.travel
    kind.months_past_end = asks.months_past_end
    session.flush()
    direct[kind.id] = set(includes)
    try:
        whole = closure(direct)
    except ValueError as error:
        raise IncludesItself from error
    session.execute(delete(KindIncludes))
    session.add_all(
        KindIncludes(kind_id=one, includes_id=other)
        for one in sorted(whole)
        for other in sorted(whole[one])
    )
    audit.record("kind created" if new else "kind changed", by=by, at=now, became=name)
    session.flush()
    return kind


def _direct() -> dict[int, set[int]]:
    """The pairs that do not follow from others: what remains when the closure is thinned out."""
    whole: dict[int, set[int]] = defaultdict(set)
    for kind_id, other_id in session.execute(
        select(KindIncludes.kind_id, KindIncludes.includes_id)
    ):
        whole[kind_id].add(other_id)
    return {
        one: {
            other
            for other in others
            if not any(other in whole.get(between, ()) for between in others)
        }
        for one, others in whole.items()
    }


def _free_code(name: str) -> str:
    """A code of a kind's name that no other has."""
    letters = "".join(c if c.isascii() and c.isalnum() else "-" for c in name.casefold())
    base = "-".join(part for part in letters.split("-") if part)[:40] or "kind"
    taken = set(session.scalars(select(Kind.code).where(Kind.code.startswith(base))))
    number, code = 1, base
    while code in taken:
        number += 1
        code = f"{base}-{number}"
    return code
