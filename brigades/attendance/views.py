"""Who was there and for how long: the lead's list, the code, times by hand, and hours."""

from brigades.attendance import code_views, hand_views, hours_views, list_views
from brigades.attendance.blueprint import bp

__all__ = ["bp", "code_views", "hand_views", "hours_views", "list_views"]
