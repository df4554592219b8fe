"""The days of a page, and where on them a slot stands."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from brigades.timetable.rules import Stand, View, neighbours, span_of, stand

HOUR = timedelta(hours=1)
BERLIN, BEIRUT = "Europe/Berlin", "Asia/Beirut"


def at(day: int, hour: float, month: int = 9) -> datetime:
    """An instant named by the clocks of Berlin in summer."""
    return datetime(2026, month, day, tzinfo=UTC) + (hour - 2) * HOUR


def test_a_day_whose_midnight_is_skipped_has_23_hours():  # TIME-02
    span = span_of(View.DAY, date(2025, 3, 30), BEIRUT)
    assert span.starts_at == datetime(2025, 3, 29, 22, tzinfo=UTC)
    assert span.ends_at == datetime(2025, 3, 30, 21, tzinfo=UTC)
    assert span.days[0].hours == 23


def test_a_day_on_which_the_clocks_go_back_has_25_hours():
    assert span_of(View.DAY, date(2026, 10, 25), BERLIN).days[0].hours == 25


@pytest.mark.parametrize(
    ("view", "long", "first", "last"),
    [
        (View.DAY, False, date(2026, 9, 23), date(2026, 9, 23)),
        (View.WEEK, False, date(2026, 9, 21), date(2026, 9, 27)),
        (View.TIMELINE, False, date(2026, 9, 21), date(2026, 10, 4)),
        (View.TIMELINE, True, date(2026, 9, 1), date(2026, 9, 30)),
        (View.MONTH, False, date(2026, 9, 1), date(2026, 9, 30)),
    ],
)
def test_a_view_shows_the_days_around_one_of_them(view: View, long: bool, first: date, last: date):
    days = span_of(view, date(2026, 9, 23), BERLIN, long).days
    assert (days[0].day, days[-1].day) == (first, last)
    assert all(one.ends_at == other.starts_at for one, other in pairwise(days))


@pytest.mark.parametrize("view", list(View))
@pytest.mark.parametrize("long", [False, True])
def test_going_back_and_on_leaves_no_day_out(view: View, long: bool):
    day = date(2026, 12, 31)
    before, after = neighbours(view, day, long)
    here = span_of(view, day, BERLIN, long)
    assert span_of(view, before, BERLIN, long).ends_at == here.starts_at
    assert span_of(view, after, BERLIN, long).starts_at == here.ends_at


@pytest.mark.parametrize(
    ("starts", "ends", "days"),
    [
        (at(22, 8), at(22, 16), [1]),
        (at(21, 22), at(22, 6), [0, 1]),  # SHIFT-04
        (at(21, 22), at(22, 0), [0]),  # what ends at midnight does not touch the next day
        (at(20, 22), at(21, 6), [0]),
        (at(20, 6), at(20, 12), []),
        (at(19, 6), at(29, 6), [0, 1, 2, 3, 4, 5, 6]),
        (at(28, 0), at(28, 4), []),
    ],
)
def test_a_slot_stands_on_every_day_it_touches(starts: datetime, ends: datetime, days: list[int]):
    span = span_of(View.WEEK, date(2026, 9, 21), BERLIN)
    assert list(span.touched(starts, ends)) == days


@pytest.mark.parametrize(
    ("starts", "ends", "where"),
    [
        (at(22, 7), at(22, 15), Stand(2, 0, 1, 0)),
        (at(22, 22), at(23, 6), Stand(2, 1, 1, 0, night=True)),
        (at(20, 22), at(21, 6), Stand(0, 1, 1, 0, night=True)),
        (at(4, 22, month=10), at(5, 6, month=10), Stand(14, 1, 1, 0, night=True)),
        (at(22, 6), at(23, 12), Stand(2, 0, 1, 1)),  # a duty of 30 hours
        (at(24, 6), at(26, 14), Stand(4, 0, 3, 0)),
        (at(10, 6), at(22, 6), Stand(0, 1, 2, 0, before=True)),
        (at(3, 6, month=10), at(9, 6, month=10), Stand(13, 0, 2, 1, after=True)),
    ],
)
def test_a_night_stands_across_midnight_and_what_lasts_for_days_spans_them(
    starts: datetime, ends: datetime, where: Stand
):
    assert stand(span_of(View.TIMELINE, date(2026, 9, 21), BERLIN), starts, ends) == where
