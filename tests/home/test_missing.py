"""What is still missing from a volunteer, without an application."""

from datetime import date, timedelta
from typing import Any

from brigades.home.rules import Gap, Missing, Profile, check

TODAY = date(2026, 6, 10)


def known(**given: Any) -> Profile:
    return Profile(**{"phone": True, "skill": True, "language": True, "availability": True} | given)


def test_a_full_profile_misses_nothing() -> None:
    assert check(known(), TODAY).missing == ()
    assert check(known(), TODAY).done == 4


def test_each_thing_that_shifts_depend_on_is_asked_for() -> None:
    empty = check(known(phone=False, skill=False, language=False, availability=False), TODAY)

    assert [one.gap for one in empty.missing] == [
        Gap.PHONE,
        Gap.SKILL,
        Gap.LANGUAGE,
        Gap.AVAILABILITY,
    ]
    assert (empty.done, empty.total) == (0, 4)


def test_a_certificate_is_named_from_sixty_days_before_its_last_day_on() -> None:
    def found(days: int) -> list[Gap]:
        last = TODAY + timedelta(days=days)
        return [one.gap for one in check(known(certificates=(("First aid", last),)), TODAY).missing]

    assert found(61) == []
    assert found(60) == [Gap.EXPIRES]
    assert found(0) == [Gap.EXPIRES]  # the last valid day is inclusive
    assert found(-1) == [Gap.EXPIRED]


def test_a_renewed_certificate_counts_by_the_newest_of_its_kind() -> None:
    old, new = TODAY - timedelta(days=9), TODAY + timedelta(days=900)
    renewed = known(certificates=(("First aid", new), ("First aid", old), ("Safety", None)))
    assert check(renewed, TODAY).missing == ()
    assert check(renewed, TODAY).total == 6

    endless = known(certificates=(("First aid", old), ("First aid", None)))
    assert check(endless, TODAY).missing == ()


def test_what_expires_first_comes_first() -> None:
    certificates = (("B", TODAY + timedelta(days=9)), ("A", TODAY - timedelta(days=1)))
    found = check(known(phone=False, certificates=certificates), TODAY).missing
    assert found == (
        Missing(Gap.EXPIRED, "A", TODAY - timedelta(days=1)),
        Missing(Gap.EXPIRES, "B", TODAY + timedelta(days=9)),
        Missing(Gap.PHONE),
    )
