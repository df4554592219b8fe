"""A volunteer's page: what is next, what waits for an answer, what is missing, what comes."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from brigades.access import Role
from brigades.db import session
from brigades.people.models import Standing
from brigades.schedule.models import Participation
from brigades.schedule.states import State
from brigades.texts import short_day
from tests.builders import (
    DAY,
    HOUR,
    NOON,
    a_course,
    a_kind,
    a_need,
    a_participation,
    a_person,
    a_qualification,
    a_section,
    a_session,
    a_shift,
    an_appointment,
    signed_in,
)
from tests.support.statements import counted


@pytest.fixture(autouse=True)
def noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


def test_the_next_shift_says_when_where_and_who_leads(app: Any) -> None:
    section = a_section()
    lead = a_person(section, given_name="Tomás", family_name="Reyes", phone="+447700900123")
    person = a_person(section, given_name="Marta")
    shift = a_shift(
        section, title="North wing", place="Gate B", starts_at=NOON + 2 * DAY, lead_id=lead.id
    )
    place = a_participation(shift, person)
    a_participation(a_shift(section, title="Later", starts_at=NOON + 4 * DAY), person)

    page = signed_in(app, person).get("/").text

    assert "Hello, Marta" in page
    assert "Your next shift, in 2 days" in page
    assert "14:00" in page and "22:00" in page
    assert "Berlin (UTC+2)" in page
    assert "Gate B" in page
    assert "Tomás Reyes leads" in page
    assert 'href="tel:+447700900123"' in page
    assert f'href="/calendar/place/{place.id}.ics"' in page
    assert f'href="/shifts/{shift.id}"' in page
    assert page.index("North wing") < page.index("Later")


def test_a_reader_who_lives_elsewhere_sees_their_own_clock_too(app: Any) -> None:  # TIME-08
    person = a_person(a_section(zone="America/Los_Angeles"))
    denver = a_shift(a_section(zone="America/Denver"), starts_at=NOON + 4 * HOUR, hours=2)
    a_participation(denver, person)

    page = signed_in(app, person).get("/me").text

    assert "10:00" in page and "Denver (UTC-6)" in page
    assert "on your clock" in page
    assert "09:00" in page and "Los Angeles (UTC-7)" in page


def test_who_lives_outside_the_sections_zone_sees_the_clock_they_named(app: Any) -> None:  # TIME-08
    section = a_section(zone="America/Denver")
    person = a_person(section, zone="Asia/Tokyo")
    a_participation(a_shift(section, starts_at=NOON + 4 * HOUR, hours=2), person)
    offered = a_shift(section, starts_at=NOON + 3 * DAY, hours=2)
    a_participation(offered, person, State.OFFERED, answer_by=NOON + 10 * HOUR)

    page = signed_in(app, person).get("/me").text

    assert "10:00" in page and "Denver (UTC-6)" in page
    assert "on your clock" in page
    assert "01:00" in page and "Tokyo (UTC+9)" in page
    assert "07:00" in page  # until when the offer waits


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (3 * DAY, "Your next shift, in 3 days"),
        (10 * DAY, "Your next shift, in 10 days"),
        (DAY, "Your next shift, tomorrow"),
        (5 * HOUR, "Your next shift, in 5 hours"),
        (timedelta(minutes=20), "Your next shift, in 20 minutes"),
        (-HOUR, "Your shift now"),
    ],
)
def test_the_way_to_the_next_shift_is_said_in_words(app: Any, ahead: Any, words: str) -> None:
    section = a_section()
    person = a_person(section)
    a_participation(a_shift(section, starts_at=NOON + ahead), person)
    assert words in signed_in(app, person).get("/").text


def test_an_offer_can_be_answered_on_the_spot(app: Any) -> None:
    section = a_section()
    person = a_person(section)
    course = a_course(section)
    for slot in (
        a_shift(section, title="Night pour", needs=[a_need(least=3, most=5)]),
        a_session(course, section, title="First aid", starts_at=NOON + 9 * DAY),
    ):
        a_participation(slot, person, State.OFFERED, answer_by=NOON + 50 * HOUR)
    mine = signed_in(app, person)

    page = mine.get("/").text

    assert "2 places are waiting for your answer." in page
    assert page.count("2 days left to answer") == 2
    assert f"until {short_day(date(2026, 6, 12))}" in page and "16:00" in page
    assert "0 confirmed" in page and "wanted" in page
    answers = sorted(
        (place.slot_id, place.id) for place in session.query(Participation).order_by("id")
    )
    for (slot_id, place_id), kind, field in zip(
        answers, ("shifts", "trainings"), ("accept", "answer"), strict=True
    ):
        assert f'action="/{kind}/{slot_id}/answer"' in page
        assert mine.post(f"/{kind}/{slot_id}/answer", data={field: "yes"}).status_code < 400
        assert session.get_one(Participation, place_id).state is State.CONFIRMED


def test_an_offer_past_its_deadline_says_so(app: Any) -> None:
    section = a_section()
    person = a_person(section)
    a_participation(a_shift(section), person, State.OFFERED, answer_by=NOON - HOUR)
    assert "The time to answer is over" in signed_in(app, person).get("/").text


def test_what_is_missing_comes_from_what_is_known(app: Any) -> None:
    section = a_section()
    person = a_person(section)
    a_qualification(person, a_kind("First aid"), valid_until=date(2026, 6, 9))
    a_qualification(person, a_kind("Safety"), valid_until=date(2026, 7, 1))

    page = signed_in(app, person).get("/").text

    for words in (
        "Your phone number",
        "What you can do",
        "Which languages you speak",
        "When you are available",
        "First aid has expired",
        "Safety runs out soon",
    ):
        assert words in page
    assert "0 of 6 done" in page
    assert 'href="/profile"' in page


def test_nothing_missing_says_nothing(app: Any) -> None:
    person = a_person(
        a_section(), "medical", languages={"ar": "C1"}, phone="+491", availability_note="always"
    )
    assert "Still missing" not in signed_in(app, person).get("/").text


def test_an_empty_page_says_what_to_do_next(app: Any) -> None:
    page = signed_in(app, a_person(a_section())).get("/").text
    assert "Nothing ahead of you yet" in page
    assert 'href="/shifts"' in page and 'href="/trainings"' in page


def test_the_waiting_list_shows_which_number_one_is(app: Any) -> None:
    section = a_section()
    person = a_person(section)
    shift = a_shift(section, needs=[a_need(most=0)])
    for other in (a_person(section), a_person(section)):
        a_participation(shift, other, State.WAITLISTED, queued_at=NOON - HOUR)
    a_participation(shift, person, State.WAITLISTED)
    a_participation(shift, a_person(section), State.WAITLISTED, queued_at=NOON + HOUR)
    assert "Waiting list, number 3" in signed_in(app, person).get("/").text


def test_what_is_over_given_up_or_a_strangers_is_not_there(app: Any) -> None:
    section = a_section()
    person = a_person(section)
    a_participation(a_shift(section, title="Over", starts_at=NOON - 2 * DAY), person)
    a_participation(a_shift(section, title="Given up"), person, State.WITHDRAWN)
    a_participation(a_shift(section, title="Declined one"), person, State.DECLINED)
    a_participation(a_shift(section, title="Strange"), a_person(section))

    page = signed_in(app, person).get("/").text

    assert not [title for title in ("Over", "Given up", "Declined one", "Strange") if title in page]


def test_a_trainer_goes_from_here_to_the_attendance_list(app: Any) -> None:
    section = a_section()
    trainer = a_person(section)
    an_appointment(trainer, section, Role.TRAINER)
    held = a_session(a_course(section), section, title="Safety", trainer_id=trainer.id)
    a_participation(held, a_person(section))

    page = signed_in(app, trainer).get("/").text

    assert "Shifts and trainings you lead" in page
    assert f'href="/trainings/{held.id}/attendance"' in page
    assert "1 person comes" in page


def test_who_is_on_leave_reads_why_nothing_can_be_joined(app: Any) -> None:
    person = a_person(a_section(), standing=Standing.ON_LEAVE)
    assert "You are on leave" in signed_in(app, person).get("/").text


def test_the_page_costs_the_same_with_one_of_each_and_with_thirty(app: Any) -> None:
    section = a_section()
    person = a_person(section)
    mine = signed_in(app, person)
    kind, course = a_kind(), a_course(section)

    def one_of_each(n: int) -> None:
        for state in (State.CONFIRMED, State.OFFERED, State.WAITLISTED):
            a_participation(a_shift(section, starts_at=NOON + n * DAY), person, state)
        a_qualification(person, kind, valid_until=date(2026, 6, 20))
        a_session(course, section, trainer_id=person.id, starts_at=NOON + n * DAY)

    one_of_each(1)
    with counted() as few:
        assert mine.get("/me").status_code == 200
    for n in range(2, 31):
        one_of_each(n)
    with counted() as many:
        assert mine.get("/me").status_code == 200

    assert len(few) == len(many) <= 8
