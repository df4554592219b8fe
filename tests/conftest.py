"""Tests of the database run on SQLite and on a real PostgreSQL (tests/support/databases.py).

Rows are committed and deleted again, since the outside is real: other threads, processes and
requests must see them.
"""

import contextvars
import sqlite3
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, before_render_template, template_rendered
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from brigades import create_app
from brigades.db import Base, db, session
from tests.support import cheap, databases, postgres, today

pytest_plugins = ["tests.support.fixtures"]


def pytest_configure(config: pytest.Config) -> None:
    """One PostgreSQL server for the whole run, started before the workers."""
    cheap.begin(config)
    postgres.configure(config)
    today.begin()


def pytest_configure_node(node: Any) -> None:
    """Hand the server's address to each worker."""
    postgres.configure_node(node)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Iterator[None]:
    """Five thousand tests and all that they import are there for good."""
    with cheap.no_litter():
        return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Iterator[None]:
    """Both databases where it counts; long tests first, whatever order was made of them else."""
    databases.leave_out_further_cases(config, items)
    yield
    databases.long_ones_first(items)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server, however the run ended."""
    postgres.unconfigure(config)


@event.listens_for(Engine, "connect")
def _set_up_sqlite(connection: Any, _record: Any) -> None:
    """Need not survive a power cut; what asks for no order gets the one it does not expect."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA reverse_unordered_selects = ON")


class Client(FlaskClient):
    """A browser of one person: each request gets a context of its own, as on a server.

    What the test wrote is committed first; what it loaded is read anew afterwards.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        session.commit()
        response = contextvars.Context().run(super().open, *args, **kwargs)
        session.expire_all()
        return response


@pytest.fixture(scope="session", params=databases.BOTH)
def backend(
    request: pytest.FixtureRequest,
    applications: dict[str, Flask],
    tmp_path_factory: pytest.TempPathFactory,
) -> Flask:
    """An application on one of the two databases, made once a process."""
    if request.param not in applications:
        folder = tmp_path_factory.mktemp("instance")
        url = f"sqlite:///{folder / 'test.db'}"
        if request.param == "postgresql":
            url = postgres.database_url(request.config)
        applications[request.param] = _application(folder, url)
    return applications[request.param]


@pytest.fixture(scope="session")
def applications() -> Iterator[dict[str, Flask]]:
    """Those that were made, by database: tests come in any order."""
    made: dict[str, Flask] = {}
    yield made
    for app in made.values():
        with app.app_context():
            db.engine.dispose()


def _application(folder: Path, url: str) -> Flask:
    app = create_app(
        {
            "TESTING": True,
            "SECRET_KEY": "only in tests",
            "INSTANCE_PATH": str(folder),
            "SQLALCHEMY_DATABASE_URI": url,
            "BASE_URL": "http://localhost",
            "WTF_CSRF_ENABLED": False,
            "RATELIMIT_ENABLED": False,
            "DEMO_BANNER_SECONDS": None,  # its look at the database is not the page's own
            "STILL_BANNER_SECONDS": None,
        }
    )
    app.test_client_class = Client
    with app.app_context():
        db.drop_all()
        db.create_all()
    return app


@pytest.fixture
def app(backend: Flask) -> Iterator[Flask]:
    """The application with an empty database and a context around the test."""
    with backend.app_context():
        yield backend
        session.rollback()
        _empty(session.connection().connection.driver_connection)
        session.commit()
        session.remove()


def _empty(connection: Any) -> None:
    """Delete every row, in one go: a thousand tests wait for it."""
    if isinstance(connection, sqlite3.Connection):
        connection.executescript(f"BEGIN IMMEDIATE; {_deletions()}; COMMIT")
    else:
        connection.execute(_deletions())


@cache
def _deletions() -> str:
    tables = reversed(Base.metadata.sorted_tables)
    return "; ".join(f'DELETE FROM "{table.name}"' for table in tables)


@pytest.fixture(autouse=True, scope="session")
def no_sql_while_rendering() -> Iterator[None]:
    """A page loads what it shows before it renders; a statement from inside a template fails."""
    rendering: contextvars.ContextVar[bool] = contextvars.ContextVar("rendering", default=False)

    def begin(_sender: Any, **_more: Any) -> None:
        rendering.set(True)

    def end(_sender: Any, **_more: Any) -> None:
        rendering.set(False)

    def refuse(_link: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        assert not rendering.get(), f"SQL while a template renders: {statement}"

    event.listen(Engine, "before_cursor_execute", refuse)
    with before_render_template.connected_to(begin), template_rendered.connected_to(end):
        yield
    event.remove(Engine, "before_cursor_execute", refuse)


@pytest.fixture
def client(app: Flask) -> Client:
    """Somebody who is not signed in."""
    return app.test_client()  # type: ignore[return-value]
