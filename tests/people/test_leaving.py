"""Somebody ends their own membership: places become free, the sign-in ends."""

import pytest

from brigades import clock
from brigades.access import Role
from brigades.accounts import passwords
from brigades.audit import service as audit
from brigades.db import session
from brigades.people.models import Person, Standing
from brigades.schedule import leads
from brigades.schedule.models import Participation
from brigades.schedule.states import State
from tests.builders import (
    DAY,
    a_course,
    a_participation,
    a_person,
    a_section,
    a_session,
    a_shift,
    an_account,
    an_appointment,
    sign_in,
)

PASSWORD = "seven quiet lanterns"


@pytest.fixture
def rosa(app) -> Person:
    section = a_section()
    person = a_person(section, email="rosa@example.org")
    person.section = section
    return person


@pytest.fixture
def client(app, rosa):
    account = an_account(rosa, password_hash=passwords.hashed(PASSWORD))
    browser = app.test_client()
    sign_in(browser, account)
    return browser


def test_it_says_what_follows_and_opening_it_changes_nothing(client, rosa):
    assert "/profile/leave" in client.get("/profile").text
    page = client.get("/profile/leave")
    assert page.status_code == 200
    assert "becomes free for others" in page.text
    assert session.get_one(Person, rosa.id).standing is Standing.ACTIVE


def test_who_leaves_frees_their_places_and_cannot_sign_in_any_more(app, client, rosa):
    shift = a_shift(rosa.section, starts_at=clock.now() + 5 * DAY)
    place = a_participation(shift, rosa)
    gone = client.post("/profile/leave", data={"sure": "y", "why": "I move away"})
    assert gone.status_code == 303
    assert session.get_one(Person, rosa.id).standing is Standing.LEFT
    assert session.get_one(Participation, place.id).state is State.CANCELLED
    assert client.get("/profile").status_code == 302
    data = {"email": "rosa@example.org", "password": PASSWORD}
    assert app.test_client().post("/login", data=data).status_code == 422
    newest = audit.trail(person_id=rosa.id)
    assert ("standing", "left", "I move away", rosa.id) in [
        (entry.what, entry.became, entry.why, entry.by_id) for entry in newest
    ]


def test_what_they_lead_and_has_not_started_has_no_lead_any_more(client, rosa):
    now = clock.now()
    shift, course = (
        a_shift(rosa.section, starts_at=now + 5 * DAY, lead_id=rosa.id),
        a_course(rosa.section),
    )
    training = a_session(course, rosa.section, starts_at=now + 6 * DAY, trainer_id=rosa.id)
    past = a_shift(rosa.section, starts_at=now - 5 * DAY, lead_id=rosa.id)
    other = a_person(rosa.section)
    others = a_shift(rosa.section, starts_at=now + 5 * DAY, lead_id=other.id)
    assert client.post("/profile/leave", data={"sure": "y"}).status_code == 303
    session.expire_all()
    assert (shift.lead_id, training.trainer_id) == (None, None)
    assert (past.lead_id, others.lead_id) == (rosa.id, other.id)
    for slot in (shift, training):
        newest = audit.trail(slot_id=slot.id)[0]
        assert (newest.became, newest.why, newest.by_id) == ("edited", leads.LEFT, rosa.id)
    assert audit.trail(slot_id=others.id) == []


def test_it_must_be_meant_and_what_was_typed_stays(client, rosa):
    page = client.post("/profile/leave", data={"why": "I move away"})
    assert page.status_code == 422
    assert "I move away" in page.text
    assert session.get_one(Person, rosa.id).standing is Standing.ACTIVE


def test_a_sign_in_from_before_is_asked_for_the_password(client, rosa):
    with client.session_transaction() as cookie:
        cookie["_fresh"] = False
    assert client.get("/profile/leave").status_code == 302
    assert client.post("/profile/leave", data={"sure": "y"}).status_code == 403
    assert session.get_one(Person, rosa.id).standing is Standing.ACTIVE


def test_the_last_administrator_stays(client, rosa):
    an_appointment(rosa, rosa.section, Role.ADMINISTRATOR)
    page = client.post("/profile/leave", data={"sure": "y"})
    assert page.status_code == 422
    assert "last administrator" in page.text
    assert session.get_one(Person, rosa.id).standing is Standing.ACTIVE
