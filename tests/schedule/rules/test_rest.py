"""Rest between two slots, and duty that goes on from one slot into the next."""

from datetime import date

import pytest

from brigades.schedule.rules import Code, Limits
from tests.schedule.rules.given import HOUR, a_slot, a_slot_on, at, busy, codes, somebody, utc

MINOR = date(2010, 1, 1)


@pytest.mark.parametrize(("minute", "refused"), [(0, False), (1, True)])
def test_eleven_hours_of_rest_before_and_after(minute: int, refused: bool):
    before = somebody(commitments=(busy(utc(1, 14), utc(1, 21, minute)),))
    assert (Code.REST in codes(a_slot(), before, now=utc(1))) is refused
    after = somebody(commitments=(busy(utc(2, 23) - minute * HOUR / 60, utc(3, 2)),))
    assert (Code.REST in codes(a_slot(), after, now=utc(1))) is refused


def test_short_rest_blocks_oneself_and_warns_the_coordinator():
    person = somebody(commitments=(busy(utc(2, 20), utc(3, 4)),))
    day = a_slot(utc(2, 7), utc(2, 15))
    assert codes(day, person)[Code.REST].blocks
    warning = codes(day, person, by_self=False)[Code.REST]
    assert not warning.blocks
    assert (warning.hours, warning.limit) == (5.0, 11.0)


def test_a_minor_rests_twelve_hours():
    evening = (busy(utc(1, 18), utc(1, 20, 30)),)
    adult = somebody(commitments=evening, born=date(2000, 1, 1))
    minor = somebody(commitments=evening, born=MINOR, guardian_agrees=True)
    assert codes(a_slot(), adult, now=utc(1)) == {}
    assert codes(a_slot(), minor, now=utc(1))[Code.REST].limit == 12


def test_who_comes_of_age_that_day_rests_as_grown_up_people_do():
    evening = (busy(utc(1, 18), utc(1, 20, 30)),)
    person = somebody(commitments=evening, born=date(2008, 5, 2))
    assert codes(a_slot(), person, now=utc(1)) == {}


def test_slots_that_touch_are_one_stretch_and_a_day_of_them_leaves_no_rest():
    person = somebody(commitments=(busy(utc(2, 20), utc(3, 8)),))
    found = codes(a_slot(utc(2, 8), utc(2, 20)), person)
    assert found.keys() == {Code.STRETCH}
    assert (found[Code.STRETCH].hours, found[Code.STRETCH].limit) == (24.0, 13.0)
    assert not codes(a_slot(utc(2, 8), utc(2, 20)), person, by_self=False)[Code.STRETCH].blocks


def test_a_stretch_of_three_is_no_lack_of_rest_between_the_first_and_the_last():
    two = (busy(utc(2, 12), utc(2, 16)), busy(utc(2, 16), utc(2, 21), 3))
    assert codes(a_slot(utc(2, 8), utc(2, 12)), somebody(commitments=two)) == {}
    longer = (two[0], busy(utc(2, 16), utc(2, 22), 3))
    found = codes(a_slot(utc(2, 8), utc(2, 12)), somebody(commitments=longer))
    assert found.keys() == {Code.STRETCH}


def test_a_stretch_is_followed_however_far_it_goes():
    chain = (busy(utc(2, 9), utc(2, 20)), busy(utc(2, 20), utc(2, 22), 3))
    assert Code.STRETCH in codes(a_slot(utc(2, 8), utc(2, 9)), somebody(commitments=chain))


def test_a_minor_s_stretch_ends_an_hour_earlier():
    other = (busy(utc(2, 12), utc(2, 20, 30)),)
    assert codes(a_slot(), somebody(commitments=other)) == {}
    minor = somebody(commitments=other, born=MINOR, guardian_agrees=True)
    assert codes(a_slot(), minor)[Code.STRETCH].limit == 12


def test_one_long_duty_alone_is_no_lack_of_rest():  # SHIFT-04
    assert codes(a_slot(utc(2, 6), utc(3, 12)), somebody()) == {}
    assert codes(a_slot(utc(2, 6), utc(20, 12)), somebody()) == {}


def test_rest_on_the_night_when_the_clocks_go_forward_is_an_hour_shorter():
    """Berlin, 29 March 2026: from 21:00 to 08:00 on the wall are ten hours."""
    zone = "Europe/Berlin"
    evening = busy(at("2026-03-28 17:00", zone), at("2026-03-28 21:00", zone))
    morning = a_slot_on("2026-03-29 08:00", "2026-03-29 12:00", zone)
    found = codes(morning, somebody(commitments=(evening,)), now=utc(1, month=3))
    assert found[Code.REST].hours == 10


def test_rest_on_the_night_when_the_clocks_go_back_is_an_hour_longer():
    """Berlin, 25 October 2026: from 22:00 to 08:00 on the wall are eleven hours."""
    zone = "Europe/Berlin"
    evening = busy(at("2026-10-24 18:00", zone), at("2026-10-24 22:00", zone))
    morning = a_slot_on("2026-10-25 08:00", "2026-10-25 12:00", zone)
    assert codes(morning, somebody(commitments=(evening,))) == {}


def test_the_organisation_may_ask_for_less_rest():
    person = somebody(commitments=(busy(utc(1, 18), utc(1, 22)),))
    nine = Limits(rest=9 * HOUR)
    assert codes(a_slot(), person, now=utc(1), limits=nine) == {}
