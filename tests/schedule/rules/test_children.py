"""Work with children asks for a safeguarding check."""

from datetime import date

from brigades.schedule.rules import Code, Holding
from tests.schedule.rules.given import a_slot, codes, somebody

CHECK, OTHER_CHECK = 11, 12
SLOT = a_slot(with_children=True, safeguarding=frozenset({CHECK, OTHER_CHECK}))


def checked(until: date | None, verified: bool = True, kind: int = CHECK):
    return somebody(holdings={kind: (Holding(until, verified),)})


def test_a_check_of_any_kind_that_counts_is_enough():
    assert codes(SLOT, checked(None)) == {}
    assert codes(SLOT, checked(date(2026, 5, 2), kind=OTHER_CHECK)) == {}


def test_without_one_nobody_works_with_children_and_no_coordinator_can_overrule_it():
    for by_self in (True, False):
        found = codes(SLOT, checked(None, kind=99), by_self=by_self)
        assert found[Code.SAFEGUARDING_MISSING].blocks


def test_one_that_runs_out_or_that_nobody_looked_at_does_not_count():
    assert codes(SLOT, checked(date(2026, 5, 1))).keys() == {Code.SAFEGUARDING_EXPIRES}
    assert codes(SLOT, checked(None, verified=False)).keys() == {Code.SAFEGUARDING_UNVERIFIED}


def test_an_organisation_that_keeps_no_such_kind_lets_nobody_work_with_children():
    assert codes(a_slot(with_children=True), checked(None)).keys() == {Code.SAFEGUARDING_MISSING}


def test_other_work_asks_for_none():
    assert codes(a_slot(), somebody()) == {}
