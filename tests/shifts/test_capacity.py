"""Places cannot be oversold, however many press at the same moment."""

import threading
from typing import Any

from flask import Flask
from sqlalchemy import select

from brigades.access import Role
from brigades.db import session
from brigades.outbox.models import Letter
from brigades.people.skills import Skill
from brigades.schedule.models import CoverAsk, Participation
from brigades.schedule.states import State
from tests import builders as b


def at_once(app: Flask, jobs: list[tuple[Any, str, dict[str, Any]]]) -> list[int]:
    """Post each (client, address, data) from a thread of its own at the same moment; statuses."""
    session.commit()
    session.remove()
    barrier = threading.Barrier(len(jobs))
    statuses: list[int] = []

    def press(client: Any, address: str, data: dict[str, Any]) -> None:
        barrier.wait()
        answer = super(type(client), client).open(address, method="POST", data=data)
        statuses.append(answer.status_code)

    threads = [threading.Thread(target=press, args=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def states() -> list[str]:
    return sorted(state.value for state in session.scalars(select(Participation.state)))


def test_twenty_people_and_three_places(app: Flask) -> None:  # CAP-01
    section = b.a_section()
    need = b.a_need(skill=Skill.CONSTRUCTION, least=1, most=3)
    shift_id = b.a_shift(section, needs=[need]).id
    people = [b.a_person(section, "bricklaying") for _ in range(20)]
    clients = [b.signed_in(app, person) for person in people]
    statuses = at_once(app, [(client, f"/shifts/{shift_id}/join", {}) for client in clients])
    assert statuses == [303] * 20
    assert states() == ["confirmed"] * 3 + ["waitlisted"] * 17
    names = sorted(session.scalars(select(Letter.name)))
    assert names == ["place-confirmed"] * 3 + ["place-waitlisted"] * 17


def test_one_person_pressing_ten_times_has_one_place(app: Flask) -> None:
    section = b.a_section()
    shift_id = b.a_shift(section).id
    person = b.a_person(section)
    account = b.an_account(person)
    clients = []
    for _ in range(10):
        client = app.test_client()
        b.sign_in(client, account)
        clients.append(client)
    statuses = at_once(app, [(client, f"/shifts/{shift_id}/join", {}) for client in clients])
    assert statuses == [303] * 10
    assert states() == ["confirmed"]


def test_two_coordinators_give_the_last_place_at_once(app: Flask) -> None:
    section = b.a_section()
    need = b.a_need(most=1)
    shift_id = b.a_shift(section, needs=[need]).id
    need_id = need.id
    jobs = []
    for _ in range(2):
        coordinator = b.a_person(section)
        b.an_appointment(coordinator, section, Role.COORDINATOR)
        data = {"person": b.a_person(section).id, "need": need_id, "agreed": "1"}
        jobs.append((b.signed_in(app, coordinator), f"/shifts/{shift_id}/assign", data))
    assert at_once(app, jobs) == [303, 303]
    assert states() == [State.CONFIRMED.value, State.WAITLISTED.value]


def test_two_who_step_in_at_the_same_moment_get_one_place(app: Flask) -> None:
    section = b.a_section()
    shift = b.a_shift(section, needs=[b.a_need(most=1)])
    held = b.a_participation(shift, b.a_person(section), State.SEEKING_COVER, cover_since=b.NOON)
    shift_id, jobs = shift.id, []
    for _ in range(4):
        person = b.a_person(section)
        b._kept(CoverAsk(place_id=held.id, person_id=person.id, wave=1, asked_at=b.NOON))
        jobs.append((b.signed_in(app, person), f"/shifts/{shift_id}/cover", {"accept": "yes"}))
    assert at_once(app, jobs) == [303] * 4  # the others read that nothing is open any more
    assert states() == ["confirmed", "withdrawn"]
