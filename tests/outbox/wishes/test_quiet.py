"""The hours in which no mail comes, on the wall of whoever reads it."""

from datetime import UTC, datetime, timedelta

import pytest

from brigades.clock import DAY, HOUR, MINUTE, to_wall
from brigades.outbox.wishes import quiet
from brigades.outbox.wishes.quiet import Hours

BERLIN, UTC_8 = "Europe/Berlin", "Asia/Singapore"
NIGHT = Hours(21, 7)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def wall(instant: datetime | None, zone: str) -> str | None:
    return None if instant is None else f"{to_wall(instant, zone).local:%d %H:%M}"


@pytest.mark.parametrize(
    ("now", "zone", "hours", "ends"),
    [
        ("2026-06-10T18:59:59", BERLIN, NIGHT, None),
        ("2026-06-10T19:00:00", BERLIN, NIGHT, "11 07:00"),  # 21:00 on the wall
        ("2026-06-10T22:30:00", BERLIN, NIGHT, "11 07:00"),  # after midnight
        ("2026-06-11T04:59:59", BERLIN, NIGHT, "11 07:00"),
        ("2026-06-11T05:00:00", BERLIN, NIGHT, None),
        ("2026-06-10T19:00:00", UTC_8, NIGHT, "11 07:00"),  # 03:00 there
        ("2026-06-10T19:00:00", "America/New_York", NIGHT, None),
        ("2026-06-10T11:30:00", BERLIN, Hours(13, 15), "10 15:00"),  # within a day
        ("2026-06-10T13:00:00", BERLIN, Hours(13, 15), None),
        ("2026-06-10T23:00:00", "UTC", Hours(7, 7), None),  # no quiet hours
        ("2026-06-10T23:00:00", "UTC", Hours(22, 24), "11 00:00"),
        ("2026-06-10T21:59:00", "UTC", Hours(22, 24), None),
        ("2026-06-10T00:30:00", "UTC", Hours(24, 6), "10 06:00"),
        ("2026-06-10T23:30:00", "UTC", Hours(24, 6), None),
        ("2026-06-10T23:30:00", "Nowhere/At_All", NIGHT, "11 07:00"),  # taken for UTC
        # Clocks go forward on 29 March 2026 and back on 25 October.
        ("2026-03-28T21:00:00", BERLIN, NIGHT, "29 07:00"),
        ("2026-10-24T20:00:00", BERLIN, NIGHT, "25 07:00"),
        ("2026-10-25T00:30:00", BERLIN, Hours(21, 3), "25 03:00"),  # the first 02:30
        ("2026-10-25T01:30:00", BERLIN, Hours(21, 3), "25 03:00"),  # the second
        ("2026-03-29T00:59:00", BERLIN, Hours(21, 2), "29 03:00"),  # 02:00 is skipped
    ],
)
def test_when_the_quiet_time_ends(now, zone, hours, ends):
    end = quiet.ends(at(now), zone, hours)
    assert wall(end, zone if "Nowhere" not in zone else "UTC") == ends
    assert end is None or end > at(now)


def test_a_night_is_an_hour_shorter_or_longer_when_clocks_change():
    evening = {
        name: quiet.ends(at(f"{day}T20:30:00"), BERLIN, NIGHT)
        for name, day in (("spring", "2026-03-28"), ("autumn", "2026-10-24"))
    }
    assert evening == {"spring": at("2026-03-29T05:00:00"), "autumn": at("2026-10-25T06:00:00")}


EVENING = at("2026-06-10T20:00:00")  # 22:00 on the wall in Berlin
MORNING = at("2026-06-11T05:00:00")


@pytest.mark.parametrize(
    ("now", "since", "needed_by", "until"),
    [
        (EVENING, EVENING, None, MORNING),
        (EVENING, EVENING, MORNING + 2 * HOUR, MORNING),  # there is time to read it
        (EVENING, EVENING, MORNING + 2 * HOUR - MINUTE, None),
        (EVENING, EVENING, MORNING - HOUR, None),
        (EVENING, EVENING, EVENING - HOUR, None),  # over: the letter says so by itself
        (MORNING, EVENING, None, None),
        (EVENING, EVENING - 10 * HOUR, None, MORNING),  # a server that stood still by day
        (EVENING + DAY, EVENING, None, None),  # put off once already: never for ever
    ],
)
def test_what_waits_for_the_morning(now, since, needed_by, until):
    found = quiet.waits_until(now, BERLIN, NIGHT, since=since, needed_by=needed_by)
    assert found == until


def test_nothing_waits_longer_than_a_day_whenever_the_worker_runs():
    for hour in range(24):
        now, posted = EVENING + timedelta(hours=hour), EVENING
        while quiet.waits_until(now, BERLIN, NIGHT, since=posted):
            now += DAY  # a worker that runs once a day, always at this hour
        assert now - posted < 2 * DAY


@pytest.mark.parametrize(
    ("now", "zone", "hours", "daily"),
    [
        ("2026-06-10T04:59:00", BERLIN, NIGHT, "10 07:00"),
        ("2026-06-10T05:00:00", BERLIN, NIGHT, "11 07:00"),
        ("2026-06-10T12:00:00", BERLIN, NIGHT, "11 07:00"),
        ("2026-06-10T22:30:00", BERLIN, NIGHT, "11 07:00"),
        ("2026-06-10T12:00:00", UTC_8, NIGHT, "11 07:00"),
        ("2026-06-10T12:00:00", BERLIN, Hours(22, 9), "11 09:00"),  # not into quiet hours
        ("2026-10-24T12:00:00", BERLIN, NIGHT, "25 07:00"),
        ("2026-03-28T12:00:00", BERLIN, NIGHT, "29 07:00"),
    ],
)
def test_when_the_next_daily_mail_comes(now, zone, hours, daily):
    assert wall(quiet.next_daily(at(now), zone, hours), zone) == daily


def test_what_is_needed_before_the_daily_mail_could_be_read_is_not_in_time():
    assert quiet.in_time(MORNING, None)
    assert quiet.in_time(MORNING, MORNING + 2 * HOUR)
    assert not quiet.in_time(MORNING, MORNING + 2 * HOUR - MINUTE)
