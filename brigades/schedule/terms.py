"""Terms of a slot that are kept beside it: what everybody must hold. None of these commits."""

from collections.abc import Iterable

from sqlalchemy import delete, select

from brigades.db import session
from brigades.schedule.models import SlotPaper


def papers_of(slot_id: int) -> set[int]:
    """Ids of the kinds that everybody in a slot must hold."""
    return set(session.scalars(select(SlotPaper.kind_id).where(SlotPaper.slot_id == slot_id)))


def papers_of_each(slot_ids: Iterable[int]) -> dict[int, list[int]]:
    """Ids of the kinds that everybody in each of some slots must hold, one statement."""
    found: dict[int, list[int]] = {}
    query = select(SlotPaper).where(SlotPaper.slot_id.in_(set(slot_ids)))
    for paper in session.scalars(query.order_by(SlotPaper.kind_id)):
        found.setdefault(paper.slot_id, []).append(paper.kind_id)
    return found


def set_papers(slot_id: int, kind_ids: Iterable[int]) -> bool:
    """Ask everybody in a slot for these kinds and no others; returns whether that is a change."""
    wanted, present = set(kind_ids), papers_of(slot_id)
    if wanted == present:
        return False
    gone = SlotPaper.kind_id.in_(present - wanted)
    session.execute(delete(SlotPaper).where(SlotPaper.slot_id == slot_id, gone))
    session.add_all(SlotPaper(slot_id=slot_id, kind_id=one) for one in sorted(wanted - present))
    session.flush()
    return True
