"""Figures say what was measured, what it may be, and whether it is."""

import json

from bench.report import at_least, at_most, line, told, write


def test_a_figure_at_its_budget_is_fine_and_beyond_it_is_not():
    assert [at_most("page", value, "x", 20).ok for value in (20, 20.01)] == [True, False]
    assert [at_least("rate", value, "/s", 150).ok for value in (150, 149.9)] == [True, False]
    assert told("page", 10**6, "ms").ok is True


def test_a_missed_budget_is_plain_to_see():
    assert line(at_most("page", 31, "x", 20)).endswith("MISSED")


def test_the_file_is_a_list_of_objects_with_five_names(tmp_path):
    path = tmp_path / "instance" / "bench.json"
    write([at_most("page", 12.3456, "x floor", 20), told("floor", 1.5, "ms")], path)

    assert json.loads(path.read_text()) == [
        {"name": "page", "value": 12.35, "unit": "x floor", "budget": 20, "ok": True},
        {"name": "floor", "value": 1.5, "unit": "ms", "budget": None, "ok": True},
    ]
