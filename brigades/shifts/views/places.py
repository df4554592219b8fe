"""What somebody does about their place in a shift, and what its coordinator does: as everywhere."""

from flask import url_for

from brigades.access import Can, Scope
from brigades.schedule.models import Slot
from brigades.schedule.rules import Refusal
from brigades.schedule.views import copying, deciding, repeating, taking
from brigades.schedule.views.blueprint import Kind
from brigades.shifts import service
from brigades.shifts.views.blueprint import bp
from brigades.shifts.views.show import page_of


def _page(scope: Scope, shift_id: int, reasons: list[Refusal]) -> str:
    """The page anew: the shift was read bare under its lock, so it is loaded whole again."""
    return page_of(scope, shift_id, reasons)


def _board(shift: Slot, need_id: int) -> str:
    return url_for("shifts.board", shift_id=shift.id, _anchor=f"need-{need_id}")


KIND = Kind(
    bp=bp,
    address="/shifts",
    run=Can.RUN_SHIFTS,
    find=service.visible,
    find_to_run=service.run_by,
    page=_page,
    people=_board,
)
taking.add_to(KIND)
deciding.add_to(KIND)
repeating.add_to(KIND)
copying.add_to(KIND, "shift")
