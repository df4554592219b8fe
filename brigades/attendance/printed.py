"""The printed code for checking in: it stays until somebody calls it back."""

from datetime import datetime

from brigades.audit import service as audit
from brigades.db import session
from brigades.schedule.moves import lock


def renew(slot_id: int, *, by: int, now: datetime) -> None:
    """Call back what was printed for checking in: only a code with the new number opens."""
    slot = lock(slot_id)
    was, slot.printed_code = slot.printed_code, slot.printed_code + 1
    audit.record(
        "printed code",
        by=by,
        at=now,
        was=str(was + 1),
        became=str(was + 2),
        slot_id=slot.id,
        section_id=slot.section_id,
    )
    session.flush()
