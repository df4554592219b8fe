"""One person in two places at once: what a slot's own lock does not keep apart."""

from datetime import UTC, datetime
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from brigades.access import Role
from brigades.db import session
from brigades.people.models import Person, Standing
from brigades.schedule.models import Participation
from brigades.schedule.states import LIVE, State
from tests import builders as b
from tests.builders import DAY, HOUR
from tests.shifts.test_capacity import at_once

SOON = datetime.now(UTC).replace(microsecond=0) + 5 * DAY


def browsers_of(app: Flask, person: Person, number: int) -> list[Any]:
    account, found = b.an_account(person), []
    for _ in range(number):
        found.append(app.test_client())
        b.sign_in(found[-1], account)
    return found


def held(person: Person) -> int:
    query = select(func.count(Participation.id)).where(
        Participation.person_id == person.id, Participation.state.in_(LIVE)
    )
    return session.scalar(query) or 0


def test_one_person_who_joins_overlapping_shifts_at_once_is_in_one(app: Flask) -> None:
    section = b.a_section()
    for _ in range(3):
        person = b.a_person(section)
        shifts = [b.a_shift(section, starts_at=SOON + n * HOUR).id for n in range(4)]
        browsers = browsers_of(app, person, 4)
        jobs = [
            (browser, f"/shifts/{one}/join", {})
            for browser, one in zip(browsers, shifts, strict=True)
        ]
        statuses = at_once(app, jobs)
        assert sorted(statuses) == [303, 422, 422, 422]
        assert held(person) == 1


def test_two_requests_that_overlap_granted_at_once_give_one_place(app: Flask) -> None:
    section = b.a_section()
    person = b.a_person(section)
    shifts = [b.a_shift(section, starts_at=SOON + n * HOUR) for n in range(2)]
    requests = [b.a_participation(shift, person, State.REQUESTED) for shift in shifts]
    jobs = []
    for shift, place in zip(shifts, requests, strict=True):
        boss = b.a_person(section)
        b.an_appointment(boss, section, Role.COORDINATOR)
        address = f"/shifts/{shift.id}/places/{place.id}/grant"
        jobs.append((b.signed_in(app, boss), address, {}))
    assert sorted(at_once(app, jobs)) == [303, 422]
    assert sorted(session.scalars(select(Participation.state))) == ["confirmed", "requested"]


def test_who_leaves_while_they_join_has_no_place_afterwards(app: Flask) -> None:
    section = b.a_section()
    boss = b.a_person(section)
    b.an_appointment(boss, section, Role.COORDINATOR)
    desk = b.signed_in(app, boss)
    for _ in range(4):
        person = b.a_person(section)
        shift = b.a_shift(section, starts_at=SOON)
        joins = (b.signed_in(app, person), f"/shifts/{shift.id}/join", {})
        leaves = (desk, f"/people/{person.id}/standing", {"standing": "left", "why": "moved"})
        statuses = at_once(app, [joins, leaves])
        assert max(statuses) < 500
        assert session.get_one(Person, person.id).standing is Standing.LEFT
        assert held(person) == 0
