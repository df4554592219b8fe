"""Enrolling, waiting, leaving and answering, on the page as people do it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from brigades.access import Role
from brigades.clock import HOUR
from brigades.db import session
from brigades.outbox.models import Letter
from brigades.people import service as people
from brigades.people.models import Standing
from brigades.schedule.models import Participation, Status
from brigades.schedule.states import HOLDING, State
from tests import builders as b
from tests.support.statements import counted


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(b.NOON, tick=False):
        yield


def a_training(section, most=None, **given):
    need = {key: given.pop(key) for key in ("kind_id", "least") if key in given}
    course = given.pop("course", None) or b.a_course(section)
    return b.a_session(course, section, needs=[b.a_need(most=most, **need)], **given)


def states(one):
    found = session.scalars(
        select(Participation.state)
        .where(Participation.slot_id == one.id)
        .order_by(Participation.id)
    )
    return [state.value for state in found]


def letters(*names):
    query = select(Letter.to_address, Letter.name).order_by(Letter.id)
    return [(to, name) for to, name in session.execute(query) if not names or name in names]


def test_a_place_is_taken_and_given_up_on_the_page(app):
    section = b.a_section()
    one = a_training(section, most=2)
    client = b.signed_in(app, b.a_person(section))
    page = client.get(f"/trainings/{one.id}")
    assert page.status_code == 200
    assert "Enrol</button>" in page.text
    assert client.post(f"/trainings/{one.id}/join").status_code == 303
    page = client.get(f"/trainings/{one.id}")
    assert "Confirmed" in page.text
    assert "1 of 2" in page.text
    assert client.post(f"/trainings/{one.id}/leave").status_code == 303
    assert states(one) == ["withdrawn"]
    assert "0 of 2" in client.get(f"/trainings/{one.id}").text


def test_only_one_of_those_who_wait_is_offered_the_freed_place(app):
    # WAIT-01
    section = b.a_section()
    one = a_training(section, most=3)
    inside = [b.a_person(section) for _ in range(3)]
    waiting = [b.a_person(section) for _ in range(3)]
    for person in inside:
        b.a_participation(one, person)
    for minute, person in enumerate(waiting):
        queued = b.NOON - HOUR + timedelta(minutes=minute)
        b.a_participation(one, person, State.WAITLISTED, queued_at=queued)
    b.signed_in(app, inside[0]).post(f"/trainings/{one.id}/leave")
    assert states(one) == ["withdrawn"] + ["confirmed"] * 2 + ["offered"] + ["waitlisted"] * 2
    assert letters() == [(waiting[0].email, "place-free")]
    first = b.signed_in(app, waiting[0])
    assert "A place is offered to you" in first.get(f"/trainings/{one.id}").text
    assert first.post(f"/trainings/{one.id}/answer", data={"answer": "yes"}).status_code == 303
    assert states(one) == ["withdrawn"] + ["confirmed"] * 3 + ["waitlisted"] * 2


def test_a_declined_offer_goes_to_the_next(app):
    section = b.a_section()
    one = a_training(section, most=1)
    first, second = b.a_person(section), b.a_person(section)
    b.a_participation(one, first, State.OFFERED, answer_by=b.NOON + HOUR)
    b.a_participation(one, second, State.WAITLISTED)
    client = b.signed_in(app, first)
    client.post(f"/trainings/{one.id}/answer", data={"answer": "no"})
    assert states(one) == ["declined", "offered"]
    again = client.post(f"/trainings/{one.id}/answer", data={"answer": "yes"})
    assert again.status_code == 303
    assert "Nothing was changed" in client.get(f"/trainings/{one.id}").text
    assert client.post(f"/trainings/{one.id}/answer", data={"answer": "x"}).status_code == 422


def test_nothing_is_offered_once_it_has_started(app):
    # WAIT-03
    section = b.a_section()
    starts = datetime(2026, 3, 7, 15, tzinfo=UTC)
    one = a_training(section, most=1, starts_at=starts)
    inside, waiting = b.a_person(section), b.a_person(section)
    held = b.a_participation(one, inside)
    b.a_participation(one, waiting, State.WAITLISTED)
    coordinator = b.a_person(section)
    b.an_appointment(coordinator, section, Role.COORDINATOR)
    with time_machine.travel(starts + timedelta(minutes=15), tick=False):
        client = b.signed_in(app, coordinator)
        done = client.post(f"/trainings/{one.id}/places/{held.id}/remove", data={"reason": "ill"})
        assert done.status_code == 303
        assert states(one) == ["cancelled", "waitlisted"]
        assert letters("place-free") == []


@pytest.mark.parametrize("standing", [Standing.LEFT, Standing.ARCHIVED])
def test_who_leaves_the_organisation_gives_the_place_to_who_waits(app, standing):
    # WAIT-05
    section = b.a_section()
    one = a_training(section, most=1)
    inside, waiting = b.a_person(section), b.a_person(section)
    b.a_participation(one, inside)
    b.a_participation(one, waiting, State.WAITLISTED)
    people.set_standing(inside, standing, by=None, now=b.NOON, why="moved away")
    session.commit()
    assert states(one) == ["cancelled", "offered"]
    assert letters("place-free") == [(waiting.email, "place-free")]
    page = b.signed_in(app, waiting).get("/trainings").text
    assert "0 of 1" in page
    assert "1 offer open" in page


def test_every_number_is_a_count_of_rows(app):
    # WAIT-07
    section = b.a_section()
    one = a_training(section, most=2)
    clients = [b.signed_in(app, b.a_person(section)) for _ in range(4)]

    def check(filled, waiting):
        held = session.scalar(
            select(func.count()).where(
                Participation.slot_id == one.id, Participation.state.in_(HOLDING - {State.OFFERED})
            )
        )
        queued = session.scalar(
            select(func.count()).where(
                Participation.slot_id == one.id, Participation.state == State.WAITLISTED
            )
        )
        assert (held, queued) == (filled, waiting)
        for address in ("/trainings", f"/trainings/{one.id}"):
            text = clients[3].get(address).text
            assert f"{filled} of 2" in text
            assert (f"{waiting} waiting" in text) == bool(waiting)

    check(0, 0)
    clients[0].post(f"/trainings/{one.id}/join")
    clients[1].post(f"/trainings/{one.id}/join")
    check(2, 0)
    clients[0].post(f"/trainings/{one.id}/leave")
    clients[0].post(f"/trainings/{one.id}/leave")
    check(1, 0)
    clients[0].post(f"/trainings/{one.id}/join")
    clients[2].post(f"/trainings/{one.id}/join")
    check(2, 1)
    clients[2].post(f"/trainings/{one.id}/leave")
    check(2, 0)
    clients[0].post(f"/trainings/{one.id}/leave")
    clients[1].post(f"/trainings/{one.id}/leave")
    check(0, 0)


def test_a_full_training_puts_the_third_on_the_waitlist_and_says_so_before_and_after(app):
    # WAIT-09
    section = b.a_section()
    one = a_training(section, most=2)
    for _ in range(2):
        b.a_participation(one, b.a_person(section))
    person = b.a_person(section)
    client = b.signed_in(app, person)
    assert "you would be number 1 on the waiting list" in client.get(f"/trainings/{one.id}").text
    client.post(f"/trainings/{one.id}/join")
    assert states(one) == ["confirmed", "confirmed", "waitlisted"]
    assert "You are number 1 on the waiting list" in client.get(f"/trainings/{one.id}").text
    assert letters() == [(person.email, "place-waitlisted")]


@pytest.mark.parametrize(
    ("most", "expected"),
    [(0, ["waitlisted", "waitlisted"]), (None, ["confirmed", "confirmed"])],
)
def test_no_places_are_none_and_no_limit_is_no_limit(app, most, expected):
    # CAP-03
    section = b.a_section()
    one = a_training(section, most=most)
    for _ in range(2):
        b.signed_in(app, b.a_person(section)).post(f"/trainings/{one.id}/join")
    assert states(one) == expected


def test_whoever_is_in_a_full_training_can_still_leave_and_finds_it_in_the_list(app):
    # SHIFT-10
    section = b.a_section()
    one = a_training(section, most=2)
    me = b.a_person(section)
    for person in (me, b.a_person(section)):
        b.a_participation(one, person)
    client = b.signed_in(app, me)
    assert f'action="/trainings/{one.id}/leave"' in client.get(f"/trainings/{one.id}").text
    listed = client.get("/trainings").text
    assert one.title in listed
    assert "2 of 2" in listed
    assert one.title not in client.get("/trainings?places=1").text
    client.post(f"/trainings/{one.id}/leave")
    assert "1 of 2" in client.get("/trainings?places=1").text


def test_an_expired_certificate_is_named_with_its_day(app):
    # QUAL-01
    section = b.a_section()
    kind = b.a_kind("First aid")
    one = a_training(section, kind_id=kind.id, starts_at=datetime(2026, 6, 12, 8, tzinfo=UTC))
    person = b.a_person(section)
    b.a_qualification(person, kind, valid_until=date(2026, 6, 11))
    client = b.signed_in(app, person)
    page = client.get(f"/trainings/{one.id}").text
    assert "First aid is valid until" in page
    assert "11 Jun 2026" in page
    refused = client.post(f"/trainings/{one.id}/join")
    assert refused.status_code == 422
    assert "11 Jun 2026" in refused.text
    assert states(one) == []


def test_a_missing_qualification_says_what_would_help(app):
    section = b.a_section()
    kind = b.a_kind("Working at height")
    one = a_training(section, kind_id=kind.id)
    page = b.signed_in(app, b.a_person(section)).get(f"/trainings/{one.id}").text
    assert "Working at height" in page
    assert "removes this" in page
    assert "/join" not in page.split("<main")[1].split("</main>")[0]


def test_the_online_link_is_for_those_with_a_place(app):
    section = b.a_section()
    one = a_training(section, online_url="https://meet.example.org/room")
    client = b.signed_in(app, b.a_person(section))
    assert "meet.example.org" not in client.get(f"/trainings/{one.id}").text
    client.post(f"/trainings/{one.id}/join")
    assert "meet.example.org" in client.get(f"/trainings/{one.id}").text


def test_who_lives_in_another_zone_than_the_section_sees_their_own_clock_too(app):  # TIME-08
    section = b.a_section(zone="America/Denver")
    one = a_training(section, starts_at=b.NOON + 4 * HOUR, hours=2)
    there, away = b.a_person(section), b.a_person(section, zone="Asia/Tokyo")

    assert "Tokyo" not in b.signed_in(app, there).get(f"/trainings/{one.id}").text
    page = b.signed_in(app, away).get(f"/trainings/{one.id}").text
    assert "10:00" in page and "Denver (UTC-6)" in page
    assert "01:00" in page and "Tokyo (UTC+9)" in page


def test_strangers_find_nothing_and_the_signed_out_are_asked_who_they_are(app, client):
    ours, theirs = b.a_section(), b.a_section()
    one = a_training(ours)
    draft = a_training(ours, status=Status.DRAFT)
    stranger = b.signed_in(app, b.a_person(theirs))
    member = b.signed_in(app, b.a_person(ours))
    for address in (f"/trainings/{one.id}", f"/trainings/{one.id}/attendance"):
        assert stranger.get(address).status_code == 404
        assert client.get(address).status_code == 302
    for action in ("join", "leave", "answer"):
        sent = stranger.post(f"/trainings/{one.id}/{action}", data={"answer": "yes"})
        assert sent.status_code == 404
    assert one.title not in stranger.get("/trainings").text
    assert member.get(f"/trainings/{draft.id}").status_code == 404
    assert member.post(f"/trainings/{draft.id}/join").status_code == 404
    assert client.get("/trainings").status_code == 302
    assert states(one) == []


@pytest.mark.parametrize(
    "address",
    [
        "/trainings/2147483648",
        "/trainings/99999999999999999999999",
        "/trainings/0",
        "/trainings/x",
    ],
)
def test_an_id_that_names_nothing_is_not_found(app, address):
    client = b.signed_in(app, b.a_person(b.a_section()))
    assert client.get(address).status_code == 404
    assert client.post(address + "/join").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "page=999",
        "page=abc",
        "section=abc",
        "section=99999999999999999999",
        "course=-1",
        "state=draft",
        "state=%F0",
        "q=%25_%5C",
        "places=yes",
    ],
)
def test_odd_filters_are_answered_with_a_list(app, query):
    section = b.a_section()
    a_training(section, status=Status.DRAFT, title="Not for members")
    client = b.signed_in(app, b.a_person(section))
    page = client.get(f"/trainings?{query}")
    assert page.status_code == 200
    assert "Not for members" not in page.text


def test_odd_needs_are_refused(app):
    section = b.a_section()
    one = a_training(section)
    client = b.signed_in(app, b.a_person(section))
    for need in ("abc", "-1", "99999999999999", "2147483647"):
        code = client.post(f"/trainings/{one.id}/join", data={"need": need}).status_code
        assert 400 <= code < 500
    assert states(one) == []


@pytest.mark.parametrize("staff", [False, True])
def test_list_and_page_cost_the_same_for_one_and_for_thirty(app, staff):
    section = b.a_section()
    person = b.a_person(section)
    if staff:
        b.an_appointment(person, section, Role.COORDINATOR)
    client = b.signed_in(app, person)
    one = a_training(section, most=50, title="Measured")
    need_id = one.needs[0].id

    def cost(address):
        client.get(address)
        with counted() as statements:
            assert client.get(address).status_code == 200
        return len(statements)

    b.a_participation(one, b.a_person(section))
    few = cost("/trainings"), cost(f"/trainings/{one.id}")
    for _ in range(30):
        other = a_training(section, most=50)
        b.a_participation(other, person)
        b.a_participation(one, b.a_person(section), need_id=need_id)
    many = cost("/trainings"), cost(f"/trainings/{one.id}")
    assert few == many
    assert max(many) <= 8


def test_a_training_of_the_body_above_is_open_to_the_sections_people(app):
    body = b.a_section()
    section = b.a_section(body)
    one = a_training(body)
    client = b.signed_in(app, b.a_person(section))
    assert one.title in client.get("/trainings").text
    assert client.post(f"/trainings/{one.id}/join").status_code == 303
    assert states(one) == ["confirmed"]


def test_pressing_enrol_twice_is_no_error_and_gives_one_place(app):
    section = b.a_section()
    one = a_training(section, most=3)
    client = b.signed_in(app, b.a_person(section))
    for _ in range(2):
        assert client.post(f"/trainings/{one.id}/join").status_code == 303
    assert states(one) == ["confirmed"]
    assert "You are in this already." in client.get(f"/trainings/{one.id}").text
