"""Doing to a slot what was done to another one: the same step on the wall, the same new values."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete

from brigades.clock import Trouble, Wall, is_zone
from brigades.db import session
from brigades.schedule.copying import NEED, TAKEN, own_columns
from brigades.schedule.models import Need, Slot, SlotPaper, Status
from brigades.schedule.needs import StillUsed, TooFewPlaces, listed, rewrite
from brigades.schedule.rules.doubts import doubtful
from brigades.schedule.rules.series import Placed, placed
from brigades.schedule.terms import papers_of_each


class Why(StrEnum):
    """Why the same cannot be done to a slot."""

    SKIPPED = "skipped"
    TWICE = "twice"
    NO_LENGTH = "no length"
    NO_ZONE = "no zone"
    STILL_USED = "still used"
    TOO_FEW = "too few"
    DOUBTFUL = "doubtful"


class Hindered(Exception):
    """The same cannot be done to a slot; ``wall``: the time that is odd there, where it is one."""

    def __init__(self, slot: Slot, why: Why, wall: Wall | None = None) -> None:
        super().__init__(f"slot {slot.id}: {why}")
        self.title, self.day, self.why, self.wall = slot.title, slot.starts_local.date(), why, wall


@dataclass(frozen=True)
class Outline:
    """All of a slot that can be done to another one too. ``closes``: sign-up, from the start."""

    fields: dict[str, Any]
    starts: datetime
    ends: datetime
    closes: timedelta | None
    needs: list[tuple[int, dict[str, Any]]]
    papers: frozenset[int]


def outline(slot: Slot) -> Outline:
    """A slot as it stands, in two statements."""
    day = slot.starts_local.date()
    return Outline(
        fields={name: getattr(slot, name) for name in (*TAKEN, *own_columns(type(slot)))},
        starts=slot.starts_local,
        ends=slot.ends_local,
        closes=slot.signup_until - day if slot.signup_until else None,
        needs=[
            (need.id, {name: getattr(need, name) for name in NEED})
            for need in listed([slot.id]).get(slot.id, [])
        ],
        papers=frozenset(papers_of_each([slot.id]).get(slot.id, ())),
    )


@dataclass(frozen=True)
class Change:
    """What was done to a slot.

    ``shift_odd``: where a time is skipped or shown twice, take the next, or the first of the two,
    rather than raise Hindered. ``keep_over``: fewer places than people are no reason to stop.
    ``sure``: neither are dates of a published slot that are rarely meant, seen from ``now``.
    """

    before: Outline
    after: Outline
    shift_odd: bool
    keep_over: bool
    sure: bool
    now: datetime

    def do(self, slot: Slot, needs: list[Need], papers: list[int]) -> bool:
        """Do it to another slot; returns whether that changed anything. Raises Hindered."""
        touched = [self._fields(slot), self._times(slot), self._papers(slot, papers)]
        return any([*touched, self._needs(slot, needs)])

    def _fields(self, slot: Slot) -> bool:
        touched = False
        for name, value in self.after.fields.items():
            if self.before.fields[name] != value and getattr(slot, name) != value:
                setattr(slot, name, value)
                touched = True
        return touched

    def _times(self, slot: Slot) -> bool:
        was, closed = (slot.starts_at, slot.ends_at), slot.signup_until
        if not is_zone(slot.zone):
            raise Hindered(slot, Why.NO_ZONE)
        before, after = self.before, self.after
        steps = after.starts - before.starts, after.ends - before.ends
        elsewhere = before.fields["zone"] != after.fields["zone"]
        at = placed(slot.starts, slot.ends, *steps, anew=elsewhere)
        if at.odd and not self.shift_odd:
            raise _odd(slot, at)
        if not at.possible:
            raise Hindered(slot, Why.NO_LENGTH)
        slot.starts_local, slot.starts_fold = at.starts.local, at.starts.fold
        slot.ends_local, slot.ends_fold = at.ends.local, at.ends.fold
        slot.derive_instants()
        moved = was != (slot.starts_at, slot.ends_at)
        if moved and not self.sure and slot.status is Status.PUBLISHED:
            self._ask(slot)
        if before.closes != after.closes:
            day = slot.starts_local.date()
            slot.signup_until = None if after.closes is None else day + after.closes
        elif slot.signup_until is not None:
            slot.signup_until += after.starts.date() - before.starts.date()
        return moved or closed != slot.signup_until

    def _ask(self, slot: Slot) -> None:
        if doubtful(slot.starts_at, slot.ends_at, self.now):
            raise Hindered(slot, Why.DOUBTFUL)

    def _papers(self, slot: Slot, papers: list[int]) -> bool:
        gone = (self.before.papers - self.after.papers) & set(papers)
        new = self.after.papers - self.before.papers - set(papers)
        if gone:
            session.execute(
                delete(SlotPaper).where(SlotPaper.slot_id == slot.id, SlotPaper.kind_id.in_(gone))
            )
        session.add_all(SlotPaper(slot_id=slot.id, kind_id=kind_id) for kind_id in sorted(new))
        return bool(gone or new)

    def _needs(self, slot: Slot, needs: list[Need]) -> bool:
        if self.before.needs == self.after.needs:
            return False
        try:
            return rewrite(slot.id, needs, self.before.needs, self.after.needs, self.keep_over)
        except StillUsed:
            raise Hindered(slot, Why.STILL_USED) from None
        except TooFewPlaces:
            raise Hindered(slot, Why.TOO_FEW) from None


def _odd(slot: Slot, at: Placed) -> Hindered:
    trouble, wall = next(
        (trouble, wall) for trouble, wall in zip(at.troubles, at.wanted, strict=True) if trouble
    )
    return Hindered(slot, Why.SKIPPED if trouble is Trouble.SKIPPED else Why.TWICE, wall)
