"""Qualifications: held, verified, and valid until the last moment and as long past it as asked."""

from datetime import date, datetime, timedelta

import pytest

from brigades.qualifications.models import Kind
from brigades.qualifications.rules import valid_until
from brigades.schedule.rules import (
    Code,
    Holding,
    Limits,
    NeedFacts,
    Paper,
    PersonFacts,
    SlotFacts,
    recheck,
)
from tests.schedule.rules.given import NOW, a_slot, a_slot_on, codes, somebody, utc

FIRST_AID, PASSPORT = 7, 8
AIDER = NeedFacts(1, kind_id=FIRST_AID, kind_name="First aid")


def holds(until: date | None, verified: bool = True, kind: int = FIRST_AID) -> PersonFacts:
    return somebody(holdings={kind: (Holding(until, verified),)})


def gaza(start: str, end: str) -> SlotFacts:
    return a_slot_on(f"2026-{start}", f"2026-{end}", "Asia/Gaza")


def test_an_expired_certificate_blocks_with_its_date():  # QUAL-01
    for by_self in (True, False):
        found = codes(a_slot(), holds(date(2026, 4, 30)), AIDER, by_self=by_self)
        assert found[Code.QUALIFICATION_EXPIRES].on == date(2026, 4, 30)
        assert found[Code.QUALIFICATION_EXPIRES].blocks


def test_one_that_is_missing_or_was_checked_by_nobody_blocks_too():
    assert codes(a_slot(), somebody(), AIDER).keys() == {Code.QUALIFICATION_MISSING}
    assert codes(a_slot(), holds(None, False), AIDER).keys() == {Code.QUALIFICATION_UNVERIFIED}
    assert codes(a_slot(), holds(None), AIDER) == {}


def test_a_certificate_must_hold_until_the_slot_s_last_moment():  # QUAL-03
    person, now = holds(date(2026, 9, 30)), utc(1, 8, month=8)
    assert codes(gaza("09-30 08:00", "09-30 16:00"), person, AIDER, now=now) == {}
    assert codes(gaza("09-30 16:00", "10-01 00:00"), person, AIDER, now=now) == {}
    night = codes(gaza("09-30 20:00", "10-01 08:00"), person, AIDER, now=now)
    assert night[Code.QUALIFICATION_EXPIRES].until == date(2026, 10, 1)
    assert Code.QUALIFICATION_EXPIRES in codes(
        gaza("10-01 08:00", "10-01 12:00"), person, AIDER, now=now
    )


@pytest.mark.parametrize(("years", "last"), [(0, date(2026, 12, 31)), (1, date(2027, 12, 31))])
def test_zero_years_are_the_rest_of_this_one(years: int, last: date):  # QUAL-04
    kind = Kind(code="pass", name="Pass", year_end=years)
    assert valid_until(kind, date(2026, 12, 15)) == last
    person, now = holds(last), datetime(2026, 12, 1, tzinfo=NOW.tzinfo)
    on_the_last = a_slot_on(f"{last} 08:00", f"{last} 12:00")
    assert codes(on_the_last, person, AIDER, now=now) == {}
    after = a_slot_on(f"{last.year + 1}-01-01 08:00", f"{last.year + 1}-01-01 12:00")
    assert codes(after, person, AIDER, now=now).keys() == {Code.QUALIFICATION_EXPIRES}


def test_of_several_of_a_kind_the_one_that_holds_counts():
    both = somebody(holdings={FIRST_AID: (Holding(date(2026, 1, 1)), Holding(date(2027, 1, 1)))})
    assert codes(a_slot(), both, AIDER) == {}
    unchecked = somebody(
        holdings={FIRST_AID: (Holding(date(2026, 4, 30)), Holding(date(2027, 1, 1), False))}
    )
    assert codes(a_slot(), unchecked, AIDER).keys() == {Code.QUALIFICATION_UNVERIFIED}


def test_what_everybody_must_hold_is_asked_at_every_place_and_said_once():
    slot = a_slot(papers=(Paper(FIRST_AID, "First aid"), Paper(9, "Induction")))
    found = codes(slot, holds(None))
    assert found.keys() == {Code.QUALIFICATION_MISSING}
    assert found[Code.QUALIFICATION_MISSING].kind == "Induction"
    same = a_slot(papers=(Paper(FIRST_AID, "First aid"),))
    reasons = [one.code for one in recheck(same, AIDER, somebody(), NOW)]
    assert reasons == [Code.QUALIFICATION_MISSING]


PASS = (Paper(PASSPORT, "Passport", months_past_end=6, travel=True),)


def test_a_passport_holds_six_months_past_the_end():
    """The end is 31 August; six months later is the last of February."""
    stay = a_slot_on("2026-08-20 08:00", "2026-08-31 18:00", papers=PASS)
    assert codes(stay, holds(date(2027, 2, 28), kind=PASSPORT)) == {}
    short = codes(stay, holds(date(2027, 2, 27), kind=PASSPORT))[Code.QUALIFICATION_EXPIRES]
    assert (short.on, short.until, short.months) == (date(2027, 2, 27), date(2026, 8, 31), 6)


def test_something_for_the_journey_warns_until_thirty_days_before_and_blocks_from_then_on():
    stay = a_slot_on("2026-08-20 08:00", "2026-08-31 18:00", papers=PASS)
    edge = stay.starts_at - timedelta(days=30)
    before = codes(stay, somebody(), now=edge - timedelta(seconds=1))
    assert not before[Code.QUALIFICATION_MISSING].blocks
    for by_self in (True, False):
        assert codes(stay, somebody(), now=edge, by_self=by_self)[Code.QUALIFICATION_MISSING].blocks
    late = Limits(travel=timedelta(days=10))
    assert not codes(stay, somebody(), now=edge, limits=late)[Code.QUALIFICATION_MISSING].blocks


def test_a_travel_paper_warns_where_a_single_place_asks_for_it_too():
    need = NeedFacts(1, kind_id=PASSPORT, kind_name="Passport", paper=PASS[0])
    stay = a_slot_on("2026-08-20 08:00", "2026-08-31 18:00")
    assert not codes(stay, somebody(), need)[Code.QUALIFICATION_MISSING].blocks


def test_a_paper_that_outlives_the_calendar_is_no_error():
    forever = a_slot(papers=(Paper(PASSPORT, "Passport", months_past_end=120_000),))
    assert codes(forever, holds(None, kind=PASSPORT)) == {}
    found = codes(forever, holds(date(2030, 1, 1), kind=PASSPORT))
    assert found.keys() == {Code.QUALIFICATION_EXPIRES}
