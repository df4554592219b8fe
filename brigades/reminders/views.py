"""Pages of reminders: who hears what when, changing that, and what will be sent."""

from brigades.reminders import coming_views, plan_views
from brigades.reminders.blueprint import bp

__all__ = ["bp", "coming_views", "plan_views"]
