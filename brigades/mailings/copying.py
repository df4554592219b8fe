"""Beginning a mailing from one that there is. Nothing here commits."""

from dataclasses import replace
from datetime import datetime

from brigades.db import session
from brigades.mailings import trail
from brigades.mailings.chosen import from_kept
from brigades.mailings.models import Mailing, Stage
from brigades.mailings.trail import Act


def copy(mailing: Mailing, *, by: int, now: datetime) -> Mailing:
    """A new draft with the same filters and texts, which knows what it repeats.

    Of one that was stopped it is for those whom it has not reached yet, unless that is changed; of
    any other for everybody who fits.
    """
    chosen = from_kept(mailing.chosen)
    # One that went to everybody again began anew.
    after = (*(chosen.after if chosen.yet else ()), mailing.id)
    chosen = replace(chosen, after=after, yet=mailing.stage is Stage.STOPPED)
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
