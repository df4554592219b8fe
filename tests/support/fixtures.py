"""Fixtures for what stands outside: `pytest_plugins = ["tests.support.fixtures"]`."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.support import browser, smtp, today


@pytest.fixture
def real_clock() -> Iterator[None]:
    """The machine's own time, which other processes have too; everything else has `today.TODAY`."""
    with today.outside():
        yield


@pytest.fixture
def sink() -> Iterator[smtp.Sink]:
    """A mail server that keeps what it gets; its `url` is a value for MAIL_URL."""
    with smtp.sink() as server:
        yield server


@pytest.fixture
def mail(app: Flask, sink: smtp.Sink) -> Iterator[smtp.Sink]:
    """The mail server that the application sends to."""
    before = app.config["MAIL_URL"]
    app.config["MAIL_URL"] = sink.url
    yield sink
    app.config["MAIL_URL"] = before


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of the process. Where there is none they fail, not skip.

    Open pages with `tests.support.browser.open_page`, each with cookies of its own.
    """
    try:
        with browser.running() as started:
            yield started
    except FileNotFoundError as missing:
        pytest.fail(str(missing), pytrace=False)
