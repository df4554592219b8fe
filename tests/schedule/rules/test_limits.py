"""The limits as a setting."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from brigades.schedule.rules import DEFAULT, Limits, limits_from
from tests.schedule.rules.given import DAY, HOUR


def test_what_is_not_named_keeps_its_default():
    assert limits_from("") == DEFAULT
    assert limits_from("  rest=9, adult=21 ") == Limits(rest=9 * HOUR, adult=21)
    assert limits_from("travel=10") == Limits(travel=10 * DAY)


def test_every_limit_can_be_set():
    for field in fields(Limits):
        assert getattr(limits_from(f"{field.name}=7"), field.name) in (7, 7 * HOUR, 7 * DAY)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("pause=3", "knows no 'pause'"),
        ("rest", "rest must be a whole number"),
        ("rest=", "rest must be a whole number"),
        ("rest=0", "from 1 on"),
        ("rest=-1", "from 1 on"),
        ("rest=1.5", "whole number"),
        ("rest=\N{ARABIC-INDIC DIGIT NINE}", "whole number"),
        ("week=9999999", "whole number"),
        ("rest=24", "shorter than a day"),
        ("rest_of_minors=30", "shorter than a day"),
        ("weekly_rest=160", "shorter than a week"),
        ("chase=8", "chased first"),
        ("parent=5", "chased first"),
    ],
)
def test_what_cannot_be_is_named(text: str, words: str):
    with pytest.raises(ValueError, match=words):
        limits_from(text)


def test_the_guide_names_every_limit_with_its_default():
    guide = (Path(__file__).parents[3] / "docs" / "running.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (\d+) \|", guide, re.MULTILINE)
    units = {"hours": HOUR, "days": DAY}
    told = {name: int(number) * units.get(unit, 1) for name, unit, number in rows}
    assert told == {field.name: getattr(DEFAULT, field.name) for field in fields(Limits)}
