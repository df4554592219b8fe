"""Applications with other settings than the tests' own, on the same database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask

from brigades import create_app, web
from brigades.db import db

SHARED = (
    "TESTING",
    "SECRET_KEY",
    "INSTANCE_PATH",
    "SQLALCHEMY_DATABASE_URI",
    "BASE_URL",
    "WTF_CSRF_ENABLED",
    "RATELIMIT_ENABLED",
    "DEMO_BANNER_SECONDS",
    "STILL_BANNER_SECONDS",
)
_made: dict[str, Flask] = {}


@contextmanager
def beside(app: Flask, **settings: Any) -> Iterator[Flask]:
    """The application once more, with these settings changed, reading the same rows.

    Who asks for the same settings again gets the same one, without what was changed in it since.
    """
    given = {name: app.config[name] for name in SHARED} | settings
    name = repr(sorted(given.items()))
    if name not in _made:
        _made[name] = create_app(given)
        _made[name].test_client_class = app.test_client_class
    other = _made[name]
    config = dict(other.config)
    web.limiter.enabled = given["RATELIMIT_ENABLED"]  # one object serves all applications
    try:
        yield other
    finally:
        if web.limiter.enabled:
            web.limiter.reset()
            web.limiter.enabled = False
        other.config.clear()
        other.config.update(config)
        with other.app_context():
            db.engine.dispose()
