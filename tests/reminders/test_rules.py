"""When a reminder is due, from facts alone."""

from datetime import UTC, date, datetime, timedelta

import pytest

from brigades.clock import DAY, HOUR
from brigades.reminders.rules import Lead, PlaceFacts, digest_day, due, home_of

START = datetime(2026, 6, 17, 12, tzinfo=UTC)
LONG_AGO = START - 60 * DAY
SECOND = timedelta(seconds=1)


def leads(at: datetime, **facts: datetime) -> list[Lead]:
    """What is due at an instant."""
    return list(due(PlaceFacts(**{"starts_at": START, "confirmed_at": LONG_AGO} | facts), at))


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (START - 7 * DAY - SECOND, []),
        (START - 7 * DAY, [Lead.WEEK]),
        (START - 4 * DAY - SECOND, [Lead.WEEK]),
        (START - 4 * DAY, []),
        (START - DAY, [Lead.DAY]),
        (START - SECOND, [Lead.DAY]),
        (START, []),
        (START + DAY, []),
    ],
)
def test_a_place_is_reminded_seven_days_and_one_day_before(at, expected):
    assert leads(at) == expected


def test_who_came_in_within_the_last_week_gets_no_seven_day_reminder():
    late = START - 6 * DAY
    assert leads(START - 5 * DAY, confirmed_at=late) == []
    assert leads(START - HOUR, confirmed_at=late) == [Lead.DAY]


def test_who_was_told_of_a_move_within_the_lead_is_not_reminded_of_it_too():  # REM-03
    assert leads(START - HOUR, moved_at=START - 2 * HOUR) == []
    assert leads(START - HOUR, moved_at=START - 2 * DAY) == [Lead.DAY]


@pytest.mark.parametrize(
    ("zone", "at", "day"),
    [
        ("Europe/Berlin", datetime(2026, 6, 10, 4, 59, tzinfo=UTC), None),
        ("Europe/Berlin", datetime(2026, 6, 10, 5, 0, tzinfo=UTC), date(2026, 6, 10)),
        ("Asia/Tokyo", datetime(2026, 6, 9, 22, 0, tzinfo=UTC), date(2026, 6, 10)),
        ("Europe/Berlin", datetime(2026, 6, 10, 21, 59, tzinfo=UTC), date(2026, 6, 10)),
        ("Europe/Berlin", datetime(2026, 6, 10, 22, 1, tzinfo=UTC), None),
    ],
)
def test_the_daily_mail_is_due_from_seven_in_the_sections_morning(zone, at, day):
    assert digest_day(zone, at) == day


def test_the_day_follows_the_own_section_else_the_first():
    both = [(3, "Asia/Tokyo"), (2, "Europe/Berlin")]
    assert home_of(both, 3) == "Asia/Tokyo"
    assert home_of(both, 9) == "Europe/Berlin"
