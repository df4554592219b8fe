"""What mail servers say of addresses: which ones send our letters back, and since when."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, func, select, update

from brigades.audit import service as audit
from brigades.db import insert_once, session
from brigades.outbox.models import Fate, Mailbox
from brigades.outbox.outcomes import Blame, Outcome, kept_words

# Refusals for good in a row after which an address counts as one that sends letters back.
ENOUGH = 2


def key(address: str) -> str:
    """An address as it is kept here: one mailbox, however it is written."""
    return address.strip().casefold()


def note(outcomes: Iterable[Outcome], at: datetime) -> None:
    """Keep what the tries of a batch say of its addresses; a letter that is taken heals one."""
    refusals: dict[str, int] = {}
    words: dict[str, str] = {}
    taken: set[str] = set()
    for outcome in outcomes:
        if outcome.fate is Fate.SENT:
            taken.add(outcome.address)
            refusals.pop(outcome.address, None)
        elif outcome.fate is Fate.FAILED and outcome.blame is Blame.ADDRESS:
            refusals[outcome.address] = refusals.get(outcome.address, 0) + 1
            words[outcome.address] = kept_words(outcome.error)
    if taken:
        session.execute(delete(Mailbox).where(Mailbox.address.in_(taken)))
    for address in sorted(refusals):  # in one order, so that two workers never wait for each other
        _refused(address, refusals[address], words[address], at)


def _refused(address: str, times: int, words: str, at: datetime) -> None:
    fresh = {"address": address, "refusals": 0, "words": "", "changed_at": at}
    insert_once(Mailbox, [fresh])
    session.execute(
        update(Mailbox)
        .where(Mailbox.address == address)
        .values(refusals=Mailbox.refusals + times, words=words, changed_at=at)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Mailbox)
        .where(
            Mailbox.address == address,
            Mailbox.refusals >= ENOUGH,
            Mailbox.bouncing_since.is_(None),
        )
        .values(bouncing_since=at)
        .execution_options(synchronize_session=False)
    )


def bouncing(addresses: Iterable[str]) -> dict[str, Mailbox]:
    """Those of these addresses that send letters back, by their ``key``."""
    asked = {key(address) for address in addresses}
    found = session.scalars(
        select(Mailbox).where(Mailbox.address.in_(asked), Mailbox.bouncing_since.is_not(None))
    )
    return {box.address: box for box in found}


def bouncing_one(address: str | None) -> Mailbox | None:
    """What is known of an address that sends letters back; None where it does not."""
    return bouncing([address]).get(key(address)) if address else None


def clear(
    address: str | None,
    *,
    by: int,
    now: datetime,
    person_id: int | None = None,
    section_id: int | None = None,
) -> bool:
    """Send to an address again, as if it had never refused anything; whether it had."""
    gone = delete(Mailbox).where(Mailbox.address == key(address or ""))
    kept = gone.returning(Mailbox.bouncing_since, Mailbox.words)
    box = session.execute(kept.execution_options(synchronize_session=False)).first()
    if box is None:
        return False
    if box.bouncing_since is not None:
        audit.record(
            "mailbox",
            by=by,
            at=now,
            was="bouncing",
            became="tried again",
            why=box.words,
            person_id=person_id,
            section_id=section_id,
        )
    session.flush()
    return True


def count() -> int:
    """How many addresses send letters back."""
    query = select(func.count()).where(Mailbox.bouncing_since.is_not(None))
    return session.scalar(query) or 0
