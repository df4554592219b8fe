"""The countdown to a shift or training whose places are unfilled."""

import pytest
from sqlalchemy import select

from brigades import clock
from brigades.access import Role
from brigades.clock import DAY, HOUR
from brigades.db import session
from brigades.outbox import service as outbox
from brigades.outbox.delivery.delivering import deliver
from brigades.outbox.models import Fate, Letter
from brigades.outbox.render import write
from brigades.people.models import Standing
from brigades.schedule.models import Slot, Status
from brigades.schedule.states import State
from tests.builders import (
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
from tests.reminders.duties.mornings import appointed, rows
from tests.support.statements import counted

WEEK = 7 * 24


@pytest.fixture
def section(app):
    return a_section()


@pytest.fixture
def coordinator(section):
    return appointed(section)


def post(slot, *people, hours=WEEK):
    for person in people:
        outbox.post(
            "countdown",
            to=person,
            about={"slot": slot.id, "hours": hours},
            key=f"countdown:{hours}:{slot.id}:{person.id}",
            now=NOON,
        )
    session.commit()


def got(mail, at=NOON):
    deliver(at)
    return mail.received


def test_it_says_what_is_missing_and_who_would_fit(section, coordinator, mail):
    shift = a_shift(
        section,
        starts_at=NOON + 7 * DAY,
        title="Roof",
        needs=[
            a_need(position=0, skill="construction", trade="carpentry", least=2),
            a_need(position=1, least=1),
            a_need(position=2, skill="medical", least=0),
        ],
    )
    on = a_person(section, "carpentry", given_name="On", family_name="Already")
    a_participation(shift, on)
    a_person(section, "carpentry", given_name="Cem", family_name="", phone="+4930901820")
    declined = a_person(section, "carpentry", given_name="Dora", family_name="Declined")
    a_participation(shift, declined, State.DECLINED)
    busy = a_person(section, "carpentry", given_name="Ben", family_name="Busy")
    a_participation(a_shift(section, starts_at=NOON + 7 * DAY), busy)
    tired = a_person(section, "carpentry", given_name="Tia", family_name="Tired")
    a_participation(a_shift(section, starts_at=NOON + 7 * DAY - 10 * HOUR), tired)  # a warning
    a_person(a_section(), "carpentry", given_name="Else", family_name="Where")
    post(shift, coordinator)
    [letter] = got(mail)
    assert "2 places are unfilled: Roof" in letter.subject
    assert "Roof begins in 7 days" in letter.text
    assert "1 more is needed: Construction: Carpentry" in letter.text
    assert "- 1 more is needed: Anybody who can come" in letter.text
    assert "Cem" in letter.text
    assert "+49 30 901820" in letter.text
    assert 'href="tel:+4930901820"' in letter.html
    for name in ("On Already", "Dora", "Ben Busy", "Tia Tired", "Else Where"):
        assert name not in letter.text, name
    first = letter.text.index("http")
    assert letter.text[first:].startswith(f"http://localhost/shifts/{shift.id}/board")


def test_at_most_eight_are_named_and_every_need_has_its_share(section, coordinator, mail):
    shift = a_shift(
        section,
        starts_at=NOON + 7 * DAY,
        needs=[
            a_need(position=0, skill="construction", trade="carpentry", least=2),
            a_need(position=1, skill="construction", trade="roofing", least=2),
        ],
    )
    for _ in range(20):
        a_person(section, "carpentry", given_name="Joiner")
        a_person(section, "roofing", given_name="Roofer")
    both = a_person(section, "carpentry", "roofing", given_name="Both")
    post(shift, coordinator)
    [letter] = got(mail)
    assert letter.text.count("- Joiner") + letter.text.count("- Roofer") in (7, 8)
    assert min(letter.text.count("- Joiner"), letter.text.count("- Roofer")) >= 3
    assert letter.text.count(f"- {both.name}") <= 1


def test_a_training_links_to_its_own_page(section, coordinator, mail):
    training = a_session(
        a_course(section), section, starts_at=NOON + 7 * DAY, needs=[a_need(least=4)]
    )
    post(training, coordinator)
    [letter] = got(mail)
    assert "4 places are unfilled" in letter.subject
    assert f"/trainings/{training.id}\r\n" in letter.text
    assert coordinator.name in letter.text  # they could come themselves


def test_where_nobody_fits_it_says_so(section, coordinator, mail):
    kind = a_kind("Crane licence")
    shift = a_shift(section, starts_at=NOON + 7 * DAY, needs=[a_need(kind_id=kind.id, least=1)])
    post(shift, coordinator)
    [letter] = got(mail)
    assert "1 more is needed: Crane licence" in letter.text
    assert "Nobody is found against whom nothing stands" in letter.text


def filled(shift, section):
    a_participation(shift, a_person(section))


def cancelled(shift, section):
    session.get_one(Slot, shift.id).status = Status.CANCELLED


def moved_off(shift, section):
    slot = session.get_one(Slot, shift.id)
    slot.starts_at += 3 * DAY
    slot.ends_at += 3 * DAY


@pytest.mark.parametrize("meanwhile", [filled, cancelled, moved_off])
def test_it_is_dropped_where_it_no_longer_holds(section, coordinator, mail, meanwhile):
    shift = a_shift(section, starts_at=NOON + 7 * DAY, needs=[a_need(least=1)])
    post(shift, coordinator)
    meanwhile(shift, section)
    session.commit()
    assert got(mail) == []
    assert [letter.fate for letter in rows("countdown")] == [Fate.DROPPED]


def test_whoever_answers_for_it_no_longer_gets_none(section, coordinator, mail):
    shift = a_shift(section, starts_at=NOON + 7 * DAY, needs=[a_need(least=1)])
    away = appointed(section)
    stranger = a_person(section)
    post(shift, away, stranger)
    away.standing = Standing.ON_LEAVE
    session.merge(away)
    session.commit()
    assert got(mail) == []


def test_a_lead_who_runs_nothing_else_hears_what_is_missing_and_nobodys_number(section, mail):
    lead = a_person(section)
    an_appointment(lead, section, Role.TRAINER)
    a_person(section, given_name="Cem", phone="+4930901820")
    shift = a_shift(section, starts_at=NOON + 7 * DAY, needs=[a_need(least=2)], lead_id=lead.id)
    post(shift, lead)
    [letter] = got(mail)
    assert "2 more are needed" in letter.text
    assert "Cem" not in letter.text
    assert f"/shifts/{shift.id}\r\n" in letter.text


def test_five_readers_cost_no_more_judging_than_one(section, mail):
    shift = a_shift(section, starts_at=NOON + 7 * DAY, needs=[a_need(least=1)])
    people = [appointed(section) for _ in range(5)]
    post(shift, *people)
    letters = rows("countdown")

    def cost(some):
        session.remove()
        with counted() as seen:
            assert all(write(letter, NOON) for letter in some)
        return sum("everyone" in statement for statement in seen)

    assert cost(letters[:1]) == 1
    assert cost(letters) == 1


def test_it_counts_days_as_the_calendar_does(section, coordinator, mail):
    shift = a_shift(section, starts_at=NOON + 30 * HOUR, needs=[a_need(least=1)])
    post(shift, coordinator, hours=48)
    [letter] = got(mail)
    assert "1 place is unfilled" in letter.subject
    assert "begins in 1 day" in letter.text


def test_its_page_among_the_letters_costs_as_much_with_thirty_who_would_fit(
    app, section, coordinator
):
    starts_at = clock.now() + 7 * DAY - HOUR
    shift = a_shift(section, starts_at=starts_at, needs=[a_need(least=2)])
    post(shift, coordinator)
    letter_id = session.scalars(select(Letter.id)).one()
    desk = signed_in(app, coordinator)

    def cost() -> int:
        with counted() as seen:
            page = desk.get(f"/letters/{letter_id}").text
        assert "These people would fit" in page
        return len(seen)

    a_person(section)
    one = cost()
    for _ in range(30):
        a_person(section)
    assert cost() == one <= 8
