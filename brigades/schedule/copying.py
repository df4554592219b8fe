"""Copies of slots: what a copy takes along, where it stands, and making many at once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Any

from sqlalchemy import select

from brigades.clock import is_zone
from brigades.db import session
from brigades.schedule import making
from brigades.schedule.making import New
from brigades.schedule.models import Slot, Status
from brigades.schedule.needs import listed
from brigades.schedule.rules.doubts import doubtful
from brigades.schedule.rules.series import Placed, placed
from brigades.schedule.terms import papers_of_each

# What a copy takes along. Whatever else a slot has is its own: times, state, place in a series,
# marks of what was sent, its number for calendars. A test asks where each new column belongs.
TAKEN = (
    "section_id",
    "title",
    "place",
    "online_url",
    "note",
    "zone",
    "signup",
    "waitlist",
    "fills_at_once",
    "meet_before",
    "leave_by_hours",
    "swaps_asked",
    "min_age",
    "with_children",
)
NEED = (
    "position",
    "skill",
    "trade",
    "language",
    "language_to",
    "level",
    "kind_id",
    "least",
    "most",
)
COPIED = "copied from another one"
# (pairs of ids of a slot and its copy, now) after copies were made; registered in create_app.
listeners: list[Callable[[list[tuple[int, int]], datetime], None]] = []


@dataclass(frozen=True)
class Copy:
    """A slot, the local day on which its copy would start, and the times that it gets there.

    ``twin``: there is one of the same title and time already. ``doubtful``: it would be rarely
    meant, so that it stays a draft until it is published by itself.
    """

    of: Slot
    day: date
    at: Placed
    twin: bool = False
    doubtful: bool = False

    @property
    def key(self) -> str:
        """What names this copy among those of one list."""
        return f"{self.of.id}:{self.day.isoformat()}"

    @property
    def plain(self) -> bool:
        """Whether nothing about it has to be looked at first."""
        return not (self.twin or self.doubtful or self.at.odd) and self.at.possible


def own_columns(kind: type[Slot]) -> list[str]:
    """The columns that a kind of slot adds: who leads, which course."""
    table = kind.__table__
    return [column.key for column in table.columns if column.key not in Slot.__table__.columns]


def copies(pairs: Iterable[tuple[Slot, int]], now: datetime) -> list[Copy]:
    """Where copies of slots would stand, each moved by so many days on the wall, by day.

    A slot whose zone is none has no time to keep, and no copy.
    """
    found = []
    for slot, number in pairs:
        if is_zone(slot.zone):
            step = timedelta(days=number)
            at = placed(slot.starts, slot.ends, step, step)
            unsure = doubtful(at.starts_at, at.ends_at, now)
            found.append(Copy(slot, slot.starts_local.date() + step, at, doubtful=unsure))
    return sorted(found, key=lambda one: (one.at.starts_at, one.of.id))


def with_twins(wanted: Sequence[Copy]) -> list[Copy]:
    """The same, saying of each whether one of its title and time is there; one statement."""
    if not wanted:
        return []
    starts = [one.at.starts.local for one in wanted]
    there = set(
        session.execute(
            select(Slot.type, Slot.section_id, Slot.title, Slot.starts_local)
            .where(
                Slot.section_id.in_({one.of.section_id for one in wanted}),
                Slot.starts_local.between(min(starts), max(starts)),
                Slot.status != Status.CANCELLED,
            )
            .distinct()
        ).tuples()
    )
    return [
        replace(
            one,
            twin=(one.of.type, one.of.section_id, one.of.title, one.at.starts.local) in there,
        )
        for one in wanted
    ]


def digest(wanted: Sequence[Copy]) -> str:
    """What a list of copies is known by: another list, or other twins or doubts, has another."""
    text = "\n".join(f"{one.key} {one.at.starts.local} {one.twin} {one.doubtful}" for one in wanted)
    return blake2b(text.encode(), digest_size=12).hexdigest()


def make(
    wanted: Sequence[Copy],
    *,
    publish: bool,
    by: int,
    now: datetime,
    why: str = COPIED,
    series_id: int | None = None,
) -> list[int]:
    """Make the copies, in a fixed number of statements however many; returns their ids, in order.

    They are drafts; with ``publish`` those of published slots are published, as far as nothing
    makes one doubt their dates. Takes no people, marks, tokens or calendar ids along. The trail of
    each says ``why``.
    """
    if not wanted:
        return []
    sources = [one.of.id for one in wanted]
    needs, papers = listed(sources), papers_of_each(sources)
    ids = making.make(
        [
            New(
                type(one.of),
                _values(one, publish, now, series_id),
                {name: getattr(one.of, name) for name in own_columns(type(one.of))},
                [{name: getattr(need, name) for name in NEED} for need in needs.get(one.of.id, ())],
                papers.get(one.of.id, ()),
            )
            for one in wanted
        ],
        by=by,
        now=now,
        why=why,
    )
    for listener in listeners:
        listener(list(zip(sources, ids, strict=True)), now)
    return ids


def _values(one: Copy, publish: bool, now: datetime, series_id: int | None) -> dict[str, Any]:
    of, at = one.of, one.at
    step = one.day - of.starts_local.date()
    shows = publish and of.status is Status.PUBLISHED
    shows = shows and not doubtful(at.starts_at, at.ends_at, now)
    return {
        **{name: getattr(of, name) for name in TAKEN},
        "starts_local": at.starts.local,
        "starts_fold": at.starts.fold,
        "ends_local": at.ends.local,
        "ends_fold": at.ends.fold,
        "starts_at": at.starts_at,
        "ends_at": at.ends_at,
        "signup_until": of.signup_until + step if of.signup_until else None,
        "status": Status.PUBLISHED if shows else Status.DRAFT,
        "series_id": series_id,
        "series_day": one.day if series_id is not None else None,
    }
