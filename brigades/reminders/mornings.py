"""In which zones the morning has come, and what is told in it was not looked at yet.

A zone's readers are looked at once a day, from seven on or later if the worker rested: what comes
up during the day is told the next morning. One mark a zone keeps that, not a letter a reader.
"""

import logging
from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select

from brigades.clock import local_day
from brigades.db import session
from brigades.reminders import rules, turns
from brigades.reminders.models import Told

log = logging.getLogger(__name__)


def due(what: str, zones: Iterable[str], now: datetime) -> dict[str, date]:
    """The zones whose morning is due, with their local day; one statement.

    Each ``what`` that is told in mornings has marks of its own. A name that is no zone is passed
    over with an error in the log.
    """
    days: dict[str, date] = {}
    for name in sorted(set(zones)):
        try:
            day = rules.digest_day(name, now)
        except ValueError as error:
            log.error("nobody is told of %s in a zone that is none: %s", what, error)
        else:
            if day is not None:
                days[name] = day
    marks = [_key(what, name) for name in days]
    rows = session.execute(select(Told.key, Told.at).where(Told.key.in_(marks)))
    looked = dict(rows.tuples().all())
    return {
        name: day
        for name, day in days.items()
        if (at := looked.get(_key(what, name))) is None or local_day(at, name) < day
    }


def keep(what: str, zones: Iterable[str], now: datetime) -> None:
    """Keep that the readers of these zones were looked at; two statements, none without a zone."""
    marks = [_key(what, name) for name in zones]
    if marks:
        turns.mark_again(marks, now)


def _key(what: str, zone_name: str) -> str:
    return f"{what}:{zone_name}"
