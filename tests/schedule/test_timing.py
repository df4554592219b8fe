"""Deadlines."""

from datetime import UTC, datetime, timedelta

from brigades.schedule.timing import answer_by

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_an_answer_is_due_sooner_as_the_start_comes_near():
    allowed = 24 * HOUR
    assert answer_by(NOW, NOW + 100 * HOUR, allowed) == NOW + 24 * HOUR
    assert answer_by(NOW, NOW + 10 * HOUR, allowed) == NOW + 5 * HOUR
    assert answer_by(NOW, NOW + HOUR / 2, allowed) == NOW + HOUR / 2
