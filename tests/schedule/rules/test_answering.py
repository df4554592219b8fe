"""Who answers for what waits in a section, and whom it reaches while it stays undone."""

from collections import defaultdict
from dataclasses import replace

import pytest

from brigades.clock import DAY
from brigades.schedule.rules.answering import Appointed, ladder, nearest, reached, upward, waits
from brigades.schedule.rules.limits import DEFAULT

TOP, COUNTRY, TOWN = "/1/", "/1/2/", "/1/2/3/"
HEAD, ORGANIZER, COORDINATOR, SECOND, DEPUTY = 10, 20, 30, 31, 32


def appointed(*given):
    """People by the path they are appointed at; a deputy has a third value."""
    found = defaultdict(list)
    for person, path, *deputy in given:
        found[path].append(Appointed(person, path, bool(deputy)))
    return found


EVERYWHERE = (
    (HEAD, TOP),
    (ORGANIZER, COUNTRY),
    (COORDINATOR, TOWN),
    (SECOND, TOWN),
    (DEPUTY, TOWN, "deputy"),
)


@pytest.mark.parametrize(
    ("path", "given", "rungs", "above"),
    [
        (TOWN, (), (), 0),
        (TOWN, EVERYWHERE, ({COORDINATOR, SECOND}, {DEPUTY}, {ORGANIZER}, {HEAD}), 2),
        (COUNTRY, EVERYWHERE, ({ORGANIZER}, {HEAD}), 1),
        (TOP, EVERYWHERE, ({HEAD},), 1),
        # nobody in the town: the country answers, and then the top
        (TOWN, ((HEAD, TOP), (ORGANIZER, COUNTRY)), ({ORGANIZER}, {HEAD}), 1),
        # nobody in the country: the town's people, and then the top
        (TOWN, ((HEAD, TOP), (COORDINATOR, TOWN)), ({COORDINATOR}, {HEAD}), 1),
        # where there are only deputies, they answer
        (TOWN, ((DEPUTY, TOWN, "deputy"), (HEAD, TOP)), ({DEPUTY}, {HEAD}), 1),
        (
            TOWN,
            ((COORDINATOR, TOWN), (ORGANIZER, COUNTRY, "deputy")),
            ({COORDINATOR}, {ORGANIZER}),
            1,
        ),
        # a deputy higher up hears of nothing that another answers for there
        (
            TOWN,
            ((COORDINATOR, TOWN), (ORGANIZER, COUNTRY), (DEPUTY, COUNTRY, "deputy")),
            ({COORDINATOR}, {ORGANIZER}),
            1,
        ),
        # who is appointed at two heights is told at the nearer, and it goes on above them
        (
            TOWN,
            ((COORDINATOR, TOWN), (COORDINATOR, COUNTRY), (HEAD, TOP)),
            ({COORDINATOR}, {HEAD}),
            1,
        ),
        # appointed twice in one place, once as deputy
        (TOWN, ((COORDINATOR, TOWN), (COORDINATOR, TOWN, "deputy")), ({COORDINATOR},), 1),
        # somebody in the next town has nothing to do with it
        ("/1/2/33/", ((COORDINATOR, TOWN), (HEAD, TOP)), ({HEAD},), 1),
    ],
)
def test_what_waits_reaches_the_nearest_first_and_then_goes_up(path, given, rungs, above):
    steps = ladder(path, appointed(*given))
    assert steps.rungs == tuple(frozenset(rung) for rung in rungs)
    assert steps.above == above
    assert steps.nearest == nearest([path], appointed(*given))


@pytest.mark.parametrize(
    ("paths", "who"),
    [
        ([TOWN, TOWN], {COORDINATOR, SECOND}),
        ([TOWN, COUNTRY], {ORGANIZER}),
        ([TOWN, "/1/2/33/"], {ORGANIZER}),
        ([TOWN, "/1/22/"], {HEAD}),
        (["/5/", TOWN], set()),
    ],
)
def test_for_several_sections_answers_who_is_nearest_to_all_of_them(paths, who):
    assert nearest(paths, appointed(*EVERYWHERE)) == who


def test_the_sections_above_are_those_of_the_path_and_no_namesakes():
    assert upward("/1/12/123/") == ["/1/12/123/", "/1/12/", "/1/"]


@pytest.mark.parametrize(
    ("days", "who"),
    [
        (0, {COORDINATOR, SECOND}),
        (6, {COORDINATOR, SECOND}),
        (7, {COORDINATOR, SECOND, DEPUTY}),
        (9, {COORDINATOR, SECOND, DEPUTY}),
        (10, {COORDINATOR, SECOND, DEPUTY, ORGANIZER}),
        (12, {COORDINATOR, SECOND, DEPUTY, ORGANIZER}),
        (13, {COORDINATOR, SECOND, DEPUTY, ORGANIZER, HEAD}),
        (400, {COORDINATOR, SECOND, DEPUTY, ORGANIZER, HEAD}),
    ],
)
def test_it_reaches_deputies_after_seven_days_and_those_above_after_ten(days, who):
    assert reached(ladder(TOWN, appointed(*EVERYWHERE)), days * DAY, DEFAULT) == who


@pytest.mark.parametrize(
    ("days", "who"),
    [
        (6, {COORDINATOR}),
        (7, {COORDINATOR, ORGANIZER}),
        (10, {COORDINATOR, ORGANIZER, HEAD}),
    ],
)
def test_without_a_deputy_it_reaches_those_above_after_seven_days(days, who):
    steps = ladder(TOWN, appointed((COORDINATOR, TOWN), (ORGANIZER, COUNTRY), (HEAD, TOP)))
    assert reached(steps, days * DAY, DEFAULT) == who


def test_the_days_are_a_setting():
    limits = replace(DEFAULT, deputy=1 * DAY, parent=3 * DAY)
    assert [waits(rung, limits) // DAY for rung in range(5)] == [0, 1, 3, 5, 7]


def test_where_nobody_is_appointed_nobody_answers():
    steps = ladder(TOWN, {})
    assert steps.nearest == frozenset()
    assert reached(steps, 99 * DAY, DEFAULT) == frozenset()
    assert steps.rung_of(COORDINATOR) is None
