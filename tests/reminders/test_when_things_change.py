"""Clocks change, workers rest, slots move, people come late: each is reminded once, and in time."""

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from brigades.clock import DAY, HOUR, MINUTE, Wall, to_wall
from brigades.db import session
from brigades.outbox.models import Letter
from brigades.reminders import turns
from brigades.reminders.models import Told
from brigades.reminders.service import collect, due
from brigades.schedule import slots
from brigades.schedule.models import Status
from brigades.schedule.states import State
from tests.builders import (
    NOON,
    a_need,
    a_participation,
    a_person,
    a_section,
    a_shift,
    an_appointment,
)
from tests.reminders.passes import a_plan, look, move, names, posted, run
from tests.support.statements import counted

START = NOON + 30 * DAY


@pytest.fixture
def section(app):
    return a_section()


def test_on_the_night_the_clocks_change_a_day_before_is_24_hours(section, mail):
    starts = Wall(datetime(2026, 10, 25, 9), "Europe/Berlin").instant  # the clocks went back at 3
    person = a_person(section)
    a_participation(a_shift(section, starts_at=starts), person)
    run(datetime(2026, 10, 24, 7, 59, tzinfo=UTC))
    assert names() == ["reminder"]  # seven days before, late
    mail.clear()
    run(datetime(2026, 10, 24, 8, 0, tzinfo=UTC))  # ten on that day's wall
    [got] = mail.to(person.email)
    assert "in 24 hours" in got.text
    assert "09:00" in got.text and "UTC+1" in got.text


@pytest.mark.parametrize("by", [HOUR, -HOUR])
def test_new_zone_rules_move_the_moment_and_remind_nobody_twice(section, by):  # TIME-05
    shift = a_shift(section, starts_at=START)
    a_participation(shift, a_person(section))
    look(START - DAY)
    assert names() == ["reminder"]
    shift = session.merge(shift)
    shift.starts_at += by  # the wall time stays
    shift.ends_at += by
    session.commit()
    for minutes in range(0, 24 * 60, 60):
        look(START - DAY + minutes * MINUTE)
    assert names() == ["reminder"]


def test_four_workers_at_once_tell_everybody_once(app, section):  # SCHED-01
    lead = a_person(section)
    coordinator = a_person(section)
    an_appointment(coordinator, section, "coordinator")
    for _ in range(6):
        shift = a_shift(section, starts_at=START, lead_id=lead.id, needs=[a_need(least=4)])
        for _ in range(3):
            a_participation(shift, a_person(section))
        a_participation(
            shift,
            a_person(section),
            State.OFFERED,
            asked_at=START - 4 * DAY,
            answer_by=START - 10 * HOUR,
        )
    start, failed = threading.Barrier(4), []

    def work():
        with app.app_context():
            start.wait()
            try:
                look(START - 20 * HOUR)
            except Exception as error:
                failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    look(START - 20 * HOUR)
    kinds = {name: names().count(name) for name in set(names())}
    assert kinds == {"reminder": 18, "reminder-lead": 6, "offer-ends": 6}
    doubled = select(Told.key).group_by(Told.key).having(func.count() > 1)
    assert session.scalars(doubled).all() == []


def test_a_worker_that_rested_for_three_days_makes_up_for_the_nearest(section):  # SCHED-02
    an_appointment(a_person(section), section, "coordinator")
    a_plan(section, ("coming", 72), ("coming", 48), ("coming", 4), ("coordinators", 72, True))
    shift = a_shift(section, starts_at=START, needs=[a_need(least=3)])
    a_participation(shift, a_person(section))
    look(START - 4 * DAY)
    assert posted() == []
    look(START - 30 * HOUR)
    assert sorted(names()) == ["countdown", "reminder"]
    look(START - 3 * HOUR)
    assert names().count("reminder") == 2
    look(START + MINUTE)
    assert len(names()) == 3


def test_what_was_missed_until_the_start_is_never_sent(section):
    a_participation(a_shift(section, starts_at=START), a_person(section))
    assert due(START) == []
    look(START)
    assert posted() == []


def test_late_sign_ups_are_not_flooded(section):
    shift = a_shift(section, starts_at=START)
    for before in (20 * DAY, 6 * DAY, 20 * HOUR):
        a_participation(shift, a_person(section), changed_at=START - before)
    for hours in range(9 * 24, 0, -3):
        look(START - hours * HOUR)
    people = [person for _name, person in posted()]
    early, week, late = sorted(set(_everybody(shift)))
    assert sorted(people) == sorted([early, early, week])
    assert late not in people


def _everybody(shift) -> list[int]:
    shift = session.merge(shift)
    session.refresh(shift, ["participations"])
    return [place.person_id for place in shift.participations]


def test_who_was_assigned_while_it_was_a_draft_is_reminded_once_it_is_published(section):
    shift = a_shift(section, starts_at=START, status=Status.DRAFT)
    person = a_person(section)
    a_participation(shift, person, changed_at=START - 10 * DAY)
    look(START - 20 * HOUR)
    assert posted() == []
    slots.publish(shift.id, by=person.id, now=START - 18 * HOUR)
    session.commit()
    look(START - 18 * HOUR)
    assert posted() == [("reminder", person.id)]


