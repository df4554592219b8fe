"""Planning sessions: the form, publishing, copying, cancelling."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from sqlalchemy import func, select

from brigades.access import Role
from brigades.db import session
from brigades.outbox.models import Letter
from brigades.people import service as people
from brigades.people.models import Person, Standing
from brigades.schedule.models import Need, Participation, Status
from brigades.schedule.states import State
from brigades.trainings.models import Session
from tests import builders as b
from tests.support.statements import counted


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 5, 1, 12, tzinfo=UTC), tick=False):
        yield


def a_coordinator(section, home=None, role=Role.COORDINATOR):
    person = b.a_person(home or section)
    b.an_appointment(person, section, role)
    return person


def typed(course, section, **given):
    values = {
        "course": course.id,
        "section": section.id,
        "zone": section.zone,
        "starts": "2026-06-03T10:00",
        "ends": "2026-06-03T12:00",
        "signup": "open",
        "waitlist": "y",
        "place": "School hall",
    }
    return values | given


def only_session():
    return session.scalars(select(Session)).one()


def count(model):
    return session.scalar(select(func.count()).select_from(model))


def test_a_session_is_planned_as_a_draft_and_published(app):
    section = b.a_section()
    kind = b.a_kind("First aid")
    course = b.a_course(section, requires_id=kind.id)
    client = b.signed_in(app, a_coordinator(section))
    assert client.get("/trainings/new").status_code == 200
    sent = client.post("/trainings/new", data=typed(course, section, least=2, most=5))
    assert sent.status_code == 302
    one = only_session()
    need = session.scalars(select(Need)).one()
    assert (one.title, one.status) == (course.title, Status.DRAFT)
    assert (need.least, need.most, need.kind_id) == (2, 5, kind.id)
    member = b.signed_in(app, b.a_person(section))
    assert member.get(f"/trainings/{one.id}").status_code == 404
    assert client.post(f"/trainings/{one.id}/publish").status_code == 302
    assert member.get(f"/trainings/{one.id}").status_code == 200
    assert member.post(f"/trainings/{one.id}/publish").status_code == 404


@pytest.mark.parametrize(
    ("most", "kept"), [("", None), ("0", 0), ("12", 12), ("-1", "error"), ("abc", "error")]
)
def test_places_blank_are_unlimited_zero_is_none_and_anything_odd_is_an_error(app, most, kept):
    # CAP-03
    section = b.a_section()
    course = b.a_course(section)
    client = b.signed_in(app, a_coordinator(section))
    sent = client.post("/trainings/new", data=typed(course, section, most=most))
    if kept == "error":
        assert sent.status_code == 422
        assert 'id="most-error"' in sent.text
        assert f'value="{most}"' in sent.text
        assert 'value="School hall"' in sent.text
        assert count(Session) == 0
    else:
        assert sent.status_code == 302
        assert session.scalars(select(Need.most)).one() == kept


@pytest.mark.parametrize(
    "odd",
    [
        {"course": "99999999999999999999"},
        {"course": ""},
        {"section": "abc"},
        {"zone": "Mars/Olympus"},
        {"zone": ""},
        {"starts": "soon"},
        {"starts": ""},
        {"ends": "2026-06-03T09:00"},
        {"starts": "0001-01-01T00:00"},
        {"most": "99999999999999999999"},
        {"least": "7", "most": "5"},
        {"title": "a\x00b"},
        {"title": "x" * 201},
        {"online_url": "javascript:alert(1)"},
        {"trainer": "99999999999999999999"},
        {"trainer": "abc"},
        {"trainer_email": "nobody@example.org"},
        {"signup_until": "2026-06-04"},
        {"signup": "whatever"},
        {"starts_fold": "abc"},
        {"ends_fold": "2"},
    ],
)
def test_odd_input_changes_nothing_and_keeps_what_was_typed(app, odd):
    section = b.a_section()
    course = b.a_course(section)
    client = b.signed_in(app, a_coordinator(section))
    sent = client.post("/trainings/new", data=typed(course, section) | odd)
    assert sent.status_code == 422
    assert 'value="School hall"' in sent.text
    assert "br-error" in sent.text
    assert count(Session) == 0


def test_a_section_out_of_scope_cannot_be_chosen(app):
    section, other = b.a_section(), b.a_section()
    course = b.a_course(section)
    client = b.signed_in(app, a_coordinator(section))
    sent = client.post("/trainings/new", data=typed(course, other))
    assert sent.status_code == 422
    theirs = b.a_course(other)
    assert client.post("/trainings/new", data=typed(theirs, section)).status_code == 422
    assert count(Session) == 0


def test_times_are_those_of_the_place_and_stay_so_when_saved_unchanged(app):
    # TIME-08
    west = b.a_section(zone="America/Los_Angeles")
    section = b.a_section(zone="America/Denver")
    course = b.a_course(section)
    client = b.signed_in(app, a_coordinator(section, home=west))
    client.post("/trainings/new", data=typed(course, section, zone="America/Denver"))
    one = only_session()
    instant = datetime(2026, 6, 3, 16, tzinfo=UTC)
    assert one.starts_at == instant
    page = client.get(f"/trainings/{one.id}").text
    assert ">10:00</time>" in page
    assert "Denver (UTC-6)" in page
    assert "on your clock" in page
    assert ">09:00</time>" in page
    assert "Los Angeles (UTC-7)" in page
    client.post(f"/trainings/{one.id}/publish")
    listed = b.signed_in(app, b.a_person(section)).get("/trainings").text
    assert ">10:00</time>" in listed
    assert "Denver (UTC-6)" in listed
    form = client.get(f"/trainings/{one.id}/edit").text
    assert 'value="2026-06-03T10:00"' in form
    same = typed(course, section, zone="America/Denver")
    assert client.post(f"/trainings/{one.id}/edit", data=same).status_code == 302
    assert only_session().starts_at == instant


def test_everybody_with_a_place_hears_once_that_it_moved(app):
    # REM-03
    section = b.a_section()
    course = b.a_course(section)
    starts = datetime(2026, 6, 10, 15, tzinfo=UTC)
    one = b.a_session(course, section, starts_at=starts, hours=2)
    two = [b.a_person(section), b.a_person(section)]
    for person in two:
        b.a_participation(one, person)
    coordinator = a_coordinator(section)
    moved = typed(course, section, starts="2026-06-10T13:00", ends="2026-06-10T15:00", place="")
    with time_machine.travel(datetime(2026, 6, 10, 10, 10, tzinfo=UTC), tick=False):
        client = b.signed_in(app, coordinator)
        for _ in range(2):  # pressed twice
            assert client.post(f"/trainings/{one.id}/edit", data=moved).status_code == 302
    assert only_session().starts_at == datetime(2026, 6, 10, 11, tzinfo=UTC)
    told = session.execute(select(Letter.to_address, Letter.name).order_by(Letter.id)).all()
    assert [tuple(row) for row in told] == [(person.email, "slot-moved") for person in two]


def test_added_places_go_to_who_waits_and_held_ones_cannot_be_taken_away(app):
    section = b.a_section()
    course = b.a_course(section)
    one = b.a_session(course, section, needs=[b.a_need(most=2)])
    for _ in range(2):
        b.a_participation(one, b.a_person(section))
    b.a_participation(one, b.a_person(section), State.WAITLISTED)
    client = b.signed_in(app, a_coordinator(section))
    same = {"starts": "2026-06-17T14:00", "ends": "2026-06-17T18:00", "place": ""}
    fewer = client.post(f"/trainings/{one.id}/edit", data=typed(course, section, most=1, **same))
    assert fewer.status_code == 422
    assert "2 people hold a place already" in fewer.text
    assert session.scalars(select(Need.most)).one() == 2
    client.post(f"/trainings/{one.id}/edit", data=typed(course, section, most=3, **same))
    states = select(Participation.state).order_by(Participation.id)
    assert list(session.scalars(states)) == [State.CONFIRMED, State.CONFIRMED, State.OFFERED]


def test_a_copy_keeps_the_time_of_day_over_a_change_of_clocks_and_takes_nobody_along(app):
    section = b.a_section()
    one = b.a_session(
        b.a_course(section),
        section,
        starts_at=datetime(2026, 10, 23, 16, tzinfo=UTC),
        signup_until=date(2026, 10, 20),
        needs=[b.a_need(least=1, most=4)],
    )
    b.a_participation(one, b.a_person(section))
    client = b.signed_in(app, a_coordinator(section))
    assert 'value="2026-10-30"' in client.get(f"/trainings/{one.id}/duplicate").text
    sent = client.post(f"/trainings/{one.id}/duplicate", data={"on": "2026-10-30"})
    assert sent.status_code == 302
    copy = session.scalars(select(Session).where(Session.id != one.id)).one()
    assert copy.starts_at == datetime(2026, 10, 30, 17, tzinfo=UTC)
    assert copy.starts_local == datetime(2026, 10, 30, 18)
    assert copy.signup_until == date(2026, 10, 27)
    assert (copy.status, copy.sequence) == (Status.DRAFT, 0)
    assert count(Participation) == 1
    for odd in ("", "soon", "9999-12-31", "2026-02-30"):
        sent = client.post(f"/trainings/{one.id}/duplicate", data={"on": odd})
        assert sent.status_code == 422
    assert count(Session) == 2
    twice = client.post(f"/trainings/{one.id}/duplicate", data={"on": "2026-10-30"})
    assert twice.status_code == 422 and "of this title and time already" in twice.text
    assert count(Session) == 2
    meant = {"on": "2026-10-30", "twin": "y"}
    assert client.post(f"/trainings/{one.id}/duplicate", data=meant).status_code == 302
    assert count(Session) == 3


def test_a_copy_into_the_hour_that_does_not_exist_is_refused(app):
    section = b.a_section()
    starts = datetime(2027, 3, 21, 1, 30, tzinfo=UTC)
    one = b.a_session(b.a_course(section), section, starts_at=starts)
    client = b.signed_in(app, a_coordinator(section))
    sent = client.post(f"/trainings/{one.id}/duplicate", data={"on": "2027-03-28"})
    assert sent.status_code == 422
    assert "does not exist" in sent.text
    assert count(Session) == 1


def test_cancelling_asks_for_a_reason_and_tells_everybody_once(app):
    section = b.a_section()
    one = b.a_session(b.a_course(section), section)
    for state in (State.CONFIRMED, State.WAITLISTED, State.WITHDRAWN):
        b.a_participation(one, b.a_person(section), state)
    client = b.signed_in(app, a_coordinator(section))
    assert "2 people" in client.get(f"/trainings/{one.id}/cancel").text
    assert client.post(f"/trainings/{one.id}/cancel", data={"why": " "}).status_code == 422
    assert only_session().status is Status.PUBLISHED
    sent = client.post(f"/trainings/{one.id}/cancel", data={"why": "The hall is flooded"})
    assert sent.status_code == 302
    assert only_session().status is Status.CANCELLED
    assert session.scalars(select(Letter.name)).all() == ["slot-cancelled"] * 2
    assert client.post(f"/trainings/{one.id}/cancel", data={"why": "again"}).status_code == 404
    assert client.get(f"/trainings/{one.id}/edit").status_code == 404
    page = client.get(f"/trainings/{one.id}").text
    assert "was cancelled" in page
    assert "The hall is flooded" in page


def test_whoever_plans_finds_drafts_past_and_cancelled_sessions(app):
    section, other = b.a_section(), b.a_section()
    course = b.a_course(section)
    past = datetime(2026, 4, 1, 8, tzinfo=UTC)
    b.a_session(course, section, title="Draft one", status=Status.DRAFT)
    b.a_session(course, section, title="Cancelled one", status=Status.CANCELLED)
    b.a_session(course, section, title="Past one", starts_at=past)
    b.a_session(course, section, title="Open one")
    b.a_session(b.a_course(other), other, title="Draft elsewhere", status=Status.DRAFT)
    client = b.signed_in(app, a_coordinator(section))
    titles = ("Draft one", "Cancelled one", "Past one", "Open one", "Draft elsewhere")
    shown = {
        state: [title for title in titles if title in client.get(f"/trainings?state={state}").text]
        for state in ("", "draft", "cancelled", "past")
    }
    assert shown == {
        "": ["Open one"],
        "draft": ["Draft one"],
        "cancelled": ["Cancelled one"],
        "past": ["Past one"],
    }


def test_the_list_is_narrowed_by_words_section_and_course(app):
    body = b.a_section()
    section = b.a_section(body)
    first, second = b.a_course(body, title="First aid"), b.a_course(section, title="Concrete")
    b.a_session(first, body, title="Alpha", place="Hall 50%")
    b.a_session(second, section, title="Beta")
    client = b.signed_in(app, b.a_person(section))

    def found(query):
        text = client.get(f"/trainings?{query}").text
        return [title for title in ("Alpha", "Beta") if f"<bdi>{title}</bdi>" in text]

    assert found("") == ["Alpha", "Beta"]
    assert found("q=first") == ["Alpha"]
    assert found("q=50%25") == ["Alpha"]
    assert found("q=%25") == ["Alpha"]
    assert found(f"section={section.id}") == ["Beta"]
    assert found(f"course={first.id}") == ["Alpha"]


def test_a_trainer_is_appointed_or_known_in_the_scope(app):
    section, other = b.a_section(), b.a_section()
    course = b.a_course(section)
    appointed, member, stranger = b.a_person(other), b.a_person(section), b.a_person(other)
    b.an_appointment(appointed, section, Role.TRAINER)
    client = b.signed_in(app, a_coordinator(section))
    assert appointed.name in client.get("/trainings/new").text
    for person, code in ((appointed, 302), (member, 302), (stranger, 422)):
        sent = client.post("/trainings/new", data=typed(course, section, trainer=person.id))
        assert sent.status_code == code
        by_mail = typed(course, section, trainer_email=(person.email or "").upper())
        assert client.post("/trainings/new", data=by_mail).status_code == code
    chosen = select(Session.trainer_id).order_by(Session.id)
    assert list(session.scalars(chosen)) == [appointed.id] * 2 + [member.id] * 2


def test_a_form_that_was_open_while_its_trainer_left_does_not_put_them_back(app):
    section = b.a_section()
    course, trainer, boss = b.a_course(section), b.a_person(section), a_coordinator(section)
    one = b.a_session(course, section, trainer_id=trainer.id)
    client, address = b.signed_in(app, boss), f"/trainings/{one.id}/edit"
    shown = f'name="trainer_was" type="hidden" value="{trainer.id}"'
    assert shown in client.get(address).text
    people.set_standing(
        session.get_one(Person, trainer.id), Standing.LEFT, by=boss.id, now=b.NOON, why=""
    )
    session.commit()
    sent = typed(course, section, trainer=trainer.id, trainer_was=trainer.id)
    assert client.post(address, data=sent).status_code == 302
    assert session.get_one(Session, one.id).trainer_id is None
    # Whoever trains by now stays, unless somebody says so.
    session.get_one(Session, one.id).trainer_id = boss.id
    session.commit()
    assert client.post(address, data=sent).status_code == 302
    assert session.get_one(Session, one.id).trainer_id == boss.id
    nobody = sent | {"trainer": "", "trainer_was": boss.id}
    assert client.post(address, data=nobody).status_code == 302
    assert session.get_one(Session, one.id).trainer_id is None


def test_members_and_trainers_cannot_plan(app):
    section = b.a_section()
    course = b.a_course(section)
    one = b.a_session(course, section)
    for person in (b.a_person(section), a_coordinator(section, role=Role.TRAINER)):
        client = b.signed_in(app, person)
        for address in ("new", f"{one.id}/edit", f"{one.id}/duplicate", f"{one.id}/cancel"):
            assert client.get(f"/trainings/{address}").status_code == 404
            sent = client.post(f"/trainings/{address}", data=typed(course, section, why="x"))
            assert sent.status_code == 404
    assert only_session().status is Status.PUBLISHED


def test_the_form_costs_the_same_for_one_and_for_thirty(app):
    section = b.a_section()
    course = b.a_course(section)
    one = b.a_session(course, section)
    client = b.signed_in(app, a_coordinator(section))

    def cost():
        with counted() as statements:
            assert client.get(f"/trainings/{one.id}/edit").status_code == 200
        return len(statements)

    cost()
    few = cost()
    for _ in range(30):
        b.a_course(section)
        b.a_section(section)
        b.an_appointment(b.a_person(section), section, Role.TRAINER)
    assert cost() == few <= 8
