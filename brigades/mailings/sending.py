"""Letting a mailing go: one letter a person, whoever presses and however often."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from secrets import token_hex

from sqlalchemy import String, cast, literal

from brigades.access import Scope
from brigades.mailings import choosing, recipients, trail
from brigades.mailings.chosen import Chosen, from_kept
from brigades.mailings.models import Mailing, Stage
from brigades.mailings.rules import complete, faults
from brigades.mailings.service import lock, may_be_about_place
from brigades.outbox import service as outbox
from brigades.outbox.kinds import Kind
from brigades.people.models import Person
from brigades.schedule.models import Slot

NAMES = {Kind.NEWS: "mailing", Kind.PLACE: "mailing-place"}


class Missing(StrEnum):
    """What a mailing still needs before it can be let go."""

    TEXT = "text"
    FAULTS = "faults"
    SLOT = "slot"
    ABOUT_PLACE = "about place"
    NOBODY = "nobody"


class NotReady(Exception):
    """It cannot be let go as it is."""

    def __init__(self, missing: list[Missing]) -> None:
        super().__init__(missing)
        self.missing = missing


@dataclass(frozen=True)
class Sent:
    """What pressing the button did: how many letters were posted, or that it was under way."""

    letters: int
    already: bool


def missing(mailing: Mailing, slot: Slot | None, reached: int, now: datetime) -> list[Missing]:
    """Everything that a draft still needs; nothing means that it can be let go."""
    chosen, found = from_kept(mailing.chosen), []
    if not complete(mailing.texts):
        found.append(Missing.TEXT)
    elif any(
        faults(words, about_slot=slot is not None)
        for code in complete(mailing.texts)
        for words in (mailing.texts[code]["subject"], mailing.texts[code]["body"])
    ):
        found.append(Missing.FAULTS)
    if chosen.slot is not None and slot is None:
        found.append(Missing.SLOT)
    elif mailing.kind is Kind.PLACE and not may_be_about_place(chosen, slot, now):
        found.append(Missing.ABOUT_PLACE)
    if not reached:
        found.append(Missing.NOBODY)
    return found


def send(scope: Scope, mailing_id: int, slot: Slot | None, *, by: int, now: datetime) -> Sent:
    """Post one letter to each person who fits now; a second time nothing more happens.

    ``slot``: what it is about, read through the scope. Raises NotReady.
    """
    mailing = lock(mailing_id)
    if mailing.stage is not Stage.DRAFT:
        return Sent(0, already=True)
    chosen = from_kept(mailing.chosen)
    reached = recipients.counts(scope, chosen, mailing.kind, now).reached
    if lacking := missing(mailing, slot, reached, now):
        raise NotReady(lacking)
    letters = _post(scope, mailing, chosen, slot, now)
    mailing.stage, mailing.sent_at, mailing.changed_at = Stage.SENDING, now, now
    mailing.chosen = {**mailing.chosen, "reach": choosing.reach(scope, chosen)}
    trail.of_stage(mailing, Stage.DRAFT, letters, by=by, now=now)
    return Sent(letters, already=False)


def _post(scope: Scope, mailing: Mailing, chosen: Chosen, slot: Slot | None, now: datetime) -> int:
    """One letter to each who gets it, made by the database; returns how many."""
    needed_by = slot.starts_at if slot is not None and mailing.kind is Kind.PLACE else None
    if needed_by is not None and needed_by <= now:
        needed_by = None  # it has begun: as soon as may be
    row = outbox.row(
        NAMES[mailing.kind],
        address="",
        locale="",
        about={"mailing": mailing.id},
        key="",
        now=now,
        needed_by=needed_by,
        mailing_id=mailing.id,
    )
    of_each = {
        "key": literal(f"mailing:{mailing.id}:") + cast(Person.id, String),
        "to_address": Person.email,
        "to_name": Person.name,
        "locale": Person.locale,
        "person_id": Person.id,
        "section_id": Person.section_id,
    }
    readers = choosing.fitting(scope, chosen, now.date()).where(
        recipients.why_not(chosen, mailing.kind, now) == ""
    )
    return outbox.post_to_each(row, of_each, readers.order_by(Person.id))


def test(mailing: Mailing, to: Person, *, now: datetime) -> int:
    """Post the mailing to whoever writes it, in each language; returns how many letters that is.

    Not counted among the mailing's letters. Without an address there is none.
    """
    if not to.email:
        return 0
    written = complete(mailing.texts)
    for code in written:
        outbox.post_to(
            "mailing-test",
            address=to.email,
            to_name=to.name,
            locale=code,
            about={"mailing": mailing.id},
            key=f"mailing-test:{mailing.id}:{code}:{token_hex(8)}",
            now=now,
            person_id=to.id,
            section_id=mailing.section_id,
        )
    return len(written)