@pytest.mark.parametrize(("days", "reminded"), [(-2, 1), (3, 2)])
def test_moved_sooner_or_later_each_start_has_its_own(section, days, reminded):
    shift = a_shift(section, starts_at=START)
    a_participation(shift, a_person(section))
    look(START - 7 * DAY)
    to = START + days * DAY
    move(shift, to, now=START - 6 * DAY)
    for hours in range(14 * 24, 0, -6):
        if to - hours * HOUR >= START - 6 * DAY:
            look(to - hours * HOUR)
    # Told of the move within the week of the sooner start; of the later one it is a week again.
    assert names() == ["reminder", "slot-moved"] + ["reminder"] * reminded


def test_moved_away_and_back_reminds_nobody_twice(section):
    shift = a_shift(section, starts_at=START)
    a_participation(shift, a_person(section))
    look(START - 7 * DAY)
    move(shift, START + DAY, now=START - 6 * DAY)
    move(session.merge(shift), START, now=START - 6 * DAY + HOUR)
    for hours in range(6 * 24 - 1, 24, -3):
        look(START - hours * HOUR)
    assert names().count("reminder") == 1


def test_each_of_a_series_has_reminders_of_its_own(section):
    person = a_person(section)
    for week in range(3):
        a_participation(a_shift(section, starts_at=START + 7 * week * DAY), person)
    for hours in range(-8 * 24, 22 * 24, 6):
        look(START + hours * HOUR)
    assert posted() == [("reminder", person.id)] * 6


def test_an_offer_is_reminded_of_a_day_before_its_answer_is_due(section, mail):
    shift = a_shift(section, starts_at=START + 9 * DAY)
    person = a_person(section)
    asked = START - 3 * DAY
    place = a_participation(shift, person, State.OFFERED, asked_at=asked, answer_by=START)
    run(START - DAY - MINUTE)
    assert posted() == []
    run(START - DAY)
    run(START - HOUR)
    [got] = mail.to(person.email)
    assert "Your answer is awaited until" in got.text
    assert "14:00" in got.text and "UTC+2" in got.text
    assert "/answer/" in got.text.split("http", 1)[1].split()[0]
    place = session.merge(place)  # asked anew
    place.sequence, place.asked_at, place.answer_by = 7, START, START + 3 * DAY
    session.commit()
    run(START + 2 * DAY)
    assert names() == ["offer-ends"] * 2


def test_who_answers_meanwhile_gets_no_reminder_of_it(section, mail):
    shift = a_shift(section, starts_at=START + 9 * DAY)
    person = a_person(section)
    values = {"asked_at": START - 3 * DAY, "answer_by": START}
    place = a_participation(shift, person, State.OFFERED, **values)
    look(START - DAY)
    session.merge(place).state = State.CONFIRMED
    session.commit()
    run(START - DAY)
    assert mail.to(person.email) == []


def test_looking_at_thirty_costs_as_many_statements_as_at_one(section):
    an_appointment(a_person(section), section, "coordinator")
    lead = a_person(section)

    def more(number, at):
        for _ in range(number):
            town = a_section(section)
            an_appointment(a_person(town), town, "coordinator")
            shift = a_shift(town, starts_at=at, lead_id=lead.id, needs=[a_need(least=3)])
            a_participation(shift, a_person(town), changed_at=NOON - 20 * DAY)
            asked = {"asked_at": at - 9 * DAY, "answer_by": at - DAY}
            a_participation(shift, a_person(town), State.OFFERED, **asked)

    def cost(at) -> int:
        with counted() as seen:
            collect(at)
        session.commit()
        return len(seen)

    more(1, START)
    cost(START - 9 * DAY)  # the morning's own marks
    one = cost(START - DAY - HOUR)
    more(30, START + 9 * DAY)
    cost(START + 9 * DAY - 9 * DAY)
    assert cost(START + 9 * DAY - DAY - HOUR) == one
    assert cost(START + 9 * DAY - DAY - HOUR) < one
    assert session.scalar(select(func.count(Letter.id)).where(Letter.name == "offer-ends")) == 31


def test_what_is_moved_while_the_pass_looks_at_it_is_reminded_before_its_new_start(
    section, monkeypatch
):
    shift = a_shift(section, starts_at=START)
    a_participation(shift, a_person(section))
    a_plan(section, ("coming", 24))
    real = turns.waiting

    def moved_meanwhile(*given):
        found = real(*given)
        move(shift, START + 5 * DAY, now=START - DAY)
        return found

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(turns, "waiting", moved_meanwhile)
        look(START - DAY)
    assert "reminder" not in names()
    look(START + 4 * DAY)
    assert names().count("reminder") == 1


def test_marks_of_what_has_started_or_lapsed_are_forgotten(section):
    a_participation(a_shift(section, starts_at=START), a_person(section))
    look(START - DAY)
    of_papers = select(func.count()).where(Told.key.startswith("paper"), Told.key.endswith(":7"))
    session.add_all(
        Told(key=f"{what}:7", at=START - 60 * DAY) for what in ("paper", "papers-lapse")
    )
    session.commit()
    kept = select(func.count()).where(Told.key.startswith("slot:"))
    assert session.scalar(kept)
    assert session.scalar(of_papers) == 2
    look(START + 40 * DAY)
    assert session.scalar(kept) == session.scalar(of_papers) == 0


def test_the_wall_of_a_start_is_told_in_the_slots_zone(section, mail):
    away = a_section(section, zone="America/Denver")
    person = a_person(away)
    shift = a_shift(away, starts_at=START)
    a_participation(shift, person)
    run(START - 20 * HOUR)
    [got] = mail.to(person.email)
    assert to_wall(START, "America/Denver").local.strftime("%H:%M") in got.text
    assert "Denver" in got.text
