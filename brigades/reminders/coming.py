"""What will be sent, as things stand now: the pass's own steps, walked through moments to come.

What comes in, changes or is cancelled until then changes it; wishes and quiet hours may put it off.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from brigades.access import Can, Scope
from brigades.clock import DAY
from brigades.people.models import Person
from brigades.reminders import looked_for, papers, plans
from brigades.reminders.horizon import has_turn, horizon
from brigades.reminders.plans import Plans
from brigades.reminders.readers import Answerable, in_slots
from brigades.reminders.stands import Stand, Whole, load
from brigades.reminders.turns import Turn
from brigades.reminders.walk import (
    OFFER_ENDS,
    Ahead,
    asks_answerable,
    asks_people,
    followed,
    may_be,
    offers,
    reminders,
)
from brigades.schedule.models import Participation
from brigades.schedule.states import State

MOST_DAYS = 31
MOST = 300  # letters that are listed; whoever looks for another narrows the list
MOST_NARROWED = 1000  # the same, once it is narrowed


@dataclass(frozen=True)
class Ask:
    """What the list was asked for; empty text asks for nothing."""

    q: str = ""
    name: str = ""
    days: int = 7

    @property
    def most(self) -> int:
        """How many letters are listed, about."""
        return MOST_NARROWED if self.narrowed else MOST

    @property
    def narrowed(self) -> bool:
        """Whether anything but the days was asked for."""
        return bool(self.q or self.name)

    def fits(self, one: Ahead) -> bool:
        """Whether a letter is of that name, and every word stands in its reader or title."""
        posting = one.posting
        title = posting.because.title if posting.because else ""
        text = f"{posting.to.name} {posting.to.email} {title}".casefold()
        named = not self.name or posting.name == self.name
        return named and all(word in text for word in self.q.casefold().split())


@dataclass(frozen=True)
class Coming:
    """The letters that were found, soonest first, and the zone of its reader's day.

    Not ``all``: there are more than are listed, and the later ones were not put together.
    """

    letters: list[Ahead]
    all: bool
    zone: str


def letters(scope: Scope, ask: Ask, now: datetime, *, reader_id: int) -> Coming:
    """What will be sent within the scope, soonest first; in six statements.

    As many as `MOST` says, or `MOST_NARROWED` of what was asked for. It takes four statements more
    where most of those who have a place cannot be reached.
    """
    until = now + min(max(ask.days, 1), MOST_DAYS) * DAY
    known = plans.read(now=now)
    which = scope.within(Whole, Can.SEE_LETTERS) & looked_for.slots(ask.q)
    holders = scope.within(Person, Can.SEE_LETTERS) & looked_for.papers(ask.q)
    reach = horizon(which, known, now, until, most=ask.most, reader_id=reader_id, q=ask.q)

    def found(until: datetime) -> list[Ahead]:
        some: list[Ahead] = []
        if ask.name != papers.NAME:
            some += of_slots(which, now, until, known, name=ask.name)
        if ask.name in ("", papers.NAME):
            some += papers.ahead(holders, now, until)
        return in_order([one for one in some if ask.fits(one)])

    some = found(reach.until)
    cut = reach.until < until
    if cut and len(some) <= ask.most:
        some, cut = found(until), False
    return Coming(some[: ask.most] if cut else some, not cut, reach.zone)


def in_order(found: Sequence[Ahead]) -> list[Ahead]:
    """Soonest first; of one moment by slot and reader."""
    return sorted(found, key=lambda one: (one.at, one.posting.key))


def of_slots(
    which: ColumnElement[bool],
    now: datetime,
    until: datetime,
    known: Plans | None = None,
    *,
    name: str = "",
) -> list[Ahead]:
    """The reminders of slots of a condition on ``Whole`` whose moments come until then.

    Those whose moment has come are with the worker already. Where a ``name`` is given, others may
    be left out. Three statements, and one for the plans where they are not ``known``.
    """
    asked = select(Participation.slot_id).where(
        Participation.state == State.OFFERED,
        Participation.answer_by > now,
        Participation.answer_by <= until + DAY,
    )
    known = known or plans.read(now=now)
    in_reach = Whole.id.in_(asked)
    if name != OFFER_ENDS:
        in_reach = or_(has_turn(known, now, until), in_reach)
    stands = load((Whole.starts_at > now) & in_reach & which, known)
    rules = followed(_turns(stands, now, until), {stand.slot.id: stand for stand in stands})
    rules = [one for one in rules if may_be(name, one.rule)]
    offering = (stand.slot.id for stand in stands if name in ("", OFFER_ENDS))
    people = in_slots(asks_people(rules), offering)
    found = list(reminders(rules, people, Answerable(asks_answerable(rules), now)))
    return found + [one for one in offers(stands, people, now, until) if one.at > now]


def _turns(stands: Sequence[Stand], now: datetime, until: datetime) -> list[Turn]:
    return [
        Turn(stand.slot.id, hours, moment)
        for stand in stands
        for hours in sorted({rule.hours for rule in stand.plan.rules})
        if now < (moment := stand.start.moment(hours)) <= until
    ]
