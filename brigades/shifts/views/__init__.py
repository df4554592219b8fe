"""Pages of shifts: the list, one shift and its places, its board, its form."""

from brigades.shifts.views import board, edit, places, show
from brigades.shifts.views.blueprint import bp

__all__ = ["board", "bp", "edit", "places", "show"]
