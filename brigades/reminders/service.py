"""The pass that computes which reminders are due now, from the rows as they are, and posts them.

Nothing is scheduled. What was looked at is marked, so that it is not looked at every minute, and
the letters' unique keys make that running it twice, late, or by five workers changes nothing.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import String, cast, literal, select

from brigades.clock import DAY
from brigades.db import session
from brigades.outbox import service as outbox
from brigades.outbox.models import Letter
from brigades.reminders import mornings, papers, plans, turns
from brigades.reminders.duties.due import due_digests, looked
from brigades.reminders.keys import mark_keys
from brigades.reminders.posting import Posting
from brigades.reminders.readers import Answerable, in_slots
from brigades.reminders.stands import Stand, by_ids, load
from brigades.reminders.turns import Turn
from brigades.reminders.walk import (
    OFFER_ENDS,
    asks_answerable,
    asks_people,
    followed,
    offers,
    reminders,
)
from brigades.schedule.models import Participation, Slot, Status
from brigades.schedule.states import State

MOST = 1000  # slots that are looked at together


def collect(now: datetime) -> int:
    """Post every reminder and daily mail that is due at ``now``; returns how many were due."""
    waiting = _waiting(now)
    postings: list[Posting] = []
    for batch in _batches(waiting):
        stands = _stands(batch)
        postings += _due_in(batch, stands, now)
        turns.mark(_marks(batch, stands), now)
    lapsing = papers.due(now)
    postings += [*lapsing.postings, *due_digests(now)]
    # In one order for all workers: each waits for the other's row, and none for each other's.
    rows = [posting.row(now) for posting in sorted(postings, key=lambda one: one.key)]
    outbox.post_rows(rows)
    turns.mark(lapsing.told, now)
    if lapsing.looked:
        mornings.keep(papers.MORNING, lapsing.looked, now)
        turns.forget_old(now)
    looked(now)
    return len(postings)


def due(now: datetime) -> list[Posting]:
    """Everything that is due at ``now`` and was not posted yet."""
    return [*due_reminders(now), *papers.due(now).postings, *due_digests(now)]


def due_reminders(now: datetime) -> list[Posting]:
    """Reminders of starts and of answers that are due at ``now`` and were not posted yet."""
    found: list[Posting] = []
    for batch in _batches(_waiting(now)):
        found += _due_in(batch, _stands(batch), now)
    return found


def _waiting(now: datetime) -> list[Turn]:
    """Turns that have come; one of no hours is a slot where an answer is awaited."""
    asked = [Turn(slot_id, 0, now) for slot_id in _with_offers(now)]
    return turns.waiting(plans.hours_in_use(), now) + asked


def _batches(waiting: Sequence[Turn]) -> Iterable[list[Turn]]:
    ids = sorted({turn.slot_id for turn in waiting})
    for start in range(0, len(ids), MOST):
        some = set(ids[start : start + MOST])
        yield [turn for turn in waiting if turn.slot_id in some]


def _stands(batch: Sequence[Turn]) -> dict[int, Stand]:
    ids = {turn.slot_id for turn in batch}
    return {stand.slot.id: stand for stand in load(by_ids(ids), plans.read(ids))}


def _due_in(batch: Sequence[Turn], stands: dict[int, Stand], now: datetime) -> list[Posting]:
    """The letters of these turns that were not posted yet; a fixed number of statements."""
    rules = followed(batch, stands)
    asked = {turn.slot_id for turn in batch if not turn.hours}
    people = in_slots(asks_people(rules) | asked)
    found = [*reminders(rules, people, Answerable(asks_answerable(rules), now))]
    found += offers([stands[id] for id in sorted(asked) if id in stands], people, now, now)
    return _unposted([one.posting for one in found])


def _marks(batch: Iterable[Turn], stands: dict[int, Stand]) -> list[str]:
    """Of slots without a good zone too: with one they are others, and are looked at again.

    Not of one that was moved since its turn was read, to where this turn has yet to come.
    """
    return [
        key
        for turn in batch
        if turn.hours and (stand := stands.get(turn.slot_id)) is not None
        if stand.start.moment(turn.hours) <= turn.at
        for key in mark_keys(turn.hours, stand.slot)
    ]


def _unposted(postings: Sequence[Posting]) -> list[Posting]:
    """Those whose letter is not there yet; one of each key."""
    by_key = {posting.key: posting for posting in postings}
    keys = list(by_key)
    for start in range(0, len(keys), MOST):
        some = Letter.key.in_(keys[start : start + MOST])
        for key in session.scalars(select(Letter.key).where(some)):
            del by_key[key]
    return list(by_key.values())


def _with_offers(now: datetime) -> list[int]:
    """Ids of slots with an offer whose answer is due within a day, not yet reminded of."""
    place = Participation
    key = literal(f"{OFFER_ENDS}:") + cast(place.id, String) + ":" + cast(place.sequence, String)
    query = (
        select(place.slot_id)
        .join(Slot, Slot.id == place.slot_id)
        .where(
            place.state == State.OFFERED,
            place.answer_by > now,
            place.answer_by <= now + DAY,
            place.asked_at <= now - DAY,
            Slot.status == Status.PUBLISHED,
            Slot.starts_at > now,
            ~select(Letter.id).where(Letter.key == key).exists(),
        )
        .distinct()
    )
    return list(session.scalars(query))
