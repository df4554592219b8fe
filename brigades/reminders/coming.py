"""What will be sent, as things stand now: the pass's own steps, walked through moments to come.

What comes in, changes or is cancelled until then changes it; wishes and quiet hours may put it off.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from brigades.access import Can, Scope
from brigades.clock import DAY, HOUR
from brigades.people.models import Person
from brigades.reminders import papers, plans
from brigades.reminders.readers import Answerable, in_slots
from brigades.reminders.stands import Stand, Whole, load
from brigades.reminders.turns import Turn
from brigades.reminders.walk import (
    Ahead,
    asks_answerable,
    asks_people,
    followed,
    offers,
    reminders,
)
from brigades.schedule.models import Participation
from brigades.schedule.states import State

MOST_DAYS = 31


@dataclass(frozen=True)
class Ask:
    """What the list was asked for; empty text asks for nothing."""

    q: str = ""
    name: str = ""
    days: int = 7

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


def letters(scope: Scope, ask: Ask, now: datetime) -> list[Ahead]:
    """Everything that will be sent within the scope, soonest first; in five statements."""
    until = now + min(max(ask.days, 1), MOST_DAYS) * DAY
    found = of_slots(scope.within(Whole, Can.SEE_LETTERS), now, until)
    found += papers.ahead(scope.within(Person, Can.SEE_LETTERS), now, until)
    return in_order([one for one in found if ask.fits(one)])


def in_order(found: Sequence[Ahead]) -> list[Ahead]:
    """Soonest first; of one moment by slot and reader."""
    return sorted(found, key=lambda one: (one.at, one.posting.key))


def of_slots(which: ColumnElement[bool], now: datetime, until: datetime) -> list[Ahead]:
    """The reminders of slots of a condition on ``Whole`` whose moments come until then.

    Those whose moment has come are with the worker already. Four statements.
    """
    asked = select(Participation.slot_id).where(
        Participation.state == State.OFFERED,
        Participation.answer_by > now,
        Participation.answer_by <= until + DAY,
    )
    known = plans.read(now=now)
    in_reach = or_(Whole.starts_at <= until + max(known.hours) * HOUR, Whole.id.in_(asked))
    stands = load((Whole.starts_at > now) & in_reach & which, known)
    rules = followed(_turns(stands, now, until), {stand.slot.id: stand for stand in stands})
    people = in_slots(asks_people(rules), (stand.slot.id for stand in stands))
    found = list(reminders(rules, people, Answerable(asks_answerable(rules), now)))
    return found + [one for one in offers(stands, people, now, until) if one.at > now]


def _turns(stands: Sequence[Stand], now: datetime, until: datetime) -> list[Turn]:
    return [
        Turn(stand.slot.id, hours, moment)
        for stand in stands
        for hours in sorted({rule.hours for rule in stand.plan.rules})
        if now < (moment := stand.start.moment(hours)) <= until
    ]
