"""In which zones the morning has come that nobody was written to for yet.

A zone's readers are looked at once a day, from seven on or later if the worker rested: what comes
up during the day is told the next morning. One mark a zone keeps that, not a letter a reader.
"""

import logging
from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select, update

from brigades.clock import local_day
from brigades.db import insert_once, session
from brigades.reminders import rules
from brigades.reminders.duties.appointed import Appointments, Post
from brigades.reminders.models import Told

log = logging.getLogger(__name__)


def mornings(zones: Iterable[str], now: datetime) -> dict[str, date]:
    """The zones whose morning is due, with their local day; one statement.

    A name that is no zone is passed over with an error in the log.
    """
    days: dict[str, date] = {}
    for name in sorted(set(zones)):
        try:
            day = rules.digest_day(name, now)
        except ValueError as error:
            log.error("no daily mail for sections without a good zone: %s", error)
        else:
            if day is not None:
                days[name] = day
    looked = dict(
        session.execute(select(Told.key, Told.at).where(Told.key.in_([_key(n) for n in days])))
        .tuples()
        .all()
    )
    return {
        name: day
        for name, day in days.items()
        if _key(name) not in looked or local_day(looked[_key(name)], name) < day
    }


def looked(zones: Iterable[str], now: datetime) -> None:
    """Keep that the readers of these zones were looked at."""
    for name in sorted(zones):
        if not insert_once(Told, [{"key": _key(name), "at": now}]):
            session.execute(
                update(Told).where(Told.key == _key(name), Told.at < now).values(at=now)
            )


def _key(zone_name: str) -> str:
    return f"morning:{zone_name}"


def home_of(appointed: Appointments, person_id: int) -> int:
    """The section whose people a reader is: their own if they are appointed there, else the first.

    The first of those in the same zone, since their day follows it.
    """
    posts = appointed.posts[person_id]
    zone = rules.home_of(_zones(posts), appointed.readers[person_id].section_id)
    return min(post.place.id for post in posts if post.place.zone == zone)


def zones_of(appointed: Appointments) -> dict[int, str]:
    """The zone that each reader's day follows: where they live, else where they are appointed."""
    found: dict[int, str] = {}
    for id, reader in appointed.readers.items():
        found[id] = reader.zone or rules.home_of(_zones(appointed.posts[id]), reader.section_id)
    return found


def _zones(posts: list[Post]) -> list[tuple[int, str]]:
    return [(post.place.id, post.place.zone) for post in posts]
