"""Which databases a test runs on."""

import pytest

# For words, bytes and layout, where what they ask of a database is asked of both elsewhere.
ONE_DATABASE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

# For transactions that wait for each other, of which SQLite knows none: it runs one at a time.
POSTGRESQL = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
