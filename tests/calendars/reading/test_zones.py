"""Which moment a file means, whatever it calls the zone."""

import pytest

from brigades.calendars.reading.found import Left, Remark, Why
from tests.calendars.reading.files import HERE, OUTLOOK_ZONE, SUMMER_ONLY, found_in, starts

MORNING = "DTSTART;TZID={}:20260701T100000\nDURATION:PT2H"


@pytest.mark.parametrize(
    "name",
    [
        "W. Europe Standard Time",
        '"W. Europe Standard Time"',
        "w. europe  standard time ",
        "W.\u00a0Europe Standard Time",
        "Europe/Berlin",
        "europe/berlin",
        "Europe/Berlin ",
        "/freeassociation.sourceforge.net/Europe/Berlin",
        "/mozilla.org/20050126_1/Europe/Berlin",
    ],
)
def test_a_zone_is_known_however_a_program_spells_it(name):  # ICS-09 # IMP-06
    found = found_in(MORNING.format(name))
    assert starts(found) == ["2026-07-01T08:00Z"]
    assert found.events[0].zone == "Europe/Berlin"
    assert not found.left


@pytest.mark.parametrize("name", ["Customized Time Zone", "Berlin", "../../etc/passwd", "Factory"])
def test_an_unknown_zone_is_said_and_never_taken_for_utc(name):  # ICS-09
    found = found_in(MORNING.format(name))
    assert not found.events
    assert found.left == (Left("Event 1", Why.ZONE, name),)


@pytest.mark.parametrize("name", ["Europe/Berlin", "Camp zone"])
def test_a_block_with_summer_alone_leads_nobody_astray(name):  # ICS-13
    event = f"DTSTART;TZID={name}:20180403T090000\nDTEND;TZID={name}:20180403T100000"
    found = found_in(event, before=SUMMER_ONLY.format(name))
    assert starts(found) == ["2018-04-03T07:00Z"]
    assert int(found.events[0].times[0].at.starts_at.timestamp()) == 1522738800


def test_our_own_data_win_over_a_block_under_a_name_we_know():  # ICS-13
    winter = "DTSTART;TZID=Europe/Berlin:20180103T090000\nDURATION:PT1H"
    found = found_in(winter, before=SUMMER_ONLY.format("Europe/Berlin"))
    assert starts(found) == ["2018-01-03T08:00Z"]
    assert found.events[0].remarks == ()


def test_a_zone_that_only_the_file_knows_is_read_by_its_offsets_and_said():
    summer, winter = (
        f"DTSTART;TZID=Customized Time Zone:{day}T100000\nDURATION:PT1H"
        for day in ("20260701", "20261201")
    )
    found = found_in(summer, winter, before=OUTLOOK_ZONE)
    assert starts(found) == ["2026-07-01T08:00Z", "2026-12-01T09:00Z"]
    assert {event.zone for event in found.events} == {HERE}
    assert all(event.remarks == (Remark.OWN_ZONE,) for event in found.events)


def test_what_one_file_says_of_a_zone_does_not_hold_for_the_next():
    event = MORNING.format("Camp zone")
    assert starts(found_in(event, before=SUMMER_ONLY.format("Camp zone")))
    assert found_in(event).left[0].why is Why.ZONE


def test_a_time_without_a_zone_is_taken_for_the_sections_and_said():
    found = found_in("DTSTART:20260701T100000\nDTEND:20260701T110000")
    assert starts(found) == ["2026-07-01T08:00Z"]
    assert found.events[0].remarks == (Remark.FLOATING,)


def test_a_moment_stands_on_the_sections_wall():
    [event] = found_in("DTSTART:20260701T080000Z\nDTEND:20260701T100000Z").events
    at = event.times[0].at
    assert (event.zone, at.starts.local.hour, at.ends.local.hour) == (HERE, 10, 12)
    assert event.remarks == ()


def test_a_time_that_the_clocks_skip_is_moved_on_and_that_is_known():  # TIME-03
    [event] = found_in(
        "DTSTART;TZID=Europe/Berlin:20270328T023000\nDTEND;TZID=Europe/Berlin:20270328T060000"
    ).events
    at = event.times[0].at
    assert (at.starts.local.hour, at.odd, at.wanted[0].local.hour) == (3, True, 2)
