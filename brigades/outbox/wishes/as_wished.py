"""What becomes of claimed letters by what their readers wish, and by the hour where they are."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, select

from brigades.db import built_once, session
from brigades.outbox.above import day_zone, with_readers
from brigades.outbox.kinds import DAILY_MAIL, MUST, QUIET, How, Kind
from brigades.outbox.letters import kind_of
from brigades.outbox.models import Fate, Letter, MailWish
from brigades.outbox.outcomes import Outcome
from brigades.outbox.reasons import NOT_WANTED
from brigades.outbox.wishes import quiet
from brigades.outbox.wishes.service import TOGETHER


@dataclass(frozen=True)
class Claimed:
    """A claimed letter to somebody who is known; ``zone`` is their IANA name."""

    id: int
    name: str
    tries: int
    posted_at: datetime
    needed_by: datetime | None
    zone: str
    subject: str
    error: str

    @property
    def kind(self) -> Kind:
        """What the letter is to its reader."""
        return kind_of(self.name)


def put_aside(ids: list[int], now: datetime) -> list[Outcome]:
    """What became of those of these letters that are not to be mailed now; one statement.

    Letters to nobody who is known here are not touched. Ends its transaction.
    """
    if not ids:
        return []
    try:
        letters, wishes = _read(ids)
    finally:
        session.rollback()
        session.remove()
    found = (judge(one, wishes[one.id], now, quiet.hours()) for one in letters)
    return [outcome for outcome in found if outcome is not None]


def judge(
    letter: Claimed, wishes: Mapping[Kind, How], now: datetime, hours: quiet.Hours
) -> Outcome | None:
    """What becomes of one letter by its reader's wishes; None where it is to be mailed now. Pure.

    What is needed before a daily mail could be read goes by itself.
    """
    how = How.AT_ONCE if letter.kind in MUST else wishes.get(letter.kind, How.AT_ONCE)
    if how is How.NEVER and letter.name != DAILY_MAIL:
        return Outcome(letter.id, Fate.DROPPED, letter.tries, error=NOT_WANTED, untried=True)
    if how is How.DAILY and letter.name not in TOGETHER:
        daily = quiet.next_daily(now, letter.zone, hours)
        if quiet.in_time(daily, letter.needed_by):
            return Outcome(letter.id, Fate.GATHERED, letter.tries, due_at=daily, untried=True)
    if letter.kind not in QUIET:
        return None
    morning = quiet.waits_until(
        now, letter.zone, hours, since=letter.posted_at, needed_by=letter.needed_by
    )
    if morning is None:
        return None
    return Outcome(
        letter.id, Fate.WAITING, letter.tries, letter.subject, letter.error, morning, untried=True
    )


def _read(ids: list[int]) -> tuple[list[Claimed], dict[int, dict[Kind, How]]]:
    wishes: dict[int, dict[Kind, How]] = defaultdict(dict)
    letters: dict[int, Claimed] = {}
    for *letter, kind, how in session.execute(_claimed(), {"ids": ids}):
        one = Claimed(*letter)
        letters[one.id] = one
        if kind is not None:
            wishes[one.id][kind] = how
    return list(letters.values()), wishes


@built_once
def _claimed() -> Select[Any]:
    """Letters to people who are known, in the order of ``Claimed``, once for each of their wishes.

    Runs with ``ids``.
    """
    letters = (
        select(
            Letter.id,
            Letter.name,
            Letter.tries,
            Letter.posted_at,
            Letter.needed_by,
            day_zone(),
            Letter.subject,
            Letter.error,
            MailWish.kind,
            MailWish.how,
        )
        .outerjoin(MailWish, MailWish.person_id == Letter.person_id)
        .where(Letter.id.in_(bindparam("ids", expanding=True)))
        .order_by(Letter.id)
    )
    return with_readers(letters)
