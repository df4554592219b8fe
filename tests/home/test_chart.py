"""The chart of coverage: numbers to draw, without an application."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from brigades.home.chart import GROUND, TALLEST, bars
from brigades.home.coverage import Covered

FIRST = date(2026, 6, 10)


def days(*numbers: tuple[int, int]) -> list[Covered]:
    return [
        Covered(FIRST + timedelta(days=n), filled, filled, short)
        for n, (filled, short) in enumerate(numbers)
    ]


def test_an_empty_time_draws_no_bars_and_does_not_divide_by_zero() -> None:
    assert bars([]) == []
    assert [bar.held + bar.gap for bar in bars(days((0, 0), (0, 0)))] == [0, 0]


def test_the_missing_stand_on_top_of_the_filled() -> None:
    bar = bars(days((4, 2)))[0]
    assert (bar.held, bar.gap) == (100, 50)
    assert (bar.held_top, bar.gap_top) == (GROUND - 100, GROUND - 150)


def test_reading_to_the_left_the_first_day_is_at_the_right() -> None:
    plain, mirrored = bars(days((1, 0), (2, 0))), bars(days((1, 0), (2, 0)), rtl=True)
    assert plain[0].x < plain[1].x
    assert (mirrored[0].x, mirrored[1].x) == (plain[1].x, plain[0].x)


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=31))
def test_no_bar_leaves_the_chart(numbers: list[tuple[int, int]]) -> None:
    for bar in bars(days(*numbers)):
        assert bar.held + bar.gap <= TALLEST + 0.2
        assert 0 <= bar.x <= bar.x + bar.width <= 100.1


def test_a_small_section_fills_most_of_its_chart_and_one_person_alone_stays_low() -> None:
    assert [bar.held for bar in bars(days((5, 0), (1, 0)))] == [125, 25]
