"""Noon of the tests."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.builders import NOON


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """It is noon of the tests, and stays so."""
    with time_machine.travel(NOON, tick=False):
        yield
