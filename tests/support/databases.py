"""Which databases a test runs on, and which tests are first.

Whatever touches the database runs on SQLite and on PostgreSQL. Of a test with several cases the
first does; the further ones ask both for the same, and run on SQLite alone. Where each case may
find something else in the database (`EVERY_CASE`), and with BRIGADES_LONG=1, all run on both.
"""

import os

import pytest

_POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.postgresql)
BOTH = ("sqlite", _POSTGRESQL)

# For words, bytes and layout, where what they ask of a database is asked of both elsewhere.
ONE_DATABASE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

# For transactions that wait for each other, of which SQLite knows none: it runs one at a time.
POSTGRESQL = pytest.mark.parametrize("backend", [_POSTGRESQL], indirect=True)

# What begins so runs on both in every case.
EVERY_CASE = ("tests/access/", "tests/test_migrations.py")


def leave_out_further_cases(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take out of ``items`` what the rule above does not ask for."""
    if os.environ.get("BRIGADES_LONG"):
        return
    on_sqlite = {_function(item) for item in items if not _on_postgresql(item)}
    seen: set[str] = set()
    kept, left_out = [], []
    for item in items:
        function = _function(item)
        further = function in seen and function in on_sqlite and _on_postgresql(item)
        (left_out if further and not item.nodeid.startswith(EVERY_CASE) else kept).append(item)
        if _on_postgresql(item):
            seen.add(function)
    items[:] = kept
    config.hook.pytest_deselected(items=left_out)


def long_ones_first(items: list[pytest.Item]) -> None:
    """Bring the long tests to the front, so that all processes end at about the same moment."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def _on_postgresql(item: pytest.Item) -> bool:
    return item.get_closest_marker("postgresql") is not None


def _function(item: pytest.Item) -> str:
    return item.nodeid.partition("[")[0]
