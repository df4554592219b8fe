"""When somebody is told that a paper lapses."""

from datetime import date, timedelta

import pytest

from brigades.reminders.lapsing import crossed

TODAY = date(2026, 9, 1)


@pytest.mark.parametrize(
    ("left", "told", "tells"),
    [
        (91, (), None),
        (90, (), 90),
        (89, (90,), None),
        (89, (), 90),  # the worker rested on the day itself
        (30, (90,), 30),
        (30, (30, 90), None),
        (8, (30,), None),
        (7, (30,), 7),
        (5, (), 7),  # put down late: once, and not three times
        (0, (), 7),  # the last day still holds
        (0, (7,), None),
        (-1, (), None),
    ],
)
def test_a_paper_is_told_at_each_distance_once(left, told, tells):
    assert crossed(TODAY + timedelta(days=left), TODAY, told) == tells
