"""Somebody with a place to answer for, and the devices they carry."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from brigades.db import session
from brigades.outbox.delivery import delivering
from brigades.outbox.models import Letter
from brigades.people.models import Person
from brigades.push import service
from brigades.push.models import Subscription
from brigades.schedule.models import Participation
from brigades.schedule.service import lock
from brigades.shifts.models import Shift
from tests import builders
from tests.builders import DAY, NOON
from tests.support.push import Device, PushService

ANEW = {"populate_existing": True}


def carry(person: Person, phones: PushService, name: str = "Firefox, Android") -> Device:
    """Have a person told on a new device."""
    device = phones.a_device()
    service.add(person.id, **device.form, device=name, now=NOON)
    session.commit()
    return device


def an_offer(starts_in: timedelta = 5 * DAY, **given: Any) -> tuple[Person, Shift, Participation]:
    """Somebody who was just offered a place, with the letter that asks them posted."""
    from brigades.schedule import moves

    section = builders.a_section()
    person = builders.a_person(section, **given)
    shift = builders.a_shift(section, starts_at=NOON + starts_in, title="Night watch")
    place = builders.a_participation(shift, person, builders.State.WAITLISTED)
    slot = lock(shift.id)
    moves.offer(place, slot, by=None, now=NOON)
    moves.tell("place-offered", place, person, NOON)
    session.commit()
    return person, shift, place


def deliver(at) -> int:  # type: ignore[no-untyped-def]
    """Let the worker deliver what is due; how many mails went."""
    session.commit()
    return delivering.deliver(at)


def the_letter() -> Letter:
    """The one letter that there is, as it is kept now."""
    return session.scalars(select(Letter), execution_options=ANEW).one()


def devices() -> list[Subscription]:
    """Everybody's devices, as they are kept now."""
    query = select(Subscription).order_by(Subscription.id)
    return list(session.scalars(query, execution_options=ANEW))
