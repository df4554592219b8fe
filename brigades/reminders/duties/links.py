"""The pages on which what waits is done."""

from brigades.attendance.service import ADDRESSES
from brigades.reminders.duties.what import What
from brigades.web import link

_LISTS = {
    What.APPLICATION: "recruiting.index",
    What.SWAP: "swaps.index",
    What.DOUBT: "rechecks.index",
    What.UNSAID: "attendance.unsaid",
}


def list_link(what: What | None) -> str:
    """The page that lists all of a kind; empty where each has only its own."""
    return link(_LISTS[what]) if what in _LISTS else ""


def row_link(what: What, id: int, slot_id: int | None, type: str) -> str:
    """The page where one thing is done; its list where it has none of its own."""
    if what is What.APPLICATION:
        return link("recruiting.show", application_id=id)
    if what in (What.PAPER, What.MAILBOX):
        return link("people.show", person_id=id)
    if what is What.UNSAID:
        return link("attendance.people", where=ADDRESSES[type], slot_id=slot_id)
    return list_link(what) or board_link(type, slot_id)


def board_link(type: str, slot_id: int | None) -> str:
    """Where a slot's places are filled: a shift's board, a session's page."""
    if type == "session":
        return f"{link('trainings.index')}/{slot_id}"
    return f"{link('shifts.index')}/{slot_id}/board"
