"""Pages of recruiting: signing up (``join_views``) and the coordinators' desk (``desk_views``)."""

from brigades.recruiting import desk_views, join_views
from brigades.recruiting.blueprint import bp

__all__ = ["bp", "desk_views", "join_views"]
