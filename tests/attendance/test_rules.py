"""When it may be said that somebody came or left, and what it counts."""

from datetime import UTC, datetime, timedelta

import pytest

from brigades.clock import HOUR
from brigades.schedule.rules import presence
from brigades.schedule.rules.presence import Span, Why

START = datetime(2026, 8, 14, 8, tzinfo=UTC)
END = START + 8 * HOUR
SPAN = Span(START - HOUR / 2, START, END)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("came", "left", "hours"),
    [
        (None, None, 8.0),  # there, and nothing more is known: the whole slot
        (0, 8, 8.0),
        (1, 7, 6.0),
        (2, None, 6.0),  # no check-out: until the end
        (-0.5, 8.5, 8.0),  # early and late count no more than the slot
        (-0.5, 7.5, 8.0),
        (9, None, 0.0),  # never less than nothing
    ],
)
def test_hours_lie_between_check_in_and_check_out_and_are_at_most_the_slot(came, left, hours):
    ends = [None if one is None else START + one * HOUR for one in (came, left)]
    assert presence.credited(SPAN, *ends) == hours * 3600


def test_times_that_were_stated_by_hand_count_as_they_stand():
    late = END + 2 * HOUR
    assert presence.credited(SPAN, START, late, stated=True) == 10 * 3600
    assert presence.credited(SPAN, START, late) == 8 * 3600


@pytest.mark.parametrize(
    ("at", "now", "why"),
    [
        (START - 90 * MINUTE, START, None),  # an hour before they meet
        (START - 91 * MINUTE, START, Why.TOO_EARLY),
        (START + MINUTE, START, Why.FUTURE),
        (START, START, None),
        (END - MINUTE, END + HOUR, None),  # heard of later, it counts as it happened
        (END, END, Why.OVER),
    ],
)
def test_people_come_from_a_little_before_the_meeting_time_until_the_end(at, now, why):
    assert presence.against_coming(at, now, SPAN, HOUR) is why


@pytest.mark.parametrize(
    ("at", "why"),
    [
        (START, None),
        (START - MINUTE, Why.BEFORE_COMING),
        (END + presence.LATE, None),
        (END + presence.LATE + MINUTE, Why.OVER),
    ],
)
def test_people_leave_after_they_came_and_not_long_after_the_end(at, why):
    assert presence.against_leaving(at, END + 2 * presence.LATE, SPAN, START) is why
    assert presence.against_leaving(at, at - MINUTE, SPAN, START) is Why.FUTURE


@pytest.mark.parametrize(
    ("came", "left", "more", "why"),
    [
        (0, 8, False, None),
        (1, None, False, None),
        (0, 9, False, Why.TOO_LONG),
        (0, 9, True, None),
        (3, 3, False, Why.BEFORE_COMING),
        (8, 9, False, Why.OVER),
        (-25, 2, True, Why.TOO_EARLY),
        (0, 33, True, Why.OVER),
        (0, 200, True, Why.FUTURE),
    ],
)
def test_times_by_hand_belong_to_the_slot(came, left, more, why):
    left_at = None if left is None else START + left * HOUR
    now = START + 100 * HOUR
    assert presence.against_times(START + came * HOUR, left_at, now, SPAN, more=more) is why
