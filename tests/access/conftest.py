"""The world that the walks go through, and who walks."""

from datetime import UTC, datetime

import pytest
import time_machine

from tests.access.world import a_world
from tests.builders import an_account, sign_in

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)


@pytest.fixture
def world(app):
    """Two sections, everything in the first, on a day before those that forms are filled with."""
    with time_machine.travel(NOW):
        yield a_world(NOW)


@pytest.fixture
def enter(app, world):
    """Open a browser for one of the world's people; None is somebody signed out."""

    def enter(person, other=None):
        client = (other or app).test_client()
        if person is not None:
            account = world.account if person is world.owner else an_account_once(person)
            sign_in(client, account)
        return client

    accounts = {}

    def an_account_once(person):
        if person.id not in accounts:
            accounts[person.id] = an_account(person)
        return accounts[person.id]

    return enter
