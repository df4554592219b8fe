"""The coordinator's list of places in question: what, why, where to act; as a file too."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from brigades.access import Role
from brigades.db import session, unit
from brigades.outbox.delivery.delivering import deliver
from brigades.people.models import Person, Standing
from brigades.reminders.service import collect
from brigades.schedule.models import Participation
from brigades.schedule.states import State
from tests.builders import (
    DAY,
    NOON,
    a_course,
    a_kind,
    a_need,
    a_participation,
    a_person,
    a_section,
    a_session,
    a_shift,
    an_appointment,
    signed_in,
)
from tests.support.statements import counted

START = NOON + 7 * DAY


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def section(app: Any) -> Any:
    return a_section()


def the_coordinator(app: Any, section: Any) -> Any:
    boss = a_person(section)
    an_appointment(boss, section, Role.COORDINATOR)
    return signed_in(app, boss)


def in_question(section: Any, name: str = "Vera", **given: Any) -> Participation:
    """A place of somebody who lacks what it asks for."""
    kind = a_kind("First aid")
    shift = a_shift(section, needs=[a_need(kind_id=kind.id)], **{"starts_at": START} | given)
    person = a_person(section, given_name=name, phone="+4915112345678")
    return a_participation(shift, person, against="qualification-missing")


def test_it_says_who_where_and_why_as_judged_now(app: Any, section: Any) -> None:
    place = in_question(section, title="Night watch")
    client = the_coordinator(app, section)
    page = client.get("/places/in-question").text
    assert "Vera" in page and "Night watch" in page
    assert "This place asks for: First aid." in page
    assert f"/shifts/{place.slot_id}/board#need-{place.need_id}" in page
    assert "1 place is in question" in client.get("/").text


def test_what_holds_again_says_so_until_the_night(app: Any, section: Any) -> None:
    shift = a_shift(section, starts_at=START)
    a_participation(shift, a_person(section), against="on-leave")
    page = the_coordinator(app, section).get("/places/in-question").text
    assert "Nothing any more. It leaves this list tonight." in page


def test_an_empty_list_says_what_it_is_for(app: Any, section: Any) -> None:
    client = the_coordinator(app, section)
    a_participation(a_shift(section, starts_at=START), a_person(section))
    assert "No place is in question" in client.get("/places/in-question").text
    assert "is in question" not in client.get("/").text.replace("No place is in question", "")
    filtered = client.get("/places/in-question?reason=overlap").text
    assert "No place in question fits these filters" in filtered


def test_only_what_one_runs_and_what_is_to_come(app: Any, section: Any) -> None:  # AUTHZ-01
    in_question(a_section(), "Stranger")
    in_question(section, "Pasty", starts_at=NOON - DAY)
    gone = in_question(section, "Gone")
    gone.state = State.WITHDRAWN
    training = a_session(a_course(section), section, starts_at=START, title="Ropes")
    learner = a_person(section, given_name="Leonie", standing=Standing.ON_LEAVE)
    a_participation(training, learner, against="on-leave")
    client = the_coordinator(app, section)
    page = client.get("/places/in-question").text
    assert "Leonie" in page and f"/trainings/{training.id}" in page
    for name in ("Stranger", "Pasty", "Gone"):
        assert name not in page
        assert name not in client.get("/places/in-question.csv").text
    volunteer = signed_in(app, a_person(section))
    for ending in ("", ".csv", ".xlsx"):
        assert volunteer.get(f"/places/in-question{ending}").status_code == 404


def test_filters_and_odd_ones(app: Any, section: Any) -> None:
    child = a_section(section)
    in_question(section, "Hereward")
    other = in_question(child, "Thea")
    other.against = "on-leave,qualification-missing"
    session.get_one(Person, other.person_id).standing = Standing.ON_LEAVE
    client = the_coordinator(app, section)
    by_section = client.get(f"/places/in-question?section={child.id}").text
    by_reason = client.get("/places/in-question?reason=on-leave").text
    for page in (by_section, by_reason):
        assert "Thea" in page and "Hereward" not in page
    for odd in ("section=abc", "section=99999999999999", "reason=full", "reason=%25", "page=abc"):
        page = client.get(f"/places/in-question?{odd}")
        assert page.status_code == 200
        assert "Hereward" in page.text


def test_the_files_say_the_same(app: Any, section: Any) -> None:  # EXP-01
    in_question(section, "=1+1", title="Night watch")
    client = the_coordinator(app, section)
    table = client.get("/places/in-question.csv?reason=qualification-missing")
    assert table.status_code == 200
    assert "'=1+1" in table.text and "Night watch" in table.text
    assert "This place asks for: First aid." in table.text
    assert "+4915112345678" in table.text
    assert client.get("/places/in-question.csv?reason=overlap").text.count("\n") == 1
    assert client.get("/places/in-question.xlsx").data.startswith(b"PK")


def test_pages_are_whole_and_cost_the_same(app: Any, section: Any) -> None:  # DB-05
    client = the_coordinator(app, section)
    in_question(section, "P0")
    with counted() as few:
        assert client.get("/places/in-question").status_code == 200
    kind = a_kind()
    shift = a_shift(section, starts_at=START, needs=[a_need(kind_id=kind.id)])
    for number in range(1, 61):
        person = a_person(section, given_name=f"P{number}x")
        a_participation(shift, person, against="qualification-missing")
    with counted() as many:
        first = client.get("/places/in-question").text
    second = client.get("/places/in-question?page=2").text
    assert len(few) == len(many) <= 8
    for number in range(1, 61):
        assert (f"P{number}x" in first) != (f"P{number}x" in second)


def test_the_daily_mail_counts_them(app: Any, section: Any, mail: Any) -> None:
    boss = a_person(section)
    an_appointment(boss, section, Role.COORDINATOR)
    address = boss.email
    in_question(section)
    session.commit()
    with unit():
        collect(NOON)
    deliver(NOON)
    got = next(one for one in mail.to(address) if "need" in one.subject)
    assert "1 place is in question." in got.text
    assert "http://localhost/places/in-question" in got.text
