"""Who came: ticked on a phone in a hall, and what it earns."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from brigades.access import Role
from brigades.db import session, unit
from brigades.qualifications import service as qualifications
from brigades.qualifications.models import Qualification
from brigades.schedule import attendance
from brigades.schedule.models import Participation
from brigades.schedule.states import State
from brigades.trainings.earned import grant_earned
from tests import builders as b
from tests.support.statements import counted

STARTS = datetime(2026, 6, 17, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_the_hall() -> Iterator[None]:
    with time_machine.travel(STARTS + b.HOUR, tick=False):
        yield


@pytest.fixture
def hall(app):
    """A session under way with its trainer, who is appointed to nothing, and two people."""
    section = b.a_section()
    kind = b.a_kind("First aid", months=24)
    trainer = b.a_person(b.a_section(), given_name="Tara")
    course = b.a_course(section, grants_id=kind.id)
    one = b.a_session(course, section, starts_at=STARTS, trainer_id=trainer.id)
    places = [b.a_participation(one, b.a_person(section, phone="+970599123456")) for _ in range(2)]
    with time_machine.travel(STARTS - b.DAY, tick=False):
        client = b.signed_in(app, trainer)
    return section, one, client, places


def state_of(place):
    return session.scalars(select(Participation.state).where(Participation.id == place.id)).one()


def earned():
    return session.scalars(select(Qualification)).all()


def tick(client, one, place, said, **headers):
    address = f"/trainings/{one.id}/attendance/{place.id}"
    return client.post(address, data={"said": said}, headers=headers)


def afterwards():
    """The session of four hours is over since an hour."""
    return time_machine.travel(STARTS + 5 * b.HOUR, tick=False)


def work(at):
    granted = grant_earned(at)
    session.commit()
    return granted


def test_attending_grants_the_qualification_once_and_taking_back_removes_it(hall):
    _section, one, trainer, places = hall
    with afterwards():
        for _ in range(2):
            assert tick(trainer, one, places[0], "came").status_code == 302
        (held,) = earned()
        assert held.person_id == places[0].person_id
        assert (held.issued_on, held.valid_until) == (date(2026, 6, 17), date(2028, 6, 17))
        assert held.verified_by == one.trainer_id
        tick(trainer, one, places[0], "undo")
        assert state_of(places[0]) is State.CONFIRMED
        assert earned() == []
        tick(trainer, one, places[0], "came")
        tick(trainer, one, places[0], "absent")
        assert state_of(places[0]) is State.ABSENT
        assert earned() == []


def test_who_checks_in_earns_the_qualification_once_the_session_has_ended(hall):
    _section, one, trainer, places = hall
    assert tick(trainer, one, places[0], "in").status_code == 302
    assert work(STARTS + 4 * b.HOUR - timedelta(seconds=1)) == 0
    assert earned() == []
    assert work(STARTS + 4 * b.HOUR) == 1
    assert work(STARTS + 4 * b.HOUR) == 0
    (held,) = earned()
    assert (held.person_id, held.issued_on) == (places[0].person_id, date(2026, 6, 17))
    assert held.verified_by == one.trainer_id
    with afterwards():
        tick(trainer, one, places[0], "undo")
        assert earned() == []


def test_who_is_taken_back_before_the_end_earns_nothing(hall):
    _section, one, trainer, places = hall
    tick(trainer, one, places[0], "in")
    tick(trainer, one, places[0], "undo")
    assert work(STARTS + 5 * b.HOUR) == 0
    assert earned() == []


def test_what_a_coordinator_removed_is_not_granted_again(hall):
    _section, one, trainer, places = hall
    tick(trainer, one, places[0], "in")
    assert work(STARTS + 5 * b.HOUR) == 1
    (held,) = session.scalars(select(Qualification).options(joinedload(Qualification.kind))).all()
    qualifications.remove(held, by=one.trainer_id, now=STARTS + 6 * b.HOUR, why="By mistake")
    session.commit()
    assert work(STARTS + 7 * b.HOUR) == 0
    assert earned() == []


def test_who_checked_in_alone_is_verified_by_the_trainer(hall):
    _section, one, _trainer, places = hall
    attendance.check_in(places[0], by=places[0].person_id, now=STARTS)
    session.commit()
    assert work(STARTS + 5 * b.HOUR) == 1
    assert earned()[0].verified_by == one.trainer_id


def test_two_workers_grant_once(app, hall):
    _section, _one, trainer, places = hall
    for place in places:
        tick(trainer, _one, place, "in")

    def one_worker(_number):
        with app.app_context(), unit():
            return grant_earned(STARTS + 5 * b.HOUR)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(one_worker, range(3)))
    assert len(earned()) == 2


def test_what_was_earned_opens_the_next_training(app, hall):
    section, one, trainer, places = hall
    with afterwards():
        tick(trainer, one, places[0], "came")
    (held,) = earned()
    needs = [b.a_need(kind_id=held.kind_id)]
    following = b.a_session(b.a_course(section), section, starts_at=STARTS + 7 * b.DAY, needs=needs)
    person = places[0].person_id
    client = b.signed_in(app, session.get_one(type(b.a_person(section)), person))
    assert client.post(f"/trainings/{following.id}/join").status_code == 303


def test_the_page_counts_and_has_a_button_for_each_person(hall):
    _section, one, trainer, places = hall
    tick(trainer, one, places[0], "in")
    page = trainer.get(f"/trainings/{one.id}/attendance").text
    assert "1 of 2 came, 1 not said yet" in page
    assert page.count('value="in"') == 1
    assert page.count('value="out"') == 1
    assert page.count('value="undo"') == 1
    assert 'href="tel:+970599123456"' in page
    assert '<bdi dir="ltr" class="text-nowrap">+970 599 123 456</bdi>' in page


def test_a_tap_gets_the_row_anew_and_the_count(hall):
    _section, one, trainer, places = hall
    answer = tick(trainer, one, places[0], "in", **{"HX-Request": "true"})
    assert answer.status_code == 200
    assert f'id="place-{places[0].id}"' in answer.text
    assert "1 of 2 came" in answer.text
    assert "<html" not in answer.text


def test_the_trainer_of_one_session_keeps_that_one_and_no_other(app, hall):
    section, one, trainer, _places = hall
    other = b.a_session(b.a_course(section), section, starts_at=STARTS)
    place = b.a_participation(other, b.a_person(section))
    assert trainer.get(f"/trainings/{one.id}").status_code == 200
    assert trainer.get(f"/trainings/{other.id}/attendance").status_code == 404
    assert tick(trainer, other, place, "in").status_code == 404
    assert tick(trainer, one, place, "in").status_code == 404
    assert state_of(place) is State.CONFIRMED
    assert trainer.get(f"/trainings/{one.id}/edit").status_code == 404


def test_members_cannot_tick_and_whoever_may_in_the_section_can(app, hall):
    section, one, _trainer, places = hall
    member = b.signed_in(app, b.a_person(section))
    assert member.get(f"/trainings/{one.id}/attendance").status_code == 404
    assert tick(member, one, places[0], "in").status_code == 404
    appointed = b.a_person(section)
    b.an_appointment(appointed, section, Role.TRAINER)
    assert tick(b.signed_in(app, appointed), one, places[0], "in").status_code == 302
    assert state_of(places[0]) is State.ATTENDED


def test_nobody_is_ticked_before_the_hour_before_the_start(hall):
    _section, one, trainer, places = hall
    with time_machine.travel(STARTS - timedelta(minutes=61), tick=False):
        refused = tick(trainer, one, places[0], "in")
        assert refused.status_code == 422
        assert "too early" in refused.text
        tapped = tick(trainer, one, places[0], "came", **{"HX-Request": "true"})
        assert (tapped.status_code, tapped.headers["HX-Refresh"]) == (422, "true")
    assert state_of(places[0]) is State.CONFIRMED


def test_only_who_has_a_place_can_be_ticked(hall):
    section, one, trainer, places = hall
    waiting = b.a_participation(
        one, b.a_person(section), State.WAITLISTED, need_id=places[0].need_id
    )
    assert tick(trainer, one, waiting, "in").status_code == 422
    assert state_of(waiting) is State.WAITLISTED


@pytest.mark.parametrize("said", ["", "maybe", "\x00", "yes"])
def test_an_odd_tick_is_refused(hall, said):
    _section, one, trainer, places = hall
    assert tick(trainer, one, places[0], said).status_code == 400
    for odd in (2**31, 2**70, 0):
        address = f"/trainings/{one.id}/attendance/{odd}"
        assert trainer.post(address, data={"said": "in"}).status_code == 404


def test_the_page_costs_the_same_for_one_and_for_thirty(hall):
    section, one, trainer, places = hall
    address = f"/trainings/{one.id}/attendance"

    def cost():
        with counted() as statements:
            assert trainer.get(address).status_code == 200
        return len(statements)

    cost()
    few = cost()
    for _ in range(30):
        b.a_participation(one, b.a_person(section), need_id=places[0].need_id)
    assert cost() == few <= 8
