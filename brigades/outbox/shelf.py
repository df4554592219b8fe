"""Looking at letters: which ones somebody may see, and trying one again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from brigades.access import Can, Scope
from brigades.audit import service as audit
from brigades.db import session
from brigades.outbox.models import Fate, Letter

# The tree of sections lies above this folder; its table is known through the foreign key.
_SECTION = next(iter(Letter.__table__.c.section_id.foreign_keys)).column.table


@dataclass(frozen=True)
class Ask:
    """What the list was asked for; empty text asks for nothing."""

    q: str = ""
    fate: str = ""
    name: str = ""
    mailing_id: int | None = None

    @property
    def narrowed(self) -> bool:
        """Whether anything was asked for."""
        return bool(self.q or self.fate or self.name or self.mailing_id)


def visible(scope: Scope) -> ColumnElement[bool]:
    """Letters of the scope's sections; who administers the top also sees those of none."""
    top = select(_SECTION.c.id).where(
        _SECTION.c.parent_id.is_(None), _SECTION.c.id.in_(scope.sections(Can.EDIT_SECTIONS))
    )
    return or_(
        scope.within(Letter, Can.SEE_LETTERS),
        and_(Letter.section_id.is_(None), top.exists()),
    )


def letters(scope: Scope, ask: Ask) -> Select[tuple[Letter]]:
    """The letters that fit, the newest first."""
    query = select(Letter).where(visible(scope))
    if ask.fate:
        query = query.where(Letter.fate.in_([fate for fate in Fate if fate.value == ask.fate]))
    if ask.name:
        query = query.where(Letter.name == ask.name)
    if ask.mailing_id is not None:
        query = query.where(Letter.mailing_id == ask.mailing_id)
    for word in ask.q.casefold().split():
        query = query.where(
            or_(
                *(
                    func.lower(column).contains(word, autoescape=True)
                    for column in (Letter.to_address, Letter.to_name, Letter.subject)
                )
            )
        )
    return query.order_by(Letter.posted_at.desc(), Letter.id.desc())


def letter_of(scope: Scope, letter_id: int) -> Letter | None:
    """One letter, if it is within the scope."""
    return session.scalar(select(Letter).where(Letter.id == letter_id, visible(scope)))


def zones_of(shown: Iterable[Letter]) -> dict[int | None, str]:
    """The zone of each letter's section by the section's id; ``None`` is UTC."""
    ids = {letter.section_id for letter in shown if letter.section_id is not None}
    rows = session.execute(select(_SECTION.c.id, _SECTION.c.zone).where(_SECTION.c.id.in_(ids)))
    return {None: "UTC", **dict(rows.tuples().all())}


def again(letter: Letter, *, by: int, now: datetime) -> bool:
    """Send a failed letter once more, with all its tries; whether there was anything to do."""
    if letter.fate is not Fate.FAILED:
        return False
    audit.record(
        "letter",
        by=by,
        at=now,
        was=Fate.FAILED.value,
        became=Fate.WAITING.value,
        why=letter.error,
        person_id=letter.person_id,
        section_id=letter.section_id,
    )
    letter.fate, letter.tries, letter.due_at = Fate.WAITING, 0, now
    letter.leased_until = letter.told_in_id = None
    session.flush()
    return True
