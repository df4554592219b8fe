"""Two slots at the same time: half-open, between instants."""

import pytest

from brigades.schedule.rules import Code, NeedFacts, refusals
from tests.schedule.rules.given import NOW, a_slot, a_slot_on, at, busy, codes, somebody, utc


def test_slots_that_touch_do_not_overlap():  # SHIFT-01
    for by_self in (True, False):
        later = somebody(commitments=(busy(utc(2, 12), utc(2, 16)),))
        assert codes(a_slot(utc(2, 8), utc(2, 12)), later, by_self=by_self) == {}
        earlier = somebody(commitments=(busy(utc(2, 8), utc(2, 12)),))
        assert codes(a_slot(utc(2, 12), utc(2, 16)), earlier, by_self=by_self) == {}


def test_overlap_is_tested_on_instants_over_midnight():  # SHIFT-02
    night = busy(utc(10, 22), utc(11, 4))
    before = a_slot(utc(10, 2), utc(10, 8))
    after = a_slot(utc(11, 2), utc(11, 8))
    assert Code.OVERLAP not in codes(before, somebody(commitments=(night,)))
    assert codes(before, somebody(commitments=(night,))) == {}
    assert codes(after, somebody(commitments=(night,)))[Code.OVERLAP].other == night


@pytest.mark.parametrize(
    ("start", "end"), [((2, 7), (2, 9)), ((2, 11), (2, 13)), ((2, 9), (2, 10)), ((1, 0), (4, 0))]
)
def test_an_overlap_blocks_the_coordinator_too(start, end):
    person = somebody(commitments=(busy(utc(*start), utc(*end)),))
    assert codes(a_slot(), person, by_self=False)[Code.OVERLAP].blocks


def test_each_slot_that_overlaps_is_named():
    twice = (busy(utc(2, 7), utc(2, 9)), busy(utc(2, 10), utc(2, 11), 3))
    found = refusals(a_slot(), NeedFacts(1), somebody(commitments=twice), NOW)
    assert [one.other for one in found if one.code is Code.OVERLAP] == list(twice)


def test_the_same_clock_time_in_two_zones_is_not_the_same_time():
    berlin = busy(at("2026-05-02 08:00", "Europe/Berlin"), at("2026-05-02 12:00", "Europe/Berlin"))
    manila = a_slot_on("2026-05-02 08:00", "2026-05-02 12:00", "Asia/Manila")
    assert Code.OVERLAP not in codes(manila, somebody(commitments=(berlin,)), now=utc(1))


def test_the_hour_that_comes_twice_is_two_hours():
    """Berlin, 25 October 2026: from 02:00 to 03:00 there are two hours."""
    zone = "Europe/Berlin"
    first = busy(at("2026-10-25 02:00", zone, 0), at("2026-10-25 02:00", zone, 1))
    second = a_slot(
        at("2026-10-25 02:00", zone, 1), at("2026-10-25 03:00", zone), zone="Europe/Berlin"
    )
    assert codes(second, somebody(commitments=(first,))) == {}
