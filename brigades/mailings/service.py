"""Mailings as drafts: made, chosen for, written, thrown away. Nothing here commits."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from brigades.access import Can, Scope
from brigades.asking import MOST_ID
from brigades.db import session
from brigades.mailings import choosing, trail
from brigades.mailings.chosen import AHEAD, MOST_WITHOUT, Chosen, from_kept
from brigades.mailings.models import Mailing, Stage
from brigades.mailings.trail import Act
from brigades.outbox.kinds import Kind
from brigades.people.models import Person, plain
from brigades.schedule.models import Slot, Status
from brigades.sections.models import Section


class UnderWay(Exception):
    """It was let go already: whom it goes to and what it says stays as it is."""


class TooMany(Exception):
    """So many are not taken out one by one."""


def find(scope: Scope, mailing_id: int) -> Mailing | None:
    """A mailing of a section within the scope, with section, writer and slot; one statement."""
    query = (
        scope.select(Mailing, Can.WRITE_MAILINGS)
        .where(Mailing.id == min(mailing_id, MOST_ID))
        .options(
            joinedload(Mailing.section),
            joinedload(Mailing.by),
            joinedload(Mailing.slot).joinedload(Slot.section),
        )
    )
    found: Mailing | None = session.scalar(query)
    return found


def lock(mailing_id: int) -> Mailing:
    """The mailing, read anew and locked until the transaction ends: one act at a time."""
    query = select(Mailing).where(Mailing.id == mailing_id).with_for_update(of=Mailing)
    return session.scalars(query, execution_options={"populate_existing": True}).one()


def draft(mailing_id: int) -> Mailing:
    """The same where it can still be changed. Raises UnderWay."""
    mailing = lock(mailing_id)
    if mailing.stage is not Stage.DRAFT:
        raise UnderWay
    return mailing


def create(section_id: int, chosen: Chosen, *, by: int, now: datetime) -> Mailing:
    """A draft in the name of a section."""
    mailing = Mailing(
        section_id=section_id,
        by_id=by,
        chosen={},
        texts={},
        stage=Stage.DRAFT,
        made_at=now,
        changed_at=now,
    )
    _set_choice(mailing, chosen)
    session.add(mailing)
    session.flush()
    trail.of_draft(mailing, Act.CREATED, by=by, now=now)
    return mailing


def choose(mailing_id: int, chosen: Chosen, *, by: int, now: datetime) -> None:
    """Keep whom a draft goes to; whoever was taken out stays so. Raises UnderWay."""
    mailing = draft(mailing_id)
    kept = from_kept(mailing.chosen)
    _choose(mailing, replace(chosen, without=kept.without, after=kept.after), by=by, now=now)


def take_out(mailing_id: int, ids: set[int], *, back: bool, by: int, now: datetime) -> None:
    """Take single people out of a draft, or ``back`` in, beside those that others take out.

    Raises UnderWay, and TooMany where that leaves too many of them.
    """
    mailing = draft(mailing_id)
    chosen = choosing.without(from_kept(mailing.chosen), ids, back=back)
    if len(chosen.without) > MOST_WITHOUT:
        raise TooMany
    _choose(mailing, chosen, by=by, now=now)


def _choose(mailing: Mailing, chosen: Chosen, *, by: int, now: datetime) -> None:
    if chosen == from_kept(mailing.chosen):
        return
    _set_choice(mailing, chosen)
    mailing.changed_at = now
    trail.of_draft(mailing, Act.CHOSEN, by=by, now=now)


def _set_choice(mailing: Mailing, chosen: Chosen) -> None:
    mailing.chosen = chosen.kept()
    mailing.slot_id = chosen.slot
    mailing.kind = Kind.PLACE if chosen.about_place else Kind.NEWS


def write(
    mailing_id: int,
    texts: Mapping[str, Mapping[str, str]],
    section_id: int,
    *,
    by: int,
    now: datetime,
) -> None:
    """Keep what a draft says, the main language first, and in whose name. Raises UnderWay."""
    mailing = draft(mailing_id)
    said = {code: {"subject": one["subject"], "body": one["body"]} for code, one in texts.items()}
    before, was_in = list(mailing.texts.items()), mailing.section_id
    if (before, was_in) == (list(said.items()), section_id):
        return
    mailing.texts, mailing.section_id, mailing.changed_at = said, section_id, now
    mailing.search = plain(" ".join(one["subject"] for one in said.values()))
    trail.of_draft(mailing, Act.WRITTEN, by=by, now=now, also_in=was_in)


def discard(mailing_id: int, *, by: int, now: datetime) -> None:
    """Throw a draft away. Raises UnderWay."""
    mailing = draft(mailing_id)
    trail.of_draft(mailing, Act.DISCARDED, by=by, now=now)
    session.delete(mailing)
    session.flush()


def slot_of(scope: Scope, slot_id: int | None) -> Slot | None:
    """A published slot within the scope, with its section; one statement."""
    if slot_id is None:
        return None
    query = (
        scope.select(Slot, Can.WRITE_MAILINGS)
        .where(Slot.id == slot_id, Slot.status == Status.PUBLISHED)
        .options(joinedload(Slot.section))
    )
    found: Slot | None = session.scalar(query)
    return found


def may_be_about_place(chosen: Chosen, slot: Slot | None, now: datetime) -> bool:
    """Whether it may go out as what concerns one's place: to people whose slot lies ahead."""
    return (
        slot is not None
        and slot.ends_at > now
        and bool(chosen.states)
        and set(chosen.states) <= AHEAD
    )


def in_whose_name(sections: list[Section], home_id: int, slot: Slot | None) -> int:
    """The section that a new mailing is signed with, of those within reach.

    The slot's, else the writer's own, else the highest. ValueError where there is none.
    """
    reach = {section.id for section in sections}
    for section_id in (slot.section_id if slot else None, home_id):
        if section_id in reach:
            return section_id
    return min(sections, key=lambda section: (len(section.path), section.id)).id


def writer(person_id: int) -> Person:
    """Whoever writes, with their section."""
    query = select(Person).where(Person.id == person_id).options(joinedload(Person.section))
    return session.scalars(query).one()
