"""Courses and their sessions."""

from datetime import datetime

from brigades.schedule.models import Participation


def grant(place: Participation, by: int, now: datetime) -> None:
    """Attending a session grants the course's qualification; taking it back takes it back."""
