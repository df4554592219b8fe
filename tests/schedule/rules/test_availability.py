"""Days that people said they can come: outside of them it warns and never blocks."""

from datetime import date

import pytest

from brigades.schedule.rules import Code
from tests.schedule.rules.given import a_slot_on, codes, somebody, utc

SATURDAY = a_slot_on("2026-05-02 08:00", "2026-05-02 12:00")
NIGHT = a_slot_on("2026-05-02 20:00", "2026-05-03 04:00")  # into Sunday
CAMP = a_slot_on("2026-05-04 08:00", "2026-05-15 18:00")  # Monday to Friday of the next week


def outside(slot, **said) -> date | None:
    found = codes(slot, somebody(**said), now=utc(1))
    assert found.keys() <= {Code.UNAVAILABLE}
    return found[Code.UNAVAILABLE].on if found else None


def test_it_warns_whoever_signs_up_and_the_coordinator():
    for by_self in (True, False):
        person = somebody(weekdays=frozenset({1}))
        assert not codes(SATURDAY, person, by_self=by_self)[Code.UNAVAILABLE].blocks


@pytest.mark.parametrize(
    ("first", "last", "day"),
    [
        (date(2026, 5, 2), date(2026, 5, 2), None),
        (None, date(2026, 5, 1), date(2026, 5, 2)),
        (date(2026, 5, 3), None, date(2026, 5, 2)),
        (None, None, None),
    ],
)
def test_first_and_last_day_are_inclusive(first, last, day):
    assert outside(SATURDAY, available_from=first, available_until=last) == day


def test_each_weekday_of_the_slot_counts():
    assert outside(SATURDAY, weekdays=frozenset({6})) is None
    assert outside(NIGHT, weekdays=frozenset({6})) == date(2026, 5, 3)
    assert outside(CAMP, weekdays=frozenset({1, 2, 3, 4, 5})) == date(2026, 5, 9)
    assert outside(CAMP, weekdays=frozenset({1, 2, 3, 4, 5, 6, 7})) is None


def test_what_ends_at_midnight_does_not_reach_into_the_next_day():
    evening = a_slot_on("2026-05-02 18:00", "2026-05-03 00:00")
    assert outside(evening, weekdays=frozenset({6})) is None
    assert outside(evening, available_until=date(2026, 5, 2)) is None


@pytest.mark.parametrize(
    ("slot", "first", "last", "day"),
    [
        (SATURDAY, 2, 2, date(2026, 5, 2)),
        (SATURDAY, 3, 9, None),
        (NIGHT, 3, 9, date(2026, 5, 3)),
        (SATURDAY, 1, 1, None),
        (CAMP, 7, 8, date(2026, 5, 7)),
        (CAMP, 1, 30, date(2026, 5, 4)),
        (CAMP, 15, 15, date(2026, 5, 15)),
    ],
)
def test_days_away_are_inclusive_on_both_ends(slot, first, last, day):
    assert outside(slot, away=((date(2026, 5, first), date(2026, 5, last)),)) == day


def test_of_several_times_away_the_one_that_matters_is_found():
    away = ((date(2026, 4, 1), date(2026, 4, 9)), (date(2026, 5, 2), date(2026, 5, 4)))
    assert outside(SATURDAY, away=away) == date(2026, 5, 2)


def test_of_a_long_slot_the_first_day_outside_is_said():
    assert outside(CAMP, available_until=date(2026, 5, 11)) == date(2026, 5, 12)
    assert outside(CAMP, available_from=date(2026, 5, 5)) == date(2026, 5, 4)


def test_days_are_those_at_the_place_also_when_the_clocks_change():
    """Berlin, 29 March 2026: the night has one hour less; it still lies on Saturday and Sunday."""
    night = a_slot_on("2026-03-28 22:00", "2026-03-29 06:00", "Europe/Berlin")
    person = somebody(weekdays=frozenset({6}))
    found = codes(night, person, now=utc(1, month=3))
    assert found[Code.UNAVAILABLE].on == date(2026, 3, 29)
    saturday = a_slot_on("2026-03-28 23:30", "2026-03-29 00:00", "Europe/Berlin")
    assert codes(saturday, person, now=utc(1, month=3)) == {}


def test_the_same_instant_is_another_weekday_elsewhere():
    """Friday, 22:00 UTC, is Saturday in Manila."""
    friday = a_slot_on("2026-05-02 06:00", "2026-05-02 10:00", "Asia/Manila")
    assert codes(friday, somebody(weekdays=frozenset({6})), now=utc(1)) == {}
    assert Code.UNAVAILABLE in codes(friday, somebody(weekdays=frozenset({5})), now=utc(1))
