"""What the trail of a section keeps of its mailings: stages, and what is done to drafts.

An entry's ``became`` is an act or a stage, a number and the subject, parted by bars. The number is
that of the letters, of what is done to a draft that of the draft.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from brigades.audit import service as audit
from brigades.audit.models import Entry
from brigades.clock import HOUR
from brigades.db import session
from brigades.mailings.models import Mailing, Stage

TRAIL = "mailing"
# Saving the same part of a draft again within this time is one change.
ONE_CHANGE = 1 * HOUR
LOOKED_BACK = 50  # entries of the section


class Act(StrEnum):
    """What is done to a draft."""

    CREATED = "created"
    COPIED = "copied"
    CHOSEN = "chosen"
    WRITTEN = "written"
    DISCARDED = "discarded"


def of_stage(mailing: Mailing, was: Stage, number: int | None, *, by: int, now: datetime) -> None:
    """Record the stage that it came to, from which, and where one is given how many letters."""
    counted = "" if number is None else str(number)
    became = f"{mailing.stage.value}|{counted}|{mailing.subject}"
    _record(mailing, mailing.section_id, became, by=by, now=now, was=was.value)


def of_draft(
    mailing: Mailing, act: Act, *, by: int, now: datetime, also_in: int | None = None
) -> None:
    """Record what was done to a draft, unless the newest entry about it says the same.

    That is: of the same person, within the hour. ``also_in``: the section that it was taken from.
    """
    about = f"{act.value}|{mailing.id}|"
    if _newest(mailing, by, now).startswith(about):
        return
    for section_id in dict.fromkeys((mailing.section_id, also_in)):
        if section_id is not None:
            _record(mailing, section_id, f"{about}{mailing.subject}", by=by, now=now)


def _newest(mailing: Mailing, by: int, now: datetime) -> str:
    """What the newest entry about a draft says, where it is of the same person and fresh."""
    newest = (
        select(Entry)
        .where(Entry.section_id == mailing.section_id)
        .order_by(Entry.id.desc())
        .limit(LOOKED_BACK)
    )
    starts = tuple(f"{act.value}|{mailing.id}|" for act in Act)
    for entry in session.scalars(newest):
        if entry.what == TRAIL and entry.became.startswith(starts):
            fresh = entry.by_id == by and now - entry.at < ONE_CHANGE
            return entry.became if fresh else ""
    return ""


def _record(
    mailing: Mailing, section_id: int, became: str, *, by: int, now: datetime, was: str = ""
) -> None:
    audit.record(
        TRAIL,
        by=by,
        at=now,
        was=was,
        became=became,
        section_id=section_id,
        slot_id=mailing.slot_id,
    )
    session.flush()
