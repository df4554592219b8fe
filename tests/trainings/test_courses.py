"""Courses: made, changed, archived by whoever plans trainings."""

from collections.abc import Iterator

import pytest
import time_machine
from sqlalchemy import select

from brigades.access import Role
from brigades.db import session
from brigades.schedule.models import Need
from brigades.trainings.models import Course
from tests import builders as b
from tests.support.statements import counted


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(b.NOON, tick=False):
        yield


@pytest.fixture
def planner(app):
    """A section and the client of somebody who plans its trainings."""
    section = b.a_section()
    person = b.a_person(section)
    b.an_appointment(person, section, Role.ORGANIZER)
    return section, b.signed_in(app, person)


def test_a_course_is_made_changed_and_archived(planner):
    section, client = planner
    kind = b.a_kind("First aid")
    assert client.get("/trainings/courses").status_code == 200
    data = {"title": "First aid", "section": section.id, "grants": kind.id, "requires": ""}
    assert client.post("/trainings/courses/new", data=data).status_code == 302
    course = session.scalars(select(Course)).one()
    assert (course.grants_id, course.requires_id) == (kind.id, None)
    edit = f"/trainings/courses/{course.id}"
    assert 'value="First aid"' in client.get(edit).text
    client.post(edit, data=data | {"title": "First aid, two days"})
    assert "First aid, two days" in client.get("/trainings/courses").text
    client.post(f"{edit}/archive", data={"archived": "1"})
    assert "two days" not in client.get("/trainings/courses").text
    assert "two days" not in client.get("/trainings/new").text
    assert "two days" in client.get("/trainings/courses?archived=1").text
    client.post(f"{edit}/archive", data={"archived": "0"})
    assert "two days" in client.get("/trainings/courses?q=two").text


def test_what_a_course_asks_for_follows_into_sessions_that_have_not_started(planner):
    section, client = planner
    kind = b.a_kind()
    course = b.a_course(section)
    b.a_session(course, section, starts_at=b.NOON - b.DAY)
    b.a_session(course, section)
    data = {"title": course.title, "section": section.id, "grants": "", "requires": kind.id}
    client.post(f"/trainings/courses/{course.id}", data=data)
    assert list(session.scalars(select(Need.kind_id).order_by(Need.id))) == [None, kind.id]


@pytest.mark.parametrize(
    "odd",
    [{"title": ""}, {"title": "a\x00"}, {"section": "0"}, {"grants": "99999999999999999999"}],
)
def test_odd_input_changes_nothing(planner, odd):
    section, client = planner
    data = {"title": "Kept", "section": section.id, "grants": "", "requires": "", "about": "Words"}
    sent = client.post("/trainings/courses/new", data=data | odd)
    assert sent.status_code == 422
    assert "Words" in sent.text
    assert session.scalars(select(Course)).all() == []


def test_courses_elsewhere_are_out_of_reach(app, planner):
    section, client = planner
    other = b.a_section()
    theirs = b.a_course(other, title="Elsewhere")
    assert "Elsewhere" not in client.get("/trainings/courses").text
    for course_id in (theirs.id, 2**31, 2**70):
        assert client.get(f"/trainings/courses/{course_id}").status_code == 404
        assert client.post(f"/trainings/courses/{course_id}/archive").status_code == 404
    data = {"title": "Mine", "section": other.id, "grants": "", "requires": ""}
    assert client.post("/trainings/courses/new", data=data).status_code == 422
    member = b.signed_in(app, b.a_person(section))
    assert member.get("/trainings/courses").status_code == 404


def test_the_list_costs_the_same_for_one_and_for_thirty(planner):
    section, client = planner
    b.a_course(section)

    def cost():
        with counted() as statements:
            assert client.get("/trainings/courses").status_code == 200
        return len(statements)

    cost()
    few = cost()
    for _ in range(30):
        b.a_session(b.a_course(section), section)
    assert cost() == few <= 8
