"""The list of refusals, without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from brigades.clock import Wall
from brigades.people.levels import Level
from brigades.schedule.rules import (
    Code,
    Commitment,
    Holding,
    NeedFacts,
    PersonFacts,
    SlotFacts,
    recheck,
    refusals,
)
from brigades.schedule.timing import answer_by

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FIRST_AID = 7


def utc(day: int, hour: int, month: int = 5) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


EIGHT, TWELVE = utc(2, 8), utc(2, 12)


def a_slot(start: datetime = EIGHT, end: datetime = TWELVE, **given: object) -> SlotFacts:
    return replace(SlotFacts(1, "Wall", start, end, "UTC"), **given)


def busy(start: datetime, end: datetime, slot_id: int = 2) -> Commitment:
    return Commitment(slot_id, "Other", start, end, "UTC")


def somebody(**given: object) -> PersonFacts:
    return replace(PersonFacts(1), **given)


def codes(slot: SlotFacts, person: PersonFacts, need: NeedFacts | None = None, **how: object):
    found = refusals(slot, need or NeedFacts(1), person, how.pop("now", NOW), **how)
    return {reason.code: reason for reason in found}


def test_nothing_stands_against_an_active_person_at_an_open_slot():
    assert codes(a_slot(), somebody()) == {}


def test_a_draft_a_cancelled_and_a_past_slot_are_refused():
    assert Code.NOT_OPEN in codes(a_slot(published=False), somebody())
    assert Code.CANCELLED in codes(a_slot(cancelled=True, published=False), somebody())
    assert Code.OVER in codes(a_slot(), somebody(), now=utc(2, 12))
    assert Code.OVER not in codes(a_slot(), somebody(), now=utc(2, 11))
    assert Code.STARTED in codes(a_slot(), somebody(), now=utc(2, 11))


def test_a_coordinator_may_still_assign_once_sign_up_is_closed():
    slot = a_slot(signup_ends=utc(1, 10), by_oneself=False)
    assert {Code.SIGNUP_CLOSED, Code.ASSIGNED_ONLY} <= codes(slot, somebody()).keys()
    assert codes(slot, somebody(), by_self=False) == {}


def test_who_is_not_active_or_already_in_is_refused():
    assert Code.NOT_ACTIVE in codes(a_slot(), somebody(active=False))
    assert Code.ALREADY_IN in codes(a_slot(), somebody(live_in=frozenset({1})))


def test_full_refuses_only_where_there_is_no_waitlist():  # CAP-03
    none, unlimited = NeedFacts(1, most=0), NeedFacts(1, most=None, held=99)
    assert none.full and not unlimited.full
    assert Code.FULL in codes(a_slot(waitlist=False), somebody(), none)
    assert codes(a_slot(waitlist=True), somebody(), none) == {}
    assert codes(a_slot(waitlist=False), somebody(), unlimited) == {}


def test_a_trade_is_asked_for_by_name_and_its_skill_alone_is_not_enough():
    mason = somebody(skills=frozenset({("construction", ""), ("construction", "bricklaying")}))
    helper = somebody(skills=frozenset({("construction", "")}))
    trade = NeedFacts(1, skill="construction", trade="bricklaying")
    assert codes(a_slot(), mason, trade) == {}
    assert codes(a_slot(), helper, NeedFacts(1, skill="construction")) == {}
    assert codes(a_slot(), helper, trade)[Code.SKILL_MISSING].skill == "bricklaying"


def test_each_language_of_a_pair_must_reach_the_level():
    pair = NeedFacts(1, languages=("ar", "en"), level=Level.B2)
    assert codes(a_slot(), somebody(languages={"ar": Level.NATIVE, "en": Level.B2}), pair) == {}
    low = codes(a_slot(), somebody(languages={"ar": Level.B1}), pair)
    assert low[Code.LEVEL_TOO_LOW].has is Level.B1
    assert low[Code.LANGUAGE_MISSING].language == "en"


def first_aid(until: date | None, verified: bool = True) -> PersonFacts:
    return somebody(holdings={FIRST_AID: (Holding(until, verified),)})


AIDER = NeedFacts(1, kind_id=FIRST_AID, kind_name="First aid")


def test_an_expired_certificate_blocks_with_its_date():  # QUAL-01
    for by_self in (True, False):
        found = codes(a_slot(), first_aid(date(2026, 4, 30)), AIDER, by_self=by_self)
        assert found[Code.QUALIFICATION_EXPIRES].on == date(2026, 4, 30)
        assert found[Code.QUALIFICATION_EXPIRES].blocks
    assert Code.QUALIFICATION_MISSING in codes(a_slot(), somebody(), AIDER)
    assert Code.QUALIFICATION_UNVERIFIED in codes(a_slot(), first_aid(None, False), AIDER)
    assert codes(a_slot(), first_aid(None), AIDER) == {}


def gaza(start: tuple[int, int, int], end: tuple[int, int, int]) -> SlotFacts:
    def instant(month: int, day: int, hour: int) -> datetime:
        return Wall(datetime(2026, month, day, hour), "Asia/Gaza").instant

    return a_slot(instant(*start), instant(*end), zone="Asia/Gaza")


def test_a_certificate_must_hold_until_the_slot_s_last_moment():  # QUAL-03
    person, now = first_aid(date(2026, 9, 30)), utc(1, 8, month=8)
    assert codes(gaza((9, 30, 8), (9, 30, 16)), person, AIDER, now=now) == {}
    assert codes(gaza((9, 30, 16), (10, 1, 0)), person, AIDER, now=now) == {}
    night = codes(gaza((9, 30, 20), (10, 1, 8)), person, AIDER, now=now)
    assert night[Code.QUALIFICATION_EXPIRES].until == date(2026, 10, 1)
    assert Code.QUALIFICATION_EXPIRES in codes(
        gaza((10, 1, 8), (10, 1, 12)), person, AIDER, now=now
    )


def test_slots_that_touch_do_not_overlap():  # SHIFT-01
    person = somebody(commitments=(busy(utc(2, 12), utc(2, 16)),))
    assert codes(a_slot(utc(2, 8), utc(2, 12)), person) == {}


def test_overlap_is_tested_on_instants_over_midnight():  # SHIFT-02
    night = busy(utc(10, 22), utc(11, 4))
    before = a_slot(utc(10, 2), utc(10, 8))
    after = a_slot(utc(11, 2), utc(11, 8))
    assert codes(before, somebody(commitments=(night,))) == {}
    assert codes(after, somebody(commitments=(night,)))[Code.OVERLAP].other == night


@pytest.mark.parametrize(("end", "refused"), [(21, False), (22, True)])
def test_eleven_hours_of_rest_to_the_neighbour(end: int, refused: bool):
    person = somebody(commitments=(busy(utc(1, 14), utc(1, end)),))
    found = codes(a_slot(utc(2, 8), utc(2, 12)), person, now=utc(1, 1))
    assert (Code.REST in found) is refused


def test_short_rest_blocks_oneself_and_warns_the_coordinator():
    person = somebody(commitments=(busy(utc(2, 20), utc(3, 4)),))
    day = a_slot(utc(2, 7), utc(2, 15))
    assert codes(day, person)[Code.REST].blocks
    warning = codes(day, person, by_self=False)[Code.REST]
    assert not warning.blocks and warning.hours == 5.0


def test_slots_that_touch_are_one_stretch_and_a_day_of_them_leaves_no_rest():
    person = somebody(commitments=(busy(utc(2, 20), utc(3, 8)),))
    assert Code.REST in codes(a_slot(utc(2, 8), utc(2, 20)), person)
    chain = (busy(utc(2, 12), utc(2, 16)), busy(utc(2, 16), utc(2, 22), 3))
    assert Code.REST in codes(a_slot(utc(2, 8), utc(2, 12)), somebody(commitments=chain))


def test_one_long_duty_alone_is_no_lack_of_rest():  # SHIFT-04
    assert codes(a_slot(utc(2, 6), utc(3, 12)), somebody()) == {}


def test_rechecking_a_held_place_does_not_count_its_own_slot():
    person = somebody(live_in=frozenset({1}), commitments=(busy(utc(2, 8), utc(2, 12), slot_id=1),))
    assert list(recheck(a_slot(), NeedFacts(1, most=1, held=1), person, NOW)) == []


def test_an_answer_is_due_sooner_as_the_start_comes_near():
    allowed = 24 * HOUR
    assert answer_by(NOW, NOW + 100 * HOUR, allowed) == NOW + 24 * HOUR
    assert answer_by(NOW, NOW + 10 * HOUR, allowed) == NOW + 5 * HOUR
    assert answer_by(NOW, NOW + HOUR / 2, allowed) == NOW + HOUR / 2
