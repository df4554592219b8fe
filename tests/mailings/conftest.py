"""Noon of the tests; a section with its coordinator, and another one whose people stay unseen."""

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from tests.builders import NOON
from tests.mailings.desk import Desk, a_desk


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """It is noon of the tests, and stays so."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def desk(app: Flask) -> Desk:
    """A coordinator who writes, signed in."""
    return a_desk(app)
