"""Two transactions at one moment, on PostgreSQL: each order is met for certain, none by chance."""

import threading
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import text

from brigades.db import session, unit
from brigades.schedule import service as schedule

WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


class Race:
    """Two transactions: the first ends when the second has ended or waits for it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.halfway, self.ended = threading.Barrier(2), threading.Event()
        self.refused: list[str] = []
        self.broken: list[Exception] = []

    def run(
        self,
        first: Callable[[], Any],
        second: Callable[[], Any],
        then: Callable[[], Any] = lambda: None,
    ) -> list[str]:
        """Run both; returns the codes of what was refused to either, sorted.

        ``then``: what the first does once it goes on. What breaks in either is raised here.
        """
        session.commit()
        session.remove()
        threads = [
            threading.Thread(target=self._in_app, args=(job,))
            for job in (lambda: self._first(first, then), lambda: self._second(second))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self.broken:
            raise self.broken[0]
        return sorted(self.refused)

    def _in_app(self, job: Callable[[], None]) -> None:
        with self.app.app_context():
            try:
                job()
            except schedule.Refused as refused:
                self.refused += [reason.code for reason in refused.reasons]
            except Exception as error:
                self.broken.append(error)

    def _first(self, act: Callable[[], Any], then: Callable[[], Any]) -> None:
        with unit():
            try:
                act()
            finally:
                self.halfway.wait()
            while not self.ended.is_set() and not self._somebody_waits():
                pass
            then()

    def _second(self, act: Callable[[], Any]) -> None:
        self.halfway.wait()
        try:
            with unit():
                act()
        finally:
            self.ended.set()

    def _somebody_waits(self) -> bool:
        with self.app.extensions["sqlalchemy"].engine.connect() as connection:
            return bool(connection.scalar(WAITING))
