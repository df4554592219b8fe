"""Pages of qualifications: people's papers (``paper_views``) and their kinds (``kind_views``)."""

from brigades.qualifications import kind_views, paper_views
from brigades.qualifications.blueprint import bp

__all__ = ["bp", "kind_views", "paper_views"]
