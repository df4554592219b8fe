"""Duty within seven days, and the long rest once a week."""

from datetime import date

from brigades.schedule.rules import Code, Commitment
from tests.schedule.rules.given import DAY, HOUR, a_slot, a_slot_on, at, busy, codes, somebody, utc


def days(first: int, count: int, start: int, hours: int) -> tuple[Commitment, ...]:
    """A slot on each of so many days in May."""
    return tuple(
        busy(utc(day, start), utc(day, start) + hours * HOUR, slot_id=100 + day)
        for day in range(first, first + count)
    )


def test_forty_eight_hours_in_seven_days_are_allowed_and_not_a_minute_more():
    four = days(4, 4, 8, 11)  # 44 h
    assert codes(a_slot(utc(8, 8), utc(8, 12)), somebody(commitments=four)) == {}
    found = codes(a_slot(utc(8, 8), utc(8, 12, 1)), somebody(commitments=four))
    assert found.keys() == {Code.WEEK}
    week = found[Code.WEEK]
    assert week.blocks
    assert 48 < week.hours < 48.1
    assert (week.limit, week.on) == (48, date(2026, 5, 4))
    assert not codes(a_slot(utc(8, 8), utc(8, 12, 1)), somebody(commitments=four), by_self=False)[
        Code.WEEK
    ].blocks


def test_any_seven_days_count_not_those_from_monday_on():
    """From Thursday to Wednesday."""
    around = (*days(7, 2, 8, 12), *days(12, 2, 8, 12))
    found = codes(a_slot(utc(10, 8), utc(10, 13)), somebody(commitments=around))
    assert found[Code.WEEK].hours == 53
    assert found[Code.WEEK].other in around


def test_what_is_eight_days_away_does_not_count():
    far = days(4, 4, 8, 12)
    assert codes(a_slot(utc(14, 20), utc(15, 6)), somebody(commitments=far)) == {}


def test_of_a_slot_that_reaches_into_the_seven_days_only_that_part_counts():
    """Forty hours from the 2nd on; of them 16 lie in the seven days before the 10th, 16:00."""
    long = (busy(utc(2, 0), utc(3, 16)),)
    assert codes(a_slot(utc(9, 8), utc(10, 0)), somebody(commitments=long)) == {}
    found = codes(a_slot(utc(8, 8), utc(9, 0)), somebody(commitments=long))
    assert found[Code.WEEK].hours > 48


def test_the_slot_that_is_named_lies_in_the_seven_days():
    long_ago = days(1, 4, 8, 11)
    later = (busy(utc(14, 20), utc(15, 2), 200),)
    found = codes(a_slot(utc(7, 8), utc(7, 20)), somebody(commitments=long_ago + later))
    assert found[Code.WEEK].other == long_ago[-1]


def test_a_slot_longer_than_the_week_allows_stands_alone():
    assert codes(a_slot(utc(4, 0), utc(7, 0)), somebody()) == {}
    beside = somebody(commitments=(busy(utc(9, 0), utc(9, 4)),))
    assert codes(a_slot(utc(4, 0), utc(7, 0)), beside).keys() == {Code.WEEK}


def test_the_week_is_measured_between_instants_when_the_clocks_change():
    """Berlin, the week before 25 October 2026: a night of nine hours on the wall lasts ten."""
    zone = "Europe/Berlin"
    four = tuple(
        busy(at(f"2026-10-{day} 08:00", zone), at(f"2026-10-{day} 17:30", zone), day)
        for day in (19, 20, 21, 22)
    )
    night = a_slot_on("2026-10-24 20:00", "2026-10-25 05:30", zone)
    found = codes(night, somebody(commitments=four))
    assert found[Code.WEEK].hours == 48.5


def test_six_days_of_duty_leave_the_long_rest_and_seven_do_not():
    six = days(4, 5, 8, 6)
    assert codes(a_slot(utc(9, 8), utc(9, 14)), somebody(commitments=six)) == {}
    seven = days(4, 6, 8, 6)
    found = codes(a_slot(utc(10, 8), utc(10, 14)), somebody(commitments=seven))
    assert found.keys() == {Code.WEEKLY_REST}
    rest = found[Code.WEEKLY_REST]
    assert (rest.hours, rest.limit, rest.other) == (18, 35, seven[0])
    by_hand = codes(a_slot(utc(10, 8), utc(10, 14)), somebody(commitments=seven), by_self=False)
    assert not by_hand[Code.WEEKLY_REST].blocks


def test_a_slot_put_into_the_long_rest_takes_it_away():
    """Free from Thursday 14:00 to Saturday 08:00; a slot on Friday is in the middle of it."""
    around = (*days(4, 4, 8, 6), *days(9, 3, 8, 6))
    found = codes(a_slot(utc(8, 10), utc(8, 12)), somebody(commitments=around))
    assert Code.WEEKLY_REST in found


def test_thirty_five_hours_are_a_long_rest():
    before = days(4, 4, 8, 6)  # until the 7th, 14:00
    after = days(10, 3, 8, 6)
    enough = a_slot(utc(9, 1), utc(9, 3))
    assert Code.WEEKLY_REST not in codes(enough, somebody(commitments=before + after))
    short = a_slot(utc(9, 0, 59), utc(9, 3))
    assert Code.WEEKLY_REST in codes(short, somebody(commitments=before + after))


def test_a_minor_s_long_rest_is_an_hour_longer():
    """From the 4th, 8:00, to the 9th, 20:30: 132.5 hours, of which grown-up people may have 133."""
    six = days(4, 5, 8, 6)
    slot = a_slot(utc(9, 14, 30), utc(9, 20, 30))
    assert codes(slot, somebody(commitments=six)) == {}
    minor = somebody(commitments=six, born=date(2010, 1, 1), guardian_agrees=True)
    found = codes(slot, minor)
    assert found.keys() == {Code.WEEKLY_REST}
    assert found[Code.WEEKLY_REST].limit == 36


def test_commitments_may_come_in_any_order():
    seven = days(4, 6, 8, 6)
    slot = a_slot(utc(10, 8), utc(10, 14))
    assert codes(slot, somebody(commitments=seven[::-1])) == codes(
        slot, somebody(commitments=seven)
    )


def test_long_slots_inside_others_do_not_hide_a_rest():
    """Two commitments overlap each other; the gap after the longer one is what counts."""
    nested = (busy(utc(1, 0), utc(5, 4)), busy(utc(1, 10), utc(1, 20), 3))
    slot = a_slot(utc(6, 8), utc(7, 12))
    found = codes(slot, somebody(commitments=nested), now=utc(1) - DAY)
    assert found[Code.WEEKLY_REST].hours == 28
