"""When a reminder is due, from facts alone."""

from datetime import UTC, date, datetime, timedelta

import pytest

from brigades.clock import DAY, HOUR
from brigades.reminders.rules import (
    DEFAULTS,
    HOURS,
    Audience,
    Rule,
    Start,
    answer_moment,
    digest_day,
    due,
    home_zone,
    stood,
)

START = datetime(2026, 6, 17, 12, tzinfo=UTC)
LONG_AGO = START - 60 * DAY
SECOND = timedelta(seconds=1)


def followed(at: datetime, rules=DEFAULTS, **facts) -> list[tuple[str, int]]:
    """Whom is told of how many hours before, if the pass first looks at this instant."""
    start = Start(**{"starts_at": START, "public_since": LONG_AGO, "short": True} | facts)
    hours = sorted({rule.hours for rule in rules}, reverse=True)
    return [(rule.to.value, rule.hours) for one in hours for rule in due(rules, one, start, at)]


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (7 * DAY + SECOND, []),
        (7 * DAY, [168]),
        (DAY + SECOND, [168]),  # made up for until the next one
        (DAY, [24]),
        (SECOND, [24]),
        (timedelta(), []),
        (-DAY, []),
    ],
)
def test_a_place_is_reminded_seven_days_and_one_day_before(before, expected):
    hours = [hours for to, hours in followed(START - before) if to == "coming"]
    assert hours == expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (14 * DAY + SECOND, []),
        (14 * DAY, [("coordinators", 336)]),
        (7 * DAY, [("coming", 168), ("coordinators", 168)]),
        (2 * DAY, [("coming", 168), ("coordinators", 48), ("organizers", 48)]),
        (DAY, [("coordinators", 48), ("organizers", 48), ("coming", 24), ("lead", 24)]),
    ],
)
def test_who_answers_for_it_hears_at_14_7_and_2_days_while_it_is_unfilled(before, expected):
    assert followed(START - before) == expected
    filled = [one for one in expected if one[0] in ("coming", "lead")]
    assert followed(START - before, short=False) == filled


def test_of_several_that_were_missed_only_the_nearest_goes_out():
    rules = [Rule(Audience.COMING, hours) for hours in HOURS]
    assert followed(START - 3 * HOUR, rules) == [("coming", 4)]
    assert followed(START - HOUR, rules) == [("coming", 2)]
    assert followed(START - 800 * HOUR, rules) == []


@pytest.mark.parametrize("to", Audience)
def test_who_was_told_of_a_move_within_the_lead_is_not_reminded_of_it_too(to):  # REM-03
    rules = [Rule(to, 24)]
    at = START - HOUR
    assert followed(at, rules, moved_at=START - 2 * DAY) == [(to, 24)]
    late = followed(at, rules, moved_at=START - 2 * HOUR)
    assert late == ([(to, 24)] if to is Audience.LEAD else [])  # a lead is told of no move


def test_who_published_it_unfilled_is_not_told_at_once_that_it_is():
    published = START - 10 * DAY
    assert followed(published, public_since=published) == []
    assert followed(START - 7 * DAY, public_since=published) == [
        ("coming", 168),
        ("coordinators", 168),
    ]


def test_a_plan_without_rules_reminds_nobody():
    assert all(followed(START - hours * HOUR, []) == [] for hours in HOURS)


@pytest.mark.parametrize(
    ("changed_at", "same"),
    [(None, True), (START - 2 * DAY, True), (START - DAY, True), (START - DAY + SECOND, False)],
)
def test_what_changed_after_the_moment_sends_nothing_late(changed_at, same):
    assert stood(changed_at, START - DAY) is same


@pytest.mark.parametrize(
    ("asked", "until", "reminded"),
    [
        (5 * DAY, timedelta(), DAY),
        (2 * DAY, timedelta(), DAY),
        (36 * HOUR, timedelta(), 12 * HOUR),  # the offer is a day old by then
        (DAY, timedelta(), None),
        (3 * HOUR, timedelta(), None),
    ],
)
def test_an_answer_is_asked_for_a_day_before_it_is_due(asked, until, reminded):
    moment = answer_moment(START - asked, START - until)
    assert moment == (None if reminded is None else START - reminded)


@pytest.mark.parametrize(
    ("zone", "at", "day"),
    [
        ("Europe/Berlin", datetime(2026, 6, 10, 4, 59, tzinfo=UTC), None),
        ("Europe/Berlin", datetime(2026, 6, 10, 5, 0, tzinfo=UTC), date(2026, 6, 10)),
        ("Asia/Tokyo", datetime(2026, 6, 9, 22, 0, tzinfo=UTC), date(2026, 6, 10)),
        ("Europe/Berlin", datetime(2026, 6, 10, 21, 59, tzinfo=UTC), date(2026, 6, 10)),
        ("Europe/Berlin", datetime(2026, 6, 10, 22, 1, tzinfo=UTC), None),
    ],
)
def test_the_daily_mail_is_due_from_seven_in_the_sections_morning(zone, at, day):
    assert digest_day(zone, at) == day


def test_the_day_follows_the_own_section_else_the_first():
    both = [(3, "Asia/Tokyo"), (2, "Europe/Berlin")]
    assert home_zone(both, 3) == "Asia/Tokyo"
    assert home_zone(both, 9) == "Europe/Berlin"
