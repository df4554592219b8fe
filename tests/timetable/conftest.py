"""Noon of the tests, and the characters of the tests of shifts."""

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from tests.builders import NOON
from tests.shifts.cast import Cast, a_cast


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """It is noon of the tests, a Wednesday, and stays so."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def cast(app: Flask) -> Cast:
    """A section with its coordinator and a volunteer, and another section with both."""
    return a_cast(app)
