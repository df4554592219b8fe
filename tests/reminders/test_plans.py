"""Whom a plan reminds, and which plan holds."""

import pytest

from brigades.access import Role
from brigades.clock import DAY, HOUR, MINUTE
from brigades.db import session
from brigades.reminders.models import Told
from brigades.reminders.plans import BEGAN
from brigades.reminders.rules import HOURS
from brigades.schedule.leaving import leave
from brigades.schedule.models import Status
from brigades.schedule.states import State
from tests.builders import (
    NOON,
    a_course,
    a_need,
    a_participation,
    a_person,
    a_section,
    a_session,
    a_shift,
    an_appointment,
)
from tests.reminders.passes import a_plan, look, names, posted, run

START = NOON + 30 * DAY


@pytest.fixture
def top(app):
    return a_section()


@pytest.fixture
def section(top):
    return a_section(top)


def hours_told(slot) -> list[int]:
    """How many hours before its start each reminder of a slot is posted."""
    found = []
    for hours in sorted({hour + late for hour in HOURS for late in (0, 1)}, reverse=True):
        before = len(posted())
        look(START - hours * HOUR)
        found += [hours] * (len(posted()) - before)
    return found


@pytest.mark.parametrize(
    ("has", "expected"),
    [
        ((), [168, 24]),
        (("top",), [72]),
        (("top", "section"), [48]),
        (("top", "section", "course"), [12]),
        (("top", "section", "course", "slot"), [4, 2]),
        (("top", "slot"), [4, 2]),
    ],
)
def test_the_nearest_plan_holds_whole(top, section, has, expected):
    course = a_course(top)
    training = a_session(course, section, starts_at=START)
    a_participation(training, a_person(section))
    rules = {"top": [72], "section": [48], "course": [12], "slot": [4, 2]}
    of = {"course": {"course": course}, "slot": {"slot": training}}
    for one in has:
        home = top if one in ("top", "course") else section
        a_plan(home, *(("coming", hours) for hours in rules[one]), **of.get(one, {}))
    assert hours_told(training) == expected


def test_a_plan_without_rules_reminds_nobody(top, section):
    a_plan(section)
    shift = a_shift(section, starts_at=START, needs=[a_need(least=3)])
    a_participation(shift, a_person(section))
    an_appointment(a_person(section), section, Role.COORDINATOR)
    for days in range(15):
        look(START - days * DAY - HOUR)
    assert posted() == []


def test_who_waits_hears_only_where_a_plan_says_so_and_that_nothing_is_certain(section, mail):
    shift = a_shift(section, starts_at=START, needs=[a_need(most=1)])
    a_participation(shift, a_person(section))
    waiting = a_person(section)
    a_participation(shift, waiting, State.WAITLISTED)
    run(START - DAY)
    assert mail.to(waiting.email) == []
    a_plan(section, ("waitlisted", 4), since=START - 20 * HOUR)
    run(START - 4 * HOUR)
    [got] = mail.to(waiting.email)
    assert "Still on the waiting list" in got.subject
    assert "number 1 on the waiting list" in got.text
    assert "not certain" in got.text
    assert "in 4 hours" in got.text


def test_a_plan_that_is_changed_sends_nothing_late_and_what_comes_in_time(section):
    shift = a_shift(section, starts_at=START)
    a_participation(shift, a_person(section))
    plan = a_plan(section, ("coming", 168))
    look(START - 7 * DAY)
    assert names() == ["reminder"]
    session.delete(session.merge(plan))
    session.commit()
    a_plan(section, ("coming", 72), ("coming", 48), ("coming", 4), since=START - 50 * HOUR)
    look(START - 50 * HOUR + MINUTE)
    assert names() == ["reminder"]  # three days before had passed by then
    look(START - 48 * HOUR)
    look(START - 4 * HOUR)
    assert names() == ["reminder"] * 3


def test_going_back_to_the_sections_plan_sends_nothing_late(section):
    a_plan(section, ("coming", 72), ("coming", 4))
    shift = a_shift(section, starts_at=START)
    a_participation(shift, a_person(section))
    own = a_plan(section, slot=shift)
    look(START - 72 * HOUR)
    session.delete(session.merge(own))
    session.commit()
    look(START - 71 * HOUR)
    assert posted() == []
    look(START - 4 * HOUR)
    assert names() == ["reminder"]


def test_an_upgrade_makes_up_for_nothing_but_what_was_promised_before(section):
    session.add(Told(key=BEGAN, at=START - 20 * HOUR))
    session.commit()
    coming, lead = a_person(section), a_person(section)
    shift = a_shift(section, starts_at=START, needs=[a_need(least=3)], lead_id=lead.id)
    a_participation(shift, coming)
    an_appointment(a_person(section), section, Role.COORDINATOR)
    look(START - 19 * HOUR)
    assert posted() == [("reminder", coming.id)]


# --- those who answer for it ---


def test_those_nearest_hear_of_gaps_and_organizers_above_two_days_before(top, section):
    country = a_section(top)
    town = a_section(country)
    organizer, coordinator, deputy = (a_person(town) for _ in range(3))
    an_appointment(organizer, country, Role.ORGANIZER)
    an_appointment(coordinator, town, Role.COORDINATOR)
    an_appointment(deputy, town, Role.COORDINATOR, deputy=True)
    an_appointment(a_person(top), top, Role.ORGANIZER)  # further away
    a_shift(town, starts_at=START, needs=[a_need(least=1)])
    for days in (14, 7):
        look(START - days * DAY)
        assert posted()[-1:] == [("countdown", coordinator.id)]
    assert len(posted()) == 2
    look(START - 2 * DAY)
    assert sorted(posted()[2:]) == [("countdown", organizer.id), ("countdown", coordinator.id)]
    look(START - HOUR)
    assert len(posted()) == 4


