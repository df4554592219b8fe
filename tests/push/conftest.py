"""A push service that the application may call, and the first day of its stories."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.builders import NOON
from tests.support import push


@pytest.fixture
def phones(app: Flask) -> Iterator[push.PushService]:
    """The push service that everybody's devices subscribed to."""
    app.config["PUSH_TO_LOOPBACK"] = True
    with push.service() as service:
        service.now = NOON
        yield service
    app.config["PUSH_TO_LOOPBACK"] = False
