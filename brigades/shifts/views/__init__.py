"""Pages of shifts: the list, one shift, its board, its form, and the answer to an offer."""

from brigades.shifts.views import answer, board, edit, places, show
from brigades.shifts.views.blueprint import bp

__all__ = ["answer", "board", "bp", "edit", "places", "show"]
