"""Beginning a mailing from one that there is. Nothing here commits."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from brigades.db import session
from brigades.mailings import trail
from brigades.mailings.chosen import from_kept
from brigades.mailings.models import Mailing, Stage
from brigades.mailings.service import lock
from brigades.mailings.trail import Act


def copy(mailing: Mailing, *, by: int, now: datetime) -> Mailing:
    """A new draft with the same filters and texts, which knows what it repeats.

    Of one that was stopped it is for those whom neither it nor another copy of it has reached yet,
    or may have, unless that is changed; where such a draft is there already, that one. Of any
    other mailing it is for everybody who fits.
    """
    lock(mailing.id)  # two who press at once begin one draft
    chosen = from_kept(mailing.chosen)
    # One that went to everybody again began anew.
    after = (*(chosen.after if chosen.yet else ()), mailing.id)
    if mailing.stage is Stage.STOPPED:
        drafts, sent = _going_on(mailing)
        if drafts:
            return session.get_one(Mailing, drafts[0])
        after = (*after, *sent)
    yet = mailing.stage is Stage.STOPPED
    chosen = replace(chosen, after=after, yet=yet, doubtful=False)
    made = Mailing(
        section_id=mailing.section_id,
        by_id=by,
        slot_id=mailing.slot_id,
        kind=mailing.kind,
        chosen=chosen.kept(),
        texts=dict(mailing.texts),
        search=mailing.search,
        stage=Stage.DRAFT,
        made_at=now,
        changed_at=now,
    )
    session.add(made)
    session.flush()
    trail.of_draft(made, Act.COPIED, by=by, now=now)
    return made


def _going_on(mailing: Mailing) -> tuple[list[int], list[int]]:
    """Copies to those whom it has not reached: drafts of its section, and what was let go."""
    later = (
        select(Mailing.id, Mailing.stage, Mailing.section_id, Mailing.chosen)
        .where(Mailing.id > mailing.id)
        .order_by(Mailing.id)
    )
    drafts: list[int] = []
    sent: list[int] = []
    for id, stage, section_id, kept in session.execute(later):
        chosen = from_kept(kept)
        if not chosen.yet or mailing.id not in chosen.after:
            continue
        if stage is not Stage.DRAFT:
            sent.append(id)
        elif section_id == mailing.section_id:
            drafts.append(id)
    return drafts, sent
