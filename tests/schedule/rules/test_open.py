"""Whether a slot is open, and whether somebody is a member who can come."""

from brigades.schedule.rules import Code, NeedFacts, recheck
from tests.schedule.rules.given import NOW, a_slot, busy, codes, somebody, utc


def test_nothing_stands_against_an_active_person_at_an_open_slot():
    assert codes(a_slot(), somebody()) == {}


def test_a_draft_a_cancelled_and_a_past_slot_are_refused():
    assert Code.NOT_OPEN in codes(a_slot(published=False), somebody())
    assert codes(a_slot(cancelled=True, published=False), somebody()).keys() == {Code.CANCELLED}
    assert Code.OVER in codes(a_slot(), somebody(), now=utc(2, 12))
    assert Code.OVER not in codes(a_slot(), somebody(), now=utc(2, 11))


def test_who_signs_up_comes_before_the_start_and_a_coordinator_until_the_end():
    assert codes(a_slot(), somebody(), now=utc(2, 8)).keys() == {Code.STARTED}
    assert codes(a_slot(), somebody(), now=utc(2, 11), by_self=False) == {}
    assert codes(a_slot(), somebody(), now=utc(2, 12), by_self=False).keys() == {Code.OVER}


def test_sign_up_closes_with_the_last_day_and_says_which_that_was():
    slot = a_slot(signup_ends=utc(2))
    assert codes(slot, somebody(), now=utc(1, 23, 59)) == {}
    assert codes(slot, somebody(), now=utc(2))[Code.SIGNUP_CLOSED].on == utc(1).date()


def test_a_coordinator_may_still_assign_once_sign_up_is_closed():
    slot = a_slot(signup_ends=utc(1, 10), by_oneself=False)
    assert {Code.SIGNUP_CLOSED, Code.ASSIGNED_ONLY} <= codes(slot, somebody()).keys()
    assert codes(slot, somebody(), by_self=False) == {}


def test_who_is_not_active_or_already_in_is_refused():
    assert codes(a_slot(), somebody(active=False)).keys() == {Code.NOT_ACTIVE}
    assert codes(a_slot(), somebody(live_in=frozenset({1}))).keys() == {Code.ALREADY_IN}


def test_who_is_on_leave_is_told_so_and_not_that_they_are_no_member():
    for active in (True, False):
        away = somebody(active=active, on_leave=True)
        assert codes(a_slot(), away).keys() == {Code.ON_LEAVE}
        assert [one.code for one in recheck(a_slot(), NeedFacts(1), away, NOW)] == [Code.ON_LEAVE]


def test_full_refuses_only_where_there_is_no_waitlist():  # CAP-03
    none, unlimited = NeedFacts(1, most=0), NeedFacts(1, most=None, held=99)
    assert none.full and not unlimited.full
    assert Code.FULL in codes(a_slot(waitlist=False), somebody(), none)
    assert codes(a_slot(waitlist=True), somebody(), none) == {}
    assert codes(a_slot(waitlist=False), somebody(), unlimited) == {}


def test_rechecking_a_held_place_looks_neither_at_its_own_slot_nor_at_opening_and_places():
    person = somebody(live_in=frozenset({1}), commitments=(busy(utc(2, 8), utc(2, 12), slot_id=1),))
    closed = a_slot(published=False, signup_ends=utc(1), waitlist=False)
    assert list(recheck(closed, NeedFacts(1, most=1, held=1), person, NOW)) == []
