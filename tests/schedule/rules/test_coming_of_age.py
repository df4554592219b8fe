"""Who turns 18 between two slots, or while on duty: each rest by the age on the day concerned.

A rest is judged by the day on which duty follows it, a stretch and a week by the day on which they
begin, whichever of the slots is the one that is taken.
"""

from datetime import date
from itertools import pairwise

import pytest

from brigades.schedule.rules import Code, Commitment, Limits
from tests.schedule.rules.given import HOUR, a_slot, at, codes, somebody, utc

# Day of birth, what the second of May 2026 is to them, and the age on it.
AROUND = [
    (date(2008, 5, 1), "the day after", 11),
    (date(2008, 5, 2), "the day itself", 11),
    (date(2008, 5, 3), "the day before", 12),
]
Span = tuple[object, object]


def asked_about(spans, number, born, zone="UTC", **how):
    """What stands against one of several slots, taken by somebody who is in all the others."""
    here = a_slot(*spans[number], id=1 + number, zone=zone)
    others = tuple(
        Commitment(1 + n, "Other", *span, zone) for n, span in enumerate(spans) if n != number
    )
    person = somebody(born=born, guardian_agrees=True, commitments=others)
    return codes(here, person, now=utc(1, month=1), **how)


def of_each(spans, born, code, zone="UTC", **how):
    """The limit that was asked for, whichever slot was taken; None where nothing is wrong."""
    found = {
        getattr(asked_about(spans, number, born, zone, **how).get(code), "limit", None)
        for number in range(len(spans))
    }
    assert len(found) == 1, found
    return found.pop()


@pytest.mark.parametrize(("born", "_when", "rest"), AROUND)
def test_a_rest_is_judged_on_the_day_on_which_duty_follows(born, _when, rest):
    evening = (utc(1, 16), utc(1, 20, 30))
    morning = (utc(2, 8), utc(2, 12))  # eleven hours and a half later
    assert of_each([evening, morning], born, Code.REST) == (12 if rest == 12 else None)
    shorter = (utc(2, 7), utc(2, 11))
    assert of_each([evening, shorter], born, Code.REST) == rest


@pytest.mark.parametrize(
    ("day", "rest"), [("2026-02-28", 12), ("2026-03-01", None), ("2026-03-02", None)]
)
def test_who_was_born_on_29_february_rests_as_a_minor_until_1_march(day, rest):  # AGE-01
    morning = at(f"{day} 08:00", "UTC")
    spans = [(morning - 16 * HOUR, morning - 11.5 * HOUR), (morning, morning + 4 * HOUR)]
    assert of_each(spans, date(2008, 2, 29), Code.REST) == rest


@pytest.mark.parametrize(("day", "rest"), [("2028-02-28", 12), ("2028-02-29", None)])
def test_where_the_year_has_29_days_the_29th_itself_is_the_day(day, rest):
    morning = at(f"{day} 08:00", "UTC")
    spans = [(morning - 16 * HOUR, morning - 11.5 * HOUR), (morning, morning + 4 * HOUR)]
    limits = Limits(adult=20)  # 18 after 29 February is never a leap year
    assert of_each(spans, date(2008, 2, 29), Code.REST, limits=limits) == rest


def test_the_day_is_that_of_the_place():
    """Twenty past midnight in Manila is the evening before in Berlin."""
    spans = [(utc(1, 0), utc(1, 5)), (utc(1, 16, 20), utc(1, 18))]  # 11 h 20 min between them
    born = date(2008, 5, 2)
    assert of_each(spans, born, Code.REST, "Asia/Manila") is None
    assert of_each(spans, born, Code.REST, "Europe/Berlin") == 12


@pytest.mark.parametrize(("born", "_when", "rest"), AROUND)
def test_a_stretch_is_judged_on_the_day_on_which_it_begins(born, _when, rest):
    by_day = [(utc(2, 8), utc(2, 14)), (utc(2, 14), utc(2, 20, 30))]  # twelve hours and a half
    assert of_each(by_day, born, Code.STRETCH) == (12 if rest == 12 else None)
    longer = [(utc(2, 7), utc(2, 14)), (utc(2, 14), utc(2, 20, 30))]
    assert of_each(longer, born, Code.STRETCH) == 24 - rest


def test_who_turns_18_at_midnight_goes_on_as_they_began():
    night = [(utc(1, 20), utc(2, 0)), (utc(2, 0), utc(2, 8, 30))]
    assert of_each(night, date(2008, 5, 2), Code.STRETCH) == 12
    assert of_each(night, date(2008, 5, 1), Code.STRETCH) is None


def days(first: int, number: int) -> list[Span]:
    """Six hours a day from eight on."""
    return [(utc(day, 8), utc(day, 14)) for day in range(first, first + number)]


@pytest.mark.parametrize(
    ("born", "limit"),
    [(date(2008, 5, 4), None), (date(2008, 5, 5), 36), (date(2008, 5, 10), 36)],
)
def test_a_week_is_judged_on_the_day_on_which_it_begins(born, limit):
    """From the 4th, 8:00, to the 9th, 20:30: 132.5 hours, of which grown-up people may have 133."""
    spans = [*days(4, 5), (utc(9, 14, 30), utc(9, 20, 30))]
    assert of_each(spans, born, Code.WEEKLY_REST) == limit


def test_nothing_depends_on_which_slot_is_taken_last():
    """Every pair of two slots around the day, in either order."""
    born = date(2008, 5, 2)
    starts = [utc(1, 0) + quarter * HOUR / 2 for quarter in range(0, 96, 5)]
    for start in starts:
        for gap in (0, 10.9, 11, 11.5, 12, 12.1):
            one = (start, start + 6 * HOUR)
            two = (one[1] + gap * HOUR, one[1] + (gap + 6.5) * HOUR)
            found = [
                {(code, reason.limit) for code, reason in asked_about([one, two], n, born).items()}
                for n in (0, 1)
            ]
            assert all(a == b for a, b in pairwise(found)), (one, two)


def test_who_is_of_age_for_long_or_gave_no_day_is_judged_as_grown_up():
    spans = [(utc(1, 16), utc(1, 20, 30)), (utc(2, 8), utc(2, 12))]
    assert of_each(spans, date(1990, 2, 28), Code.REST) is None
    assert of_each(spans, None, Code.REST) is None
