"""On which days slots repeat, and which wall times they get there."""

from datetime import UTC, date, datetime, timedelta

import pytest

from brigades.clock import DAY, Trouble, Wall
from brigades.schedule.rules.series import MOST, Every, Pattern, TooMany, days, placed

BERLIN = "Europe/Berlin"


def on(first: datetime, hours: float, steps: int, zone: str = BERLIN):
    """A slot of so many hours on the wall, moved by so many days."""
    starts, ends = Wall(first, zone), Wall(first + timedelta(hours=hours), zone)
    return placed(starts, ends, steps * DAY, steps * DAY)


def test_mondays_at_six_stay_at_six_when_the_clocks_change():  # TIME-07
    first = datetime(2026, 10, 12, 18)
    found = days(first.date(), Pattern(Every.WEEK, weekdays=frozenset({1}), count=4))
    at = [on(first, 2, (day - first.date()).days) for day in found]
    assert [one.starts_at for one in at] == [
        datetime(2026, 10, 12, 16, tzinfo=UTC),
        datetime(2026, 10, 19, 16, tzinfo=UTC),
        datetime(2026, 10, 26, 17, tzinfo=UTC),
        datetime(2026, 11, 2, 17, tzinfo=UTC),
    ]
    assert {one.starts.local.hour for one in at} == {18}
    assert not any(one.odd for one in at)


def test_a_night_shift_is_as_long_as_the_night_really_is():  # TIME-01, TIME-07
    first = datetime(2026, 10, 24, 22)
    autumn, spring, other = on(first, 8, 0), on(first, 8, 154), on(first, 8, 1)
    assert spring.starts.local == datetime(2027, 3, 27, 22)
    lengths = [(one.ends_at - one.starts_at) / timedelta(hours=1) for one in (autumn, spring)]
    assert lengths == [9, 7]
    assert other.ends_at - other.starts_at == timedelta(hours=8)
    assert not (autumn.odd or spring.odd or other.odd)


def test_a_midnight_that_does_not_exist_is_said_and_moved_on():  # TIME-02, TIME-03
    at = on(datetime(2025, 3, 23), 2, 7, "Asia/Beirut")
    assert at.troubles == (Trouble.SKIPPED, None)
    assert at.wanted[0].local == datetime(2025, 3, 30)
    assert at.starts.local == datetime(2025, 3, 30, 1)
    assert at.starts_at == datetime(2025, 3, 29, 22, tzinfo=UTC)
    assert at.possible


def test_a_time_that_is_shown_twice_is_said_and_is_the_first():
    at = on(datetime(2026, 10, 18, 2, 30), 4, 7)
    assert at.troubles == (Trouble.TWICE, None)
    assert at.starts_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_what_would_end_before_it_starts_is_not_possible():
    assert not on(datetime(2027, 3, 21, 2, 30), 0.75, 7).possible


def test_what_does_not_move_stays_the_second_of_two():
    wall = Wall(datetime(2026, 10, 25, 2, 30), BERLIN, 1)
    ends = Wall(datetime(2026, 10, 25, 6), BERLIN)
    at = placed(wall, ends, timedelta(0), timedelta(hours=1))
    assert (at.starts, at.odd) == (wall, False)
    assert at.ends.local.hour == 7


def test_every_day_goes_over_the_end_of_a_month():
    found = days(date(2027, 1, 30), Pattern(Every.DAY, count=4))
    assert [str(day) for day in found] == ["2027-01-30", "2027-01-31", "2027-02-01", "2027-02-02"]


def test_the_last_day_is_included():
    weekly = Pattern(Every.WEEK, weekdays=frozenset({1}), until=date(2026, 10, 26))
    assert days(date(2026, 10, 12), weekly)[-1] == date(2026, 10, 26)
    daily = Pattern(Every.DAY, step=3, until=date(2026, 10, 17))
    assert [day.day for day in days(date(2026, 10, 12), daily)] == [12, 15]


def test_a_count_goes_over_the_chosen_weekdays_and_the_first_counts():
    pattern = Pattern(Every.WEEK, weekdays=frozenset({1, 3, 5}), count=5)
    assert [day.day for day in days(date(2026, 10, 14), pattern)] == [14, 16, 19, 21, 23]
    second = Pattern(Every.WEEK, step=2, weekdays=frozenset({1, 3}), count=4)
    assert [day.day for day in days(date(2026, 10, 14), second)] == [14, 26, 28, 9]


def test_the_first_is_among_them_though_its_weekday_is_not_chosen():
    pattern = Pattern(Every.WEEK, weekdays=frozenset({2}), count=3)
    assert [day.day for day in days(date(2026, 10, 12), pattern)] == [12, 13, 20]


def test_the_29th_of_february_is_a_day_like_others():
    found = days(date(2028, 2, 27), Pattern(Every.DAY, until=date(2028, 3, 1)))
    assert [str(day)[5:] for day in found] == ["02-27", "02-28", "02-29", "03-01"]


def test_a_year_is_the_most():
    year = Pattern(Every.DAY, count=MOST)
    assert len(days(date(2026, 1, 1), year)) == MOST
    for too_many in (
        Pattern(Every.DAY, count=MOST + 1),
        Pattern(Every.DAY, until=date(2099, 1, 1)),
        Pattern(Every.DAY),
    ):
        with pytest.raises(TooMany):
            days(date(2026, 1, 1), too_many)
