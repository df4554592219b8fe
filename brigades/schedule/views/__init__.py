"""Pages that are the same for every kind of slot."""

from brigades.schedule.views import by_mail, cover_by_mail
from brigades.schedule.views.blueprint import bp

__all__ = ["bp", "by_mail", "cover_by_mail"]
