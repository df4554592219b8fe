"""Which databases a test runs on."""

import pytest

# For words, bytes and layout, where what they ask of a database is asked of both elsewhere.
ONE_DATABASE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
