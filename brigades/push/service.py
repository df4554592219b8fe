"""Devices that somebody wants to be told on: keeping them, and taking them away."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, func, select, update

from brigades.audit import service as audit
from brigades.db import insert_once, session
from brigades.outbox import service as outbox
from brigades.people.models import Person
from brigades.push.models import Subscription
from brigades.push.rules import MOST_DEVICES

TEST = "push-test"  # the letter that tries it out


class TooMany(Exception):
    """They have as many devices as anybody may have."""


def devices_of(person_id: int) -> Sequence[Subscription]:
    """A person's devices, the newest first."""
    theirs = select(Subscription).where(Subscription.person_id == person_id)
    return session.scalars(theirs.order_by(Subscription.made_at.desc(), Subscription.id)).all()


def mark_of(endpoint: str) -> str:
    """What tells one device from another without giving away where it is reached."""
    return sha256(endpoint.encode()).hexdigest()


def add(person_id: int, *, endpoint: str, key: str, auth: str, device: str, now: datetime) -> None:
    """Tell this person on a device from now on, whoever was told on it before.

    The address must have been checked. Raises TooMany.
    """
    # Locked, so that of several added at once none is one too many.
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update())
    others = select(func.count(Subscription.id)).where(
        Subscription.person_id == person_id, Subscription.endpoint != endpoint
    )
    if (session.scalar(others) or 0) >= MOST_DEVICES:
        raise TooMany
    values: dict[str, Any] = {
        "person_id": person_id,
        "key": key,
        "auth": auth,
        "device": device,
        "made_at": now,
        "taken_at": None,
        "refused": 0,
    }
    if not insert_once(Subscription, [{"endpoint": endpoint, **values}]):
        session.execute(
            update(Subscription).where(Subscription.endpoint == endpoint).values(**values)
        )
    _record(person_id, now, became=device)


def remove(person_id: int, device_id: int, *, now: datetime) -> bool:
    """Tell a person nothing more on one of their devices; False where it is none of theirs."""
    return _remove(person_id, Subscription.id == device_id, now)


def leave(person_id: int, mark: str, *, now: datetime) -> bool:
    """The same for the device with this mark: somebody signs out there."""
    marks = {mark_of(device.endpoint): device.id for device in devices_of(person_id)}
    return mark in marks and remove(person_id, marks[mark], now=now)


def replace(person_id: int, endpoint: str, *, now: datetime) -> bool:
    """Forget the address that a browser had before it was given another; whether it was theirs."""
    return _remove(person_id, Subscription.endpoint == endpoint, now)


def _remove(person_id: int, which: Any, now: datetime) -> bool:
    gone = session.scalars(
        delete(Subscription)
        .where(Subscription.person_id == person_id, which)
        .returning(Subscription.device)
    ).all()
    for device in gone:
        _record(person_id, now, was=device)
    return bool(gone)


def _record(person_id: int, now: datetime, *, was: str = "", became: str = "") -> None:
    """Into the trail: a device can be why somebody heard of something, or did not."""
    audit.record_of(
        session.get_one(Person, person_id),
        "push device",
        by=person_id,
        at=now,
        was=was,
        became=became,
    )
    session.flush()


def forget(person_id: int, **_why: Any) -> None:
    """Take all devices away: the person leaves, or is erased."""
    session.execute(delete(Subscription).where(Subscription.person_id == person_id))


def forget_all(person: Person) -> None:
    """The same where the person is at hand: somebody else may have read their mail."""
    forget(person.id)


def try_out(person_id: int, *, now: datetime) -> None:
    """Post the letter that goes to all devices of a person; at most one a minute."""
    person = session.get_one(Person, person_id)
    key = f"{TEST}:{person_id}:{now:%Y-%m-%dT%H:%M}"
    outbox.post(TEST, to=person, about={"person": person_id}, key=key, now=now)
