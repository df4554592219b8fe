"""Series in files: which times they have, which they leave out, and where they stop."""

import pytest

from brigades.calendars.reading.found import Remark, Why
from brigades.calendars.reading.reader import HORIZON
from tests.calendars.reading.files import NOW, a_file, found_in, read, spans, starts

WEEKLY = "DTSTART;TZID=Europe/Berlin:20261012T180000\nDTEND;TZID=Europe/Berlin:20261012T200000\n"
ABOUT = "UID:one@example.org\n"


def test_a_series_that_ends_on_the_repeated_hour_keeps_its_last():  # ICS-11
    found = found_in(
        "DTSTART;TZID=Europe/Amsterdam:20201024T023000\nDURATION:PT1H\n"
        "RRULE:FREQ=DAILY;UNTIL=20201025T010000Z"
    )
    assert starts(found) == ["2020-10-24T00:30Z", "2020-10-25T00:30Z"]


def test_a_series_keeps_the_wall_when_the_clocks_change():  # TIME-07
    found = found_in(WEEKLY + "RRULE:FREQ=WEEKLY;COUNT=4")
    assert spans(found) == [
        ("2026-10-12T16:00Z", "2026-10-12T18:00Z"),
        ("2026-10-19T16:00Z", "2026-10-19T18:00Z"),
        ("2026-10-26T17:00Z", "2026-10-26T19:00Z"),
        ("2026-11-02T17:00Z", "2026-11-02T19:00Z"),
    ]


@pytest.mark.parametrize(
    ("rule", "number"),
    [
        ("FREQ=WEEKLY;UNTIL=20261102", 4),
        ("FREQ=WEEKLY;UNTIL=20261102T170000Z", 4),
        ("FREQ=WEEKLY;UNTIL=20261102T165959Z", 3),
        ("FREQ=WEEKLY;UNTIL=20261102T180000", 4),
        ("FREQ=WEEKLY;BYDAY=MO,TH;COUNT=5", 5),
        ("FREQ=MONTHLY;BYDAY=2MO;COUNT=3", 3),
        ("FREQ=MONTHLY;BYDAY=-1FR;COUNT=2", 3),  # its own start always belongs to it
        ("freq=daily;interval=2;count=3;", 3),
    ],
)
def test_a_rule_gives_as_many_as_it_says(rule, number):
    assert len(starts(found_in(WEEKLY + f"RRULE:{rule}"))) == number


def test_days_can_be_left_out_added_and_moved():
    found = found_in(
        ABOUT + WEEKLY + "RRULE:FREQ=WEEKLY;COUNT=4\n"
        "EXDATE;TZID=Europe/Berlin:20261019T180000\nRDATE:20261015T160000Z",
        ABOUT + "SUMMARY:Moved\nRECURRENCE-ID;TZID=Europe/Berlin:20261026T180000\n"
        "DTSTART;TZID=Europe/Berlin:20261027T190000\nDTEND;TZID=Europe/Berlin:20261027T200000",
        ABOUT + "STATUS:CANCELLED\nRECURRENCE-ID:20261102T170000Z\nDTSTART:20261102T170000Z",
    )
    assert sorted(starts(found)) == ["2026-10-12T16:00Z", "2026-10-15T16:00Z", "2026-10-27T18:00Z"]
    [moved] = [event for event in found.events if event.title == "Moved"]
    assert moved.times[0].key == "20261026T170000Z"  # known by where the series had put it
    assert [left.why for left in found.left] == [Why.CANCELLED]


def test_a_day_can_be_left_out_by_its_date_alone():
    found = found_in(WEEKLY + "RRULE:FREQ=WEEKLY;COUNT=2\nEXDATE;VALUE=DATE:20261019")
    assert starts(found) == ["2026-10-12T16:00Z"]


def test_a_rule_without_end_stops_at_the_horizon_and_says_so():
    [event] = found_in(WEEKLY + "RRULE:FREQ=WEEKLY").events
    last = event.times[-1].at.starts_at
    assert NOW + HORIZON - (NOW - NOW.replace(day=18)) <= last <= NOW + HORIZON
    assert event.remarks == (Remark.HORIZON,)


def test_of_a_series_that_runs_for_years_the_last_ones_and_the_next_are_read():
    old = WEEKLY.replace("202610", "201010") + "RRULE:FREQ=WEEKLY;INTERVAL=2"
    [event] = found_in(old).events
    first = event.times[0].at.starts_at
    assert first.year == 2025 and first.isoweekday() == 2  # 12 October 2010 was one
    assert all(one.at.starts.local.hour == 18 for one in event.times)


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("FREQ=SECONDLY", Why.TOO_OFTEN),
        ("FREQ=HOURLY;COUNT=3", Why.TOO_OFTEN),
        ("FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=1,2,3,4,5", Why.TOO_OFTEN),
        ("FREQ=FORTNIGHTLY", Why.RULE),
        ("FREQ=DAILY;COUNT=0", Why.RULE),
        ("FREQ=DAILY;INTERVAL=99999999", Why.RULE),
        ("FREQ=DAILY;RSCALE=HEBREW", Why.RULE),
        ("INTERVAL=2", Why.RULE),
        ("nonsense", Why.RULE),
    ],
)
def test_a_rule_that_cannot_be_followed_is_said(rule, why):
    [left] = found_in(WEEKLY + f"RRULE:{rule}").left
    assert left.why is why


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
        "FREQ=YEARLY;BYDAY=MO;BYSETPOS=300",
    ],
)
def test_a_rule_that_never_comes_is_not_looked_for_until_the_end_of_time(rule, monkeypatch):
    looks = []
    from brigades.calendars.reading import rules

    counted = rules._Counted.__contains__

    def count(self, number):
        looks.append(1)
        return counted(self, number)

    monkeypatch.setattr(rules._Counted, "__contains__", count)
    found = found_in(WEEKLY + f"RRULE:{rule}")
    assert starts(found) == ["2026-10-12T16:00Z"]
    assert 0 < len(looks) < 2000


def test_a_file_of_nothing_but_endless_rules_is_read_as_far_as_there_is_patience(monkeypatch):
    from brigades.calendars.reading import reader, rules

    monkeypatch.setattr(reader, "Patience", lambda: rules.Patience(2000))
    content = a_file(*[WEEKLY + "RRULE:FREQ=DAILY"] * 8)
    found = read(content, zone="Europe/Berlin", now=NOW)
    assert found.events and {left.why for left in found.left} == {Why.ENDLESS}


def test_of_two_versions_of_an_event_the_later_counts():
    found = found_in(
        ABOUT + "SEQUENCE:2\nSUMMARY:Later\nDTSTART:20261201T100000Z\nDURATION:PT1H",
        ABOUT + "SEQUENCE:1\nSUMMARY:Earlier\nDTSTART:20261202T100000Z\nDURATION:PT1H",
    )
    assert [event.title for event in found.events] == ["Later"]


def test_events_that_share_a_name_by_mistake_are_all_kept():  # ICS-07
    found = found_in(*(ABOUT + f"DTSTART:2026120{day}T100000Z\nDURATION:PT1H" for day in (1, 2, 2)))
    assert starts(found) == ["2026-12-01T10:00Z", "2026-12-02T10:00Z"]
