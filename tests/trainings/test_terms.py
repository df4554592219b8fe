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


def test_a_session_in_the_past_is_published_only_by_whoever_means_it(app):
    section = b.a_section()
    client = b.signed_in(app, a_coordinator(section))
    past = {"starts": "2026-04-03T10:00", "ends": "2026-04-03T12:00"}
    sent = typed(b.a_course(section), section, **past)
    saved = client.get(client.post("/trainings/new", data=sent).location)
    assert "in the past" in saved.text
    one = only_session()
    assert client.post(f"/trainings/{one.id}/publish").status_code == 422
    assert only_session().status is Status.DRAFT
    assert client.post(f"/trainings/{one.id}/publish", data={"sure": "y"}).status_code == 302
    assert only_session().status is Status.PUBLISHED
