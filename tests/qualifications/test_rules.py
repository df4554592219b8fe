"""How long a qualification holds."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brigades.qualifications.rules import Standing, closure, standing, valid_until


@dataclass(frozen=True)
class AKind:
    months: int | None = None
    year_end: int | None = None


def test_zero_years_to_the_years_end_is_this_year_and_not_for_ever():  # QUAL-04
    assert valid_until(AKind(year_end=0), date(2026, 12, 15)) == date(2026, 12, 31)
    assert valid_until(AKind(year_end=1), date(2026, 12, 15)) == date(2027, 12, 31)
    assert standing(date(2026, 12, 31), date(2026, 12, 31)).standing is Standing.EXPIRING
    assert standing(date(2026, 12, 31), date(2027, 1, 1)).standing is Standing.EXPIRED


@pytest.mark.parametrize(
    ("issued", "months", "until"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 3, 15), 24, date(2028, 3, 15)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_months_end_on_the_same_day_clamped_to_the_months_end(issued, months, until):
    assert valid_until(AKind(months=months), issued) == until


def test_a_kind_without_end_has_none():
    assert valid_until(AKind(), date(2026, 1, 1)) is None


# The machine may be busy with other tests; that says nothing about the rule.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.integers(1, 1200))
def test_more_months_never_end_sooner(issued, months):
    sooner = valid_until(AKind(months=months), issued)
    later = valid_until(AKind(months=months + 1), issued)
    assert sooner is not None and later is not None
    assert issued < sooner < later
    assert later - sooner <= timedelta(days=34)


def test_ninety_days_before_it_counts_as_expiring():
    until = date(2026, 9, 30)
    assert standing(until, until - timedelta(days=91)).standing is Standing.VALID
    assert standing(until, until - timedelta(days=90)).standing is Standing.EXPIRING
    assert standing(until, until).days == 0
    assert standing(None, until).standing is Standing.ENDLESS


def test_what_a_kind_includes_follows_through_others():
    assert closure({1: [2], 2: [3], 3: []}) == {1: {2, 3}, 2: {3}, 3: set()}


def test_kinds_cannot_include_each_other_in_a_ring():
    with pytest.raises(ValueError):
        closure({1: [2], 2: [3], 3: [1]})
    with pytest.raises(ValueError):
        closure({1: [1]})
