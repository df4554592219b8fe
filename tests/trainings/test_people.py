"""The people of a session: shown to its staff, added by search, taken off."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from brigades.access import Role
from brigades.db import session
from brigades.outbox.models import Letter
from brigades.people.models import Standing
from brigades.schedule.models import Participation
from brigades.schedule.states import State
from tests import builders as b
from tests.support.statements import counted


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(b.NOON, tick=False):
        yield


@pytest.fixture
def planned(app):
    """A section, its session with two places, and its coordinator's client."""
    section = b.a_section()
    one = b.a_session(b.a_course(section), section, needs=[b.a_need(most=2)])
    coordinator = b.a_person(section, given_name="Cora")
    b.an_appointment(coordinator, section, Role.COORDINATOR)
    return section, one, b.signed_in(app, coordinator)


def states():
    found = session.execute(
        select(Participation.person_id, Participation.state).order_by(Participation.id)
    )
    return {person_id: state.value for person_id, state in found}


def test_staff_see_names_phones_and_states_and_members_do_not(app, planned):
    section, one, coordinator = planned
    b.a_participation(one, b.a_person(section, given_name="Zoë", phone="+970599123456"))
    page = coordinator.get(f"/trainings/{one.id}").text
    assert "Zoë" in page
    assert 'href="tel:+970599123456"' in page
    member = b.signed_in(app, b.a_person(section)).get(f"/trainings/{one.id}").text
    assert "Zoë" not in member
    assert "+970599123456" not in member


def test_somebody_is_found_offered_a_place_and_confirmed_at_once_where_they_agreed(planned):
    section, one, coordinator = planned
    asked = b.a_person(section, given_name="Ña", family_name="O'Hara")
    agreed = b.a_person(section, given_name="Other")
    page = coordinator.get(f"/trainings/{one.id}/add?q=na o'har").text
    assert "O&#39;Hara" in page
    assert "1 person found" in page
    add = f"/trainings/{one.id}/add"
    assert coordinator.post(add, data={"person": asked.id}).status_code == 302
    coordinator.post(add, data={"person": agreed.id, "agreed": "1"})
    assert states() == {asked.id: "offered", agreed.id: "confirmed"}
    third = b.a_person(section)
    coordinator.post(add, data={"person": third.id, "agreed": "1"})
    assert states()[third.id] == "waitlisted"


def test_why_somebody_cannot_be_added_stands_beside_them_and_again_when_tried(planned):
    section, one, coordinator = planned
    busy = b.a_person(section, given_name="Busy")
    away = b.a_person(section, given_name="Away", standing=Standing.ON_LEAVE)
    other = b.a_shift(section, title="Night pour", starts_at=one.starts_at)
    b.a_participation(other, busy)
    page = coordinator.get(f"/trainings/{one.id}/add?q=busy").text
    assert "Overlaps Night pour" in page
    assert 'name="agreed"' not in page
    for person, words in ((busy, "Overlaps Night pour"), (away, "on leave")):
        sent = coordinator.post(f"/trainings/{one.id}/add", data={"person": person.id})
        assert sent.status_code == 422
        assert words in sent.text
    assert states() == {busy.id: "confirmed"}


def test_a_coordinator_is_told_the_day_on_which_a_certificate_expires(planned):
    # QUAL-01
    section, _one, coordinator = planned
    kind = b.a_kind("First aid")
    needs = [b.a_need(kind_id=kind.id)]
    starts = datetime(2026, 6, 12, 8, tzinfo=UTC)
    one = b.a_session(b.a_course(section), section, starts_at=starts, needs=needs)
    person = b.a_person(section, given_name="Lapsing")
    b.a_qualification(person, kind, valid_until=date(2026, 6, 11))
    page = coordinator.get(f"/trainings/{one.id}/add?q=lapsing").text
    assert "11 Jun 2026" in page
    sent = coordinator.post(f"/trainings/{one.id}/add", data={"person": person.id, "agreed": "1"})
    assert sent.status_code == 422
    assert "11 Jun 2026" in sent.text
    assert states() == {}


def test_a_warning_is_overruled_with_a_reason_that_stays(planned):
    section, one, coordinator = planned
    tired = b.a_person(section, given_name="Tired")
    ends = one.starts_at - timedelta(hours=3)
    b.a_participation(b.a_shift(section, ends_at=ends, starts_at=ends - b.HOUR), tired)
    add = f"/trainings/{one.id}/add"
    assert "Why make an exception?" in coordinator.get(f"{add}?q=tired").text
    assert coordinator.post(add, data={"person": tired.id}).status_code == 422
    why = {"person": tired.id, "agreed": "1", "why": "Lives next door"}
    assert coordinator.post(add, data=why).status_code == 302
    assert "Lives next door" in coordinator.get(f"/trainings/{one.id}").text


def test_people_of_other_sections_are_neither_found_nor_added(planned):
    _section, one, coordinator = planned
    stranger = b.a_person(b.a_section(), given_name="Stranger")
    assert "Nobody found" in coordinator.get(f"/trainings/{one.id}/add?q=stranger").text
    for odd in (stranger.id, "abc", "", "99999999999999999999"):
        sent = coordinator.post(f"/trainings/{one.id}/add", data={"person": odd})
        assert sent.status_code == 404
    assert states() == {}


def test_taking_somebody_off_tells_them_and_offers_the_place_on(planned):
    section, one, coordinator = planned
    off, waiting = b.a_person(section), b.a_person(section)
    place = b.a_participation(one, off)
    b.a_participation(one, b.a_person(section))
    b.a_participation(one, waiting, State.WAITLISTED)
    address = f"/trainings/{one.id}/places/{place.id}/remove"
    assert off.name in coordinator.get(address).text
    assert states()[off.id] == "confirmed"
    assert coordinator.post(address, data={"reason": "Double"}).status_code == 303
    assert (states()[off.id], states()[waiting.id]) == ("cancelled", "offered")
    told = session.execute(select(Letter.to_address, Letter.name).order_by(Letter.id)).all()
    assert [tuple(row) for row in told] == [
        (off.email, "place-removed"),
        (waiting.email, "place-free"),
    ]
    assert coordinator.post(address, data={"reason": "again"}).status_code == 303


def test_a_place_of_another_session_cannot_be_named(planned):
    _section, one, coordinator = planned
    elsewhere = b.a_section()
    other = b.a_session(b.a_course(elsewhere), elsewhere)
    place = b.a_participation(other, b.a_person(elsewhere))
    for address in (
        f"/trainings/{one.id}/places/{place.id}/remove",
        f"/trainings/{other.id}/places/{place.id}/remove",
        f"/trainings/{one.id}/places/{2**31}/remove",
    ):
        assert coordinator.get(address).status_code == 404
        assert coordinator.post(address, data={"why": "x"}).status_code == 404
    assert list(states().values()) == ["confirmed"]


def test_searching_costs_the_same_for_one_and_for_twenty(planned):
    section, one, coordinator = planned
    b.a_person(section, given_name="Many")

    def cost():
        with counted() as statements:
            assert coordinator.get(f"/trainings/{one.id}/add?q=many").status_code == 200
        return len(statements)

    cost()
    few = cost()
    for _ in range(25):
        b.a_person(section, given_name="Many")
    assert cost() == few <= 8
