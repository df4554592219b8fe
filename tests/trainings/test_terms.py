"""Terms of a training session are those of every slot."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import select

from brigades.db import session
from brigades.schedule.models import SignUp, SlotPaper, Status
from brigades.trainings.models import Session
from tests import builders as b
from tests.trainings.test_planning import a_coordinator, typed


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 5, 1, 12, tzinfo=UTC), tick=False):
        yield


def only_session() -> Session:
    session.expire_all()
    return session.scalars(select(Session)).one()


def test_a_session_asks_for_age_and_papers_and_says_so(app):
    section, aid = b.a_section(), b.a_kind("First aid")
    client = b.signed_in(app, a_coordinator(section))
    terms = {
        "min_age": "16",
        "meet_before": "15",
        "signup": "request",
        "papers": [aid.id],
        "swaps_asked": "y",
    }
    sent = typed(b.a_course(section), section, **terms)
    assert client.post("/trainings/new", data=sent).status_code == 302
    one = only_session()
    assert (one.min_age, one.meet_before, one.signup) == (16, 15, SignUp.REQUEST)
    assert session.scalars(select(SlotPaper.kind_id)).all() == [aid.id]
    client.post(f"/trainings/{one.id}/publish")
    page = b.signed_in(app, b.a_person(section)).get(f"/trainings/{one.id}").text
    assert "From the age of 16 on" in page
    assert "Everybody needs: First aid" in page
    assert "09:45" in page
    form = client.get(f"/trainings/{one.id}/edit").text
    assert 'value="16"' in form
    assert client.post(f"/trainings/{one.id}/edit", data=sent | {"papers": []}).status_code == 302
    assert session.scalars(select(SlotPaper.kind_id)).all() == []


def test_a_session_in_the_past_is_a_draft_and_stays_one(app):
    section = b.a_section()
    client = b.signed_in(app, a_coordinator(section))
    past = {"starts": "2026-04-03T10:00", "ends": "2026-04-03T12:00"}
    sent = typed(b.a_course(section), section, **past)
    saved = client.get(client.post("/trainings/new", data=sent).location)
    assert "in the past" in saved.text
    one = only_session()
    for sent in ({}, {"sure": "y"}):
        refused = client.post(f"/trainings/{one.id}/publish", data=sent)
        assert refused.status_code == 422 and "Its start is in the past" in refused.text
        assert only_session().status is Status.DRAFT


def test_a_session_in_a_year_that_is_hardly_meant_is_saved_with_the_tick(app):
    section = b.a_section()
    client = b.signed_in(app, a_coordinator(section))
    far = {"starts": "2062-04-03T10:00", "ends": "2062-04-03T12:00"}
    sent = typed(b.a_course(section), section, **far)
    asked = client.post("/trainings/new", data=sent)
    assert asked.status_code == 422 and "The start is years away" in asked.text
    assert session.scalars(select(Session)).all() == []
    assert client.post("/trainings/new", data=sent | {"sure": "y"}).status_code == 302
    moved = sent | {"ends": "2062-04-03T13:00"}
    assert client.post(f"/trainings/{only_session().id}/edit", data=moved).status_code == 422
