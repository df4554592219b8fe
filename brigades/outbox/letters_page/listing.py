"""Looking at letters: which ones somebody may see, and how they stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from brigades import clock
from brigades.access import Can, Scope
from brigades.db import session
from brigades.outbox import above, mailboxes
from brigades.outbox.models import Fate, Letter, Mailbox


@dataclass(frozen=True)
class Ask:
    """What the list was asked for; empty text asks for nothing."""

    q: str = ""
    fate: str = ""
    name: str = ""
    mailing_id: int | None = None
    back: bool = False  # only to addresses that send letters back

    @property
    def narrowed(self) -> bool:
        """Whether anything was asked for."""
        return bool(self.q or self.fate or self.name or self.mailing_id or self.back)

    @property
    def address(self) -> dict[str, Any]:
        """The same as arguments of the list's address."""
        asked: dict[str, Any] = {
            "q": self.q,
            "fate": self.fate,
            "name": self.name,
            "mailing": self.mailing_id or 0,
            "back": int(self.back),
        }
        return {name: value for name, value in asked.items() if value}


@dataclass(frozen=True)
class Standing:
    """How letters stand: of each fate how many, and since when the oldest waits."""

    counts: dict[Fate, int]
    oldest: datetime | None

    MOST: ClassVar[int] = 10_000

    def of(self, fate: str) -> int:
        """How many letters have this fate, at most ``MOST``."""
        return min(self.counts.get(Fate(fate), 0), self.MOST)

    def more(self, fate: str) -> bool:
        """Whether there are more than that."""
        return self.counts.get(Fate(fate), 0) > self.MOST


def visible(scope: Scope) -> ColumnElement[bool]:
    """Letters of the scope's sections; who administers the top also sees those of none."""
    section = above.section()
    top = select(section.c.id).where(
        section.c.parent_id.is_(None), scope.among(section.c.id, Can.EDIT_SECTIONS)
    )
    return or_(
        scope.within(Letter, Can.SEE_LETTERS),
        and_(Letter.section_id.is_(None), top.exists()),
    )


def letters(scope: Scope, ask: Ask) -> Select[tuple[Letter]]:
    """The letters that fit, the newest first."""
    query = select(Letter).where(fitting(scope, ask))
    if ask.fate:
        query = query.where(Letter.fate.in_([fate for fate in Fate if fate.value == ask.fate]))
    return query.order_by(Letter.posted_at.desc(), Letter.id.desc())


def fitting(scope: Scope, ask: Ask) -> ColumnElement[bool]:
    """Letters within the scope that fit all that was asked for, of whatever fate."""
    conditions = [visible(scope)]
    if ask.name:
        conditions.append(Letter.name == ask.name)
    if ask.mailing_id is not None:
        conditions.append(Letter.mailing_id == ask.mailing_id)
    if ask.back:
        closed = select(Mailbox.address).where(Mailbox.bouncing_since.is_not(None))
        conditions.append(func.lower(Letter.to_address).in_(closed))
    conditions += [
        or_(
            *(
                func.lower(column).contains(word, autoescape=True)
                for column in (Letter.to_address, Letter.to_name, Letter.subject)
            )
        )
        for word in ask.q.casefold().split()
    ]
    return and_(*conditions)


def standing(scope: Scope, ask: Ask) -> Standing:
    """How all letters stand that fit what was asked for, whichever fate was; one statement.

    Who sees them all has as many of each fate counted as ``Standing.MOST`` and one: sent letters
    never end.
    """
    fits = fitting(scope, ask)
    if Can.SEE_LETTERS not in scope.everywhere:
        rows = session.execute(
            select(Letter.fate, func.count(), func.min(Letter.posted_at))
            .where(fits)
            .group_by(Letter.fate)
        ).all()
        first = {fate: at for fate, _count, at in rows}
        return Standing({fate: count for fate, count, _at in rows}, first.get(Fate.WAITING))

    def number(fate: Fate) -> Any:
        some = select(Letter.id).where(Letter.fate == fate, fits).limit(Standing.MOST + 1)
        return select(func.count()).select_from(some.subquery()).scalar_subquery()

    oldest = select(func.min(Letter.posted_at)).where(Letter.fate == Fate.WAITING, fits)
    fates = list(Fate)
    *numbers, since = session.execute(select(*map(number, fates), oldest.scalar_subquery())).one()
    return Standing({fate: of for fate, of in zip(fates, numbers, strict=True) if of}, since)


def letter_of(scope: Scope, letter_id: int) -> Letter | None:
    """One letter, if it is within the scope."""
    return session.scalar(select(Letter).where(Letter.id == letter_id, visible(scope)))


@dataclass(frozen=True)
class Shown:
    """A letter, the zone its times are shown in, and what is known where its address bounces."""

    letter: Letter
    zone: str
    box: Mailbox | None


def shown(scope: Scope, letter_id: int) -> Shown | None:
    """One letter with all that its page says of it, if it is within the scope; one statement."""
    place, here = above.section(), func.lower(func.trim(Letter.to_address))
    bounces = and_(Mailbox.address == here, Mailbox.bouncing_since.is_not(None))
    row = session.execute(
        select(Letter, place.c.zone, Mailbox)
        .outerjoin(place, place.c.id == Letter.section_id)
        .outerjoin(Mailbox, bounces)
        .where(Letter.id == letter_id, visible(scope))
    ).one_or_none()
    if row is None:
        return None
    letter, zone, box = row
    if not letter.to_address.isascii():  # databases do not lower every alphabet
        box = mailboxes.bouncing_one(letter.to_address)
    return Shown(letter, zone_of({letter.section_id: zone or "UTC"}, letter), box)


def zones_of(shown: Iterable[Letter]) -> dict[int | None, str]:
    """The zone of each letter's section by the section's id; ``None`` is UTC."""
    ids = {letter.section_id for letter in shown if letter.section_id is not None}
    section = above.section()
    rows = session.execute(select(section.c.id, section.c.zone).where(section.c.id.in_(ids)))
    return {None: "UTC", **dict(rows.tuples().all())}


def zone_of(zones: dict[int | None, str], letter: Letter) -> str:
    """The zone in which a letter's times are shown; UTC where its section has no good one."""
    name = zones.get(letter.section_id, "UTC")
    try:
        clock.zone(name)
    except ValueError:
        return "UTC"
    return name
