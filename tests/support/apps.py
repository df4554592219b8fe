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
)


@contextmanager
def beside(app: Flask, **settings: Any) -> Iterator[Flask]:
    """The application once more, with these settings changed, reading the same rows."""
    other = create_app({name: app.config[name] for name in SHARED} | settings)
    other.test_client_class = app.test_client_class
    try:
        yield other
    finally:
        if web.limiter.enabled:  # one object serves every application of the process
            web.limiter.reset()
            web.limiter.enabled = False
        with other.app_context():
            db.engine.dispose()
