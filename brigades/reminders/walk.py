"""Which letters go out at whose turn: for a pass at this moment, for a look ahead at each to come.

One code for both, so that what was shown is what is sent, as long as nothing changes meanwhile.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from brigades.clock import DAY, HOUR, to_wall
from brigades.reminders.keys import offer_key, reminder_key
from brigades.reminders.posting import Because, Posting, Reader
from brigades.reminders.readers import STATES, Answerable, Placed
from brigades.reminders.rules import ANSWERABLE, WITH_PLACES, Audience, Rule, answer_moment, stood
from brigades.reminders.stands import Stand
from brigades.reminders.turns import Turn
from brigades.schedule.states import State

LETTERS = {
    Audience.COMING: "reminder",
    Audience.WAITLISTED: "reminder-waitlisted",
    Audience.LEAD: "reminder-lead",
    Audience.COORDINATORS: "countdown",
    Audience.ORGANIZERS: "countdown",
}
OFFER_ENDS = "offer-ends"
# From one's own place to what one answers for: of two letters at a time the later one is enough.
_IN_ORDER = (
    Audience.LEAD,
    Audience.COMING,
    Audience.WAITLISTED,
    Audience.COORDINATORS,
    Audience.ORGANIZERS,
)


@dataclass(frozen=True)
class Ahead:
    """A letter, and the instant at which it is posted."""

    at: datetime
    posting: Posting


@dataclass(frozen=True)
class Followed:
    """A rule that is followed for a slot at a moment."""

    stand: Stand
    rule: Rule
    at: datetime


def followed(turns: Iterable[Turn], stands: Mapping[int, Stand]) -> list[Followed]:
    """The rules that are followed at these turns; slots that are not among ``stands`` have none.

    What has a new lead since it was looked at tells that lead, and nobody else anything late.
    """
    return [
        Followed(stands[turn.slot_id], rule, turn.at)
        for turn in turns
        if turn.slot_id in stands
        for rule in sorted(
            stands[turn.slot_id].due(turn.hours, turn.at), key=lambda rule: _IN_ORDER.index(rule.to)
        )
        if not turn.again or rule.to is Audience.LEAD
    ]


def may_be(name: str, rule: Rule) -> bool:
    """Whether what a rule says decides on letters of a name; without one, always.

    Of two rules that reach the same person the first counts, so its letter must be known too.
    """
    if not name:
        return True
    sides = {to in ANSWERABLE for to, letter in LETTERS.items() if letter == name}
    return (rule.to in ANSWERABLE) in sides


def asks_people(rules: Iterable[Followed]) -> set[int]:
    """Ids of the slots whose people must be known for these rules."""
    return {one.stand.slot.id for one in rules if one.rule.to in WITH_PLACES}


def asks_answerable(rules: Iterable[Followed]) -> list[Stand]:
    """The slots for which it must be known who answers for them."""
    found = {one.stand.slot.id: one.stand for one in rules if one.rule.to in ANSWERABLE}
    return list(found.values())


def reminders(
    rules: Sequence[Followed], people: Mapping[int, Sequence[Placed]], answerable: Answerable
) -> Iterator[Ahead]:
    """One letter for each reader of a rule; nobody twice for the same hours of the same slot."""
    told: set[tuple[int, int, int, bool]] = set()
    for one in rules:
        slot, to, hours = one.stand.slot, one.rule.to, one.rule.hours
        for reader in _readers(one, people, answerable):
            key = (slot.id, hours, reader.id, to in ANSWERABLE)
            if key not in told:
                told.add(key)
                yield Ahead(one.at, _reminder(one, reader))


def _readers(
    one: Followed, people: Mapping[int, Sequence[Placed]], answerable: Answerable
) -> Iterator[Reader]:
    to, stand = one.rule.to, one.stand
    if to in STATES:
        moment = stand.start.moment(one.rule.hours)
        for placed in people.get(stand.slot.id, ()):
            if placed.state in STATES[to] and stood(placed.changed_at, moment):
                yield placed.reader
    elif to is Audience.LEAD:
        if stand.lead is not None:
            yield stand.lead
    elif to in ANSWERABLE:
        yield from answerable.of(stand, to, one.at)


def _reminder(one: Followed, reader: Reader) -> Posting:
    slot, rule, plan = one.stand.slot, one.rule, one.stand.plan
    where = (plan.source, plan.named, plan.id)
    return Posting(
        name=LETTERS[rule.to],
        to=reader,
        about={"slot": slot.id, "person": reader.id, "hours": rule.hours},
        key=reminder_key(rule.hours, rule.to, slot, reader.id),
        section_id=slot.section_id,
        needed_by=slot.starts_at,
        because=Because(rule.to, rule.hours, slot.title, slot.starts, *where),
    )


def offers(
    stands: Iterable[Stand], people: Mapping[int, Sequence[Placed]], now: datetime, until: datetime
) -> Iterator[Ahead]:
    """A letter for each offered place whose answer is awaited, a day before it is due.

    Those whose moment comes until ``until``; what has passed by ``now`` is made up for.
    """
    for stand in stands:
        for placed in people.get(stand.slot.id, ()) if stand.sound else ():
            if placed.state is not State.OFFERED or not (placed.answer_by and placed.asked_at):
                continue
            moment = answer_moment(placed.asked_at, placed.answer_by)
            if moment is not None and moment <= until and now < placed.answer_by:
                yield Ahead(max(moment, now), _offer(stand, placed, placed.answer_by))


def _offer(stand: Stand, placed: Placed, answer_by: datetime) -> Posting:
    slot = stand.slot
    due = to_wall(answer_by, slot.zone)
    return Posting(
        name=OFFER_ENDS,
        to=placed.reader,
        about={"participation": placed.place_id, "sequence": placed.sequence},
        key=offer_key(placed.place_id, placed.sequence),
        section_id=slot.section_id,
        needed_by=answer_by,
        because=Because(Audience.OFFERED, DAY // HOUR, slot.title, due),
    )
