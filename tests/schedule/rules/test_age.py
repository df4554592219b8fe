"""Age on the local day of the start, and a guardian's consent."""

from datetime import date

import pytest

from brigades.schedule.rules import Code, Limits
from tests.schedule.rules.given import a_slot, a_slot_on, codes, somebody, utc

LONG_AGO = utc(1, month=1)


@pytest.mark.parametrize(
    ("day", "age"), [("2026-02-28", 17), ("2026-03-01", 18), ("2028-02-29", 20)]
)
def test_who_was_born_on_29_february_has_a_birthday_on_1_march(day: str, age: int):  # AGE-01
    person = somebody(born=date(2008, 2, 29), guardian_agrees=True)
    slot = a_slot_on(f"{day} 08:00", f"{day} 12:00", min_age=18)
    assert person.age_on(slot.first_day) == age
    found = codes(slot, person, now=LONG_AGO)
    assert (found.keys() == {Code.TOO_YOUNG}) is (age < 18)


def test_age_is_that_of_the_day_not_of_today():  # AGE-02
    person, signed_up = somebody(born=date(2008, 6, 15)), utc(1, month=6)
    stay = a_slot_on("2026-07-01 08:00", "2026-07-14 18:00", min_age=18)
    assert codes(stay, person, now=signed_up) == {}
    training = a_slot_on("2026-06-14 09:00", "2026-06-14 17:00")
    found = codes(training, person, now=signed_up)
    assert found.keys() == {Code.GUARDIAN}
    assert (found[Code.GUARDIAN].age, found[Code.GUARDIAN].on) == (17, date(2026, 6, 14))
    agreed = somebody(born=date(2008, 6, 15), guardian_agrees=True)
    assert codes(training, agreed, now=signed_up) == {}


def test_the_day_is_the_one_at_the_place():
    """1 May, 22:00 in UTC, is the 2nd in Manila: the birthday has begun there."""
    born = somebody(born=date(2008, 5, 2))
    assert codes(a_slot(utc(1, 22), utc(2, 2), zone="Asia/Manila", min_age=18), born) == {}
    assert codes(a_slot(utc(1, 22), utc(2, 2), min_age=18), born).keys() == {
        Code.TOO_YOUNG,
        Code.GUARDIAN,
    }


def test_too_young_and_a_guardian_who_has_not_agreed_block_the_coordinator_too():
    found = codes(a_slot(min_age=18), somebody(born=date(2012, 1, 1)), by_self=False)
    assert found.keys() == {Code.TOO_YOUNG, Code.GUARDIAN}
    assert all(one.blocks for one in found.values())
    assert (found[Code.TOO_YOUNG].age, found[Code.TOO_YOUNG].least_age) == (14, 18)


def test_where_an_age_is_asked_for_it_must_be_known():
    found = codes(a_slot(min_age=16), somebody())
    assert found.keys() == {Code.AGE_UNKNOWN}
    assert found[Code.AGE_UNKNOWN].least_age == 16
    assert codes(a_slot(), somebody()) == {}


def test_elsewhere_people_may_be_of_age_later():
    twenty = somebody(born=date(2006, 5, 3))
    assert codes(a_slot(), twenty, limits=Limits(adult=20)).keys() == {Code.GUARDIAN}
