"""What pages say of the whole installation: a process looks once a minute, a page once at most.

Pages have little to ask of the database, and few seconds matter to a notice: of two that are due
for a look, the second waits for the next page.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import Flask, current_app, request
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from brigades.db import db, writing

T = TypeVar("T")

_LOOKED = "brigades.looked"  # in the request's environment


@dataclass(frozen=True)
class Quiet:
    """A notice that asks nothing of anybody: all of such stand in one line, to be opened."""

    short: str
    text: str


@dataclass(frozen=True)
class Glance(Generic[T]):
    """A look at the database; ``at_first`` is seen before the first one.

    ``setting`` names for how many seconds a process trusts what it saw; None never looks.
    """

    key: str
    setting: str
    look: Callable[[Connection], T]
    at_first: T

    def init_app(self, app: Flask) -> None:
        """Begin with nothing seen, and a minute's trust."""
        app.config.setdefault(self.setting, 60)
        self.forget(app)

    def forget(self, app: Flask) -> None:
        """Look again at the next occasion."""
        app.extensions[self.key] = (float("-inf"), self.at_first)

    def seen(self) -> T:
        """What was seen last; looks where that is too long ago and the page has not looked yet."""
        kept_for = current_app.config[self.setting]
        looked_at, found = current_app.extensions[self.key]
        if kept_for is None:
            return self.at_first
        fresh = time.monotonic() - looked_at < kept_for
        if not fresh and _LOOKED not in request.environ:
            request.environ[_LOOKED] = self.key
            try:
                found = self._look()
            except SQLAlchemyError:  # a page that says what went wrong must not fail over it
                return self.at_first
            current_app.extensions[self.key] = (time.monotonic(), found)
        seen: T = found
        return seen

    def _look(self) -> T:
        """Ask on a connection of its own: the request's may be in a failed transaction.

        As a reader, too: a second writer of the same request would wait for the first.
        """
        token = writing.set(False)
        try:
            with db.engine.connect() as connection:
                return self.look(connection)
        finally:
            writing.reset(token)
