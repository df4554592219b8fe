"""Wall time and instants."""

from datetime import UTC, date, datetime

import pytest

from brigades.clock import Trouble, Wall, day_bounds, hours_between, local_day, to_wall, zone


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


def test_hours_are_measured_between_instants_not_on_the_wall():  # TIME-01
    autumn = Wall(datetime(2026, 10, 24, 22), "Europe/Berlin").instant
    morning = Wall(datetime(2026, 10, 25, 6), "Europe/Berlin").instant
    assert (autumn, morning) == (at(2026, 10, 24, 20), at(2026, 10, 25, 5))
    assert hours_between(autumn, morning) == 9.0

    spring = Wall(datetime(2027, 3, 27, 22), "Europe/Berlin").instant
    dawn = Wall(datetime(2027, 3, 28, 6), "Europe/Berlin").instant
    assert (spring, dawn) == (at(2027, 3, 27, 21), at(2027, 3, 28, 4))
    assert hours_between(spring, dawn) == 7.0


def test_a_day_whose_midnight_is_skipped_is_23_hours_long():  # TIME-02
    start, end = day_bounds(date(2025, 3, 30), "Asia/Beirut")
    assert (start, end) == (at(2025, 3, 29, 22), at(2025, 3, 30, 21))
    assert local_day(start, "Asia/Beirut") == date(2025, 3, 30)


def test_a_day_that_was_left_out_as_a_whole_takes_nothing_of_the_one_before():  # TIME-02
    skipped = at(2011, 12, 30, 10)
    assert day_bounds(date(2011, 12, 29), "Pacific/Apia") == (at(2011, 12, 29, 10), skipped)
    assert day_bounds(date(2011, 12, 30), "Pacific/Apia") == (skipped, skipped)
    assert day_bounds(date(2011, 12, 31), "Pacific/Apia") == (skipped, at(2011, 12, 31, 10))


def test_a_day_begins_with_the_jump_that_takes_its_midnight():
    start, end = day_bounds(date(1919, 3, 31), "America/Toronto")  # 23:30 became 00:30
    assert (start, end) == (at(1919, 3, 31, 4, 30), at(1919, 4, 1, 4))
    assert to_wall(start, "America/Toronto").local == datetime(1919, 3, 31, 0, 30)


def test_a_time_that_the_clocks_jump_over_is_named():  # TIME-03
    wall = Wall(datetime(2027, 3, 28, 2, 30), "Europe/Berlin")
    assert wall.trouble is Trouble.SKIPPED
    assert to_wall(wall.instant, "Europe/Berlin").local == datetime(2027, 3, 28, 3, 30)


def test_a_time_that_comes_twice_is_told_apart_by_its_fold():
    first = Wall(datetime(2026, 10, 25, 2, 30), "Europe/Berlin", 0)
    second = Wall(datetime(2026, 10, 25, 2, 30), "Europe/Berlin", 1)
    assert first.trouble is Trouble.TWICE
    assert hours_between(first.instant, second.instant) == 1.0
    assert to_wall(second.instant, "Europe/Berlin") == second


def test_zones_with_days_of_notice_keep_the_wall_time():  # TIME-05
    early = Wall(datetime(2023, 4, 1, 18), "Asia/Gaza")
    late = Wall(datetime(2023, 4, 30, 18), "Asia/Gaza")
    assert (early.instant, late.instant) == (at(2023, 4, 1, 16), at(2023, 4, 30, 15))


def test_the_zone_of_the_place_decides_not_the_server_s():  # TIME-08
    assert Wall(datetime(2026, 6, 3, 10), "America/Denver").instant == at(2026, 6, 3, 16)
    assert to_wall(at(2026, 6, 3, 16), "America/Denver").local == datetime(2026, 6, 3, 10)
    assert to_wall(at(2026, 6, 3, 16), "America/Los_Angeles").local == datetime(2026, 6, 3, 9)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "Europe/Berlin\x00"])
def test_a_zone_that_is_none_is_refused(name: str):
    with pytest.raises(ValueError):
        zone(name)
