"""How far a mailing has come, read off its letters; and the list of mailings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import contains_eager

from brigades.access import Can, Scope
from brigades.db import session
from brigades.mailings.models import Mailing, Stage
from brigades.outbox.models import Fate, Letter
from brigades.people.models import Person, plain

DONE = "done"  # beside the stages: let go, and nothing can leave any more
FAILED_SHOWN = 50


@dataclass(frozen=True)
class Far:
    """Numbers of a mailing's letters. ``later``: of those that wait, for a later hour.

    ``doubtful``: neither sent, failed nor dropped as far as is known; they may have arrived.
    """

    waiting: int = 0
    later: int = 0
    gathered: int = 0
    sent: int = 0
    failed: int = 0
    dropped: int = 0
    doubtful: int = 0

    @property
    def total(self) -> int:
        """How many were posted."""
        return self.open + self.sent + self.failed + self.dropped + self.doubtful

    @property
    def open(self) -> int:
        """How many may still leave, by themselves or in a daily mail."""
        return self.waiting + self.gathered

    @property
    def settled(self) -> int:
        """How many are through: sent, failed, or not needed any more."""
        return self.total - self.open

    @property
    def unreached(self) -> int:
        """How many it has surely not reached, whatever becomes of them."""
        return self.total - self.sent - self.doubtful


@dataclass(frozen=True)
class Asked:
    """What the list shows; ``stage`` is a stage, DONE, or empty for all."""

    q: str = ""
    stage: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether anything was asked for."""
        return bool(self.q or self.stage)


def far(ids: Iterable[int], now: datetime) -> Mapping[int, Far]:
    """How far each of these mailings has come; one statement."""
    later = case((Letter.due_at > now, 1), else_=0)
    doubt = case((Letter.may_have_arrived, 1), else_=0)
    rows = session.execute(
        select(Letter.mailing_id, Letter.fate, func.count(), func.sum(later), func.sum(doubt))
        .where(Letter.mailing_id.in_(list(ids)))
        .group_by(Letter.mailing_id, Letter.fate)
    )
    numbers: dict[int, dict[str, int]] = {}
    for mailing_id, fate, number, some, doubtful in rows:
        assert mailing_id is not None
        found = numbers.setdefault(mailing_id, {})
        found[fate.value] = number
        if fate is Fate.WAITING:
            found["later"] = int(some or 0)
        elif fate in (Fate.DROPPED, Fate.FAILED):
            found[fate.value] -= int(doubtful or 0)
            found["doubtful"] = found.get("doubtful", 0) + int(doubtful or 0)
    return {mailing_id: Far(**found) for mailing_id, found in numbers.items()}


def stage_of(mailing: Mailing, how_far: Far) -> str:
    """Where it stands as its reader sees it: done once nothing can leave any more."""
    if mailing.stage is Stage.SENDING and not how_far.open:
        return DONE
    return mailing.stage.value


def failed(scope: Scope, mailing_id: int) -> list[Letter]:
    """The first letters that failed, of people within the scope, by name."""
    query = (
        scope.select(Letter, Can.WRITE_MAILINGS)
        .where(Letter.mailing_id == mailing_id, Letter.fate == Fate.FAILED)
        .order_by(Letter.to_name, Letter.id)
        .limit(FAILED_SHOWN)
    )
    return list(session.scalars(query))


def listed(scope: Scope, ask: Asked) -> Select[Any]:
    """The mailings of the scope's sections, with section and writer, the newest first."""
    query: Select[Any] = (
        scope.select(Mailing, Can.WRITE_MAILINGS)
        .join(Mailing.section)
        .join(Mailing.by)
        .options(contains_eager(Mailing.section), contains_eager(Mailing.by))
    )
    for word in plain(ask.q).split():
        query = query.where(or_(*(column.contains(word, autoescape=True) for column in (_SEARCH))))
    waits = (
        select(Letter.id)
        .where(Letter.mailing_id == Mailing.id, Letter.fate.in_((Fate.WAITING, Fate.GATHERED)))
        .exists()
    )
    if ask.stage == DONE:
        query = query.where(Mailing.stage == Stage.SENDING, ~waits)
    elif ask.stage == Stage.SENDING:
        query = query.where(Mailing.stage == Stage.SENDING, waits)
    elif ask.stage in set(Stage):
        query = query.where(Mailing.stage == Stage(ask.stage))
    return query.order_by(Mailing.made_at.desc(), Mailing.id.desc())


_SEARCH = (Mailing.search, Person.search)