def test_who_is_both_hears_once(section):
    both = a_person(section)
    for role in (Role.COORDINATOR, Role.ORGANIZER):
        an_appointment(both, section, role)
    a_shift(section, starts_at=START, needs=[a_need(least=1)])
    look(START - 2 * DAY)
    assert posted() == [("countdown", both.id)]


def test_nobody_hears_of_what_is_filled(section):
    shift = a_shift(section, starts_at=START, needs=[a_need(least=1), a_need()])
    a_participation(shift, a_person(section))
    an_appointment(a_person(section), section, Role.COORDINATOR)
    for days in (14, 7, 2):
        look(START - days * DAY)
    assert [name for name in names() if name == "countdown"] == []


def test_who_publishes_thirty_unfilled_shifts_gets_no_thirty_letters(section):
    an_appointment(a_person(section), section, Role.COORDINATOR)
    published = START - 10 * DAY
    for _ in range(30):
        a_shift(section, starts_at=START, needs=[a_need(least=1)], created_at=published)
    look(published + MINUTE)
    assert posted() == []
    look(START - 7 * DAY)
    assert names() == ["countdown"] * 30


def test_whom_no_letter_reaches_does_not_keep_it_from_the_next_above(top, section):
    above = a_person(top)
    an_appointment(above, top, Role.COORDINATOR)
    an_appointment(a_person(section, email=None), section, Role.COORDINATOR)
    a_shift(section, starts_at=START, needs=[a_need(least=1)])
    look(START - 7 * DAY)
    assert posted() == [("countdown", above.id)]


# --- who leads ---


def test_the_lead_hears_a_day_before_who_comes_and_what_is_missing(section, mail):
    lead = a_person(section, given_name="Lena", family_name="Lead")
    needs = [a_need(skill="construction", trade="carpentry", least=2), a_need(least=1)]
    shift = a_shift(section, starts_at=START, needs=needs, lead_id=lead.id)
    a_participation(shift, a_person(section, given_name="Rosa", phone="+4915112345678"))
    seeking = a_person(section, given_name="Sami")
    a_participation(shift, seeking, State.SEEKING_COVER, need_id=needs[1].id)
    a_participation(shift, a_person(section), State.OFFERED)
    a_participation(shift, a_person(section, given_name="Waits"), State.WAITLISTED)
    run(START - DAY - MINUTE)
    assert mail.to(lead.email) == []
    run(START - DAY)
    [got] = mail.to(lead.email)
    for text in (got.text, got.html):
        assert "2 people come:" in text
        assert "Rosa" in text and "+49 1511 2345678" in text
        assert "looks for cover" in text
        assert "1 person was asked and has not answered yet." in text
        assert "Carpentry" in text and "1 of 2" in text
        assert "Waits" not in text
    assert f"/attendance/shifts/{shift.id}" in got.text or f"/shifts/{shift.id}" in got.text
    run(START - HOUR)
    assert len(mail.to(lead.email)) == 1


def test_phone_numbers_go_to_the_lead_alone(section, mail):
    shift = a_shift(section, starts_at=START, lead_id=a_person(section).id)
    people = [a_person(section, phone="+4915112345678") for _ in range(2)]
    for person in people:
        a_participation(shift, person)
    run(START - DAY)
    for person in people:
        [got] = mail.to(person.email)
        assert "12345678" not in got.text.replace(" ", "")


def test_a_lead_who_also_has_a_place_hears_once(section):
    lead = a_person(section)
    shift = a_shift(section, starts_at=START, lead_id=lead.id)
    a_participation(shift, lead)
    look(START - DAY)
    assert posted() == [("reminder-lead", lead.id)]


def test_who_takes_the_lead_late_hears_at_once_and_nobody_else_again(section):
    old, new, person = (a_person(section) for _ in range(3))
    shift = a_shift(section, starts_at=START, lead_id=old.id)
    a_participation(shift, person)
    look(START - DAY)
    assert sorted(posted()) == [("reminder", person.id), ("reminder-lead", old.id)]
    session.merge(shift).lead_id = new.id
    session.commit()
    look(START - 10 * HOUR)
    assert posted()[2:] == [("reminder-lead", new.id)]


def test_another_lead_makes_up_for_no_countdown_that_had_nothing_to_say(section):
    coordinator, new = a_person(section), a_person(section)
    an_appointment(coordinator, section, Role.COORDINATOR)
    shift = a_shift(section, starts_at=START, needs=[a_need(least=1)])
    place = a_participation(shift, a_person(section))
    look(START - 14 * DAY)
    leave(session.merge(place), now=START - 11 * DAY)
    session.merge(shift).lead_id = new.id
    session.commit()
    look(START - 11 * DAY + HOUR)
    assert names() == []
    look(START - 7 * DAY)
    assert names() == ["countdown"]


def test_a_trainer_is_a_lead(section, mail):
    trainer = a_person(section)
    training = a_session(a_course(section), section, starts_at=START, trainer_id=trainer.id)
    run(START - DAY)
    [got] = mail.to(trainer.email)
    assert training.title in got.subject
    assert "Nobody comes so far." in got.text


@pytest.mark.parametrize("status", [Status.DRAFT, Status.CANCELLED])
def test_of_what_does_not_happen_nobody_hears(section, status):
    shift = a_shift(section, starts_at=START, lead_id=a_person(section).id, needs=[a_need(least=2)])
    a_participation(shift, a_person(section))
    an_appointment(a_person(section), section, Role.COORDINATOR)
    shift.status = status
    session.commit()
    for days in (14, 7, 2, 1):
        look(START - days * DAY)
    assert posted() == []
