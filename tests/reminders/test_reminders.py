"""People are reminded of what they take part in, once, and only of what still holds."""

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from brigades.accounts.models import Account
from brigades.clock import DAY, HOUR, MINUTE, to_wall
from brigades.db import session, unit
from brigades.outbox.delivery.delivering import deliver
from brigades.outbox.models import Fate, Letter
from brigades.people.models import Standing
from brigades.reminders.service import collect, due
from brigades.schedule import service as schedule
from brigades.schedule import slots
from brigades.schedule.states import State
from brigades.sections.models import Section
from tests.builders import (
    NOON,
    a_course,
    a_participation,
    a_person,
    a_section,
    a_session,
    a_shift,
    an_account,
)

START = NOON + 30 * DAY


def names() -> list[str]:
    """Names of all letters, in the order in which they were posted."""
    session.expire_all()
    return list(session.scalars(select(Letter.name).order_by(Letter.id)))


def run(at) -> None:
    """The worker's passes at an instant."""
    with unit():
        collect(at)
    deliver(at)


def move(shift, to, now) -> None:
    """The coordinator moves the shift."""
    length = shift.ends_at - shift.starts_at
    slot = schedule.lock(shift.id)
    slot.starts_local = to_wall(to, slot.zone).local
    slot.ends_local = to_wall(to + length, slot.zone).local
    slot.derive_instants()
    slots.changed(slot, by=coordinator(shift), now=now, was="", became="", moved=True)
    session.commit()


def coordinator(shift) -> int:
    """Somebody who changes things."""
    return int(a_person(session.get_one(Section, shift.section_id)).id)


@pytest.fixture
def section(app):
    return a_section()


def test_a_participant_is_reminded_seven_days_and_one_day_before(section, mail):
    shift = a_shift(section, starts_at=START)
    person = a_person(section)
    a_participation(shift, person)
    for hours in range(9 * 24, -3, -6):
        run(START - hours * HOUR)
    assert names() == ["reminder", "reminder"]
    assert len(mail.to(person.email)) == 2
    assert shift.title in mail.received[0].subject


def test_running_twice_reminds_once(section, mail):  # REM-01
    shift = a_shift(section, starts_at=START)
    a_participation(shift, a_person(section))
    run(START - 20 * HOUR)
    run(START - 20 * HOUR)
    assert len(mail.received) == 1


def test_several_places_of_one_person_in_a_slot_are_one_mail(section, mail):  # REM-01
    shift = a_shift(section, starts_at=START)
    person = a_person(section)
    a_participation(shift, person, State.WITHDRAWN)
    a_participation(shift, person, round=2)
    run(START - 20 * HOUR)
    run(START - 20 * HOUR)
    assert len(mail.received) == 1


def test_four_workers_at_once_remind_once(app, section, mail):  # SCHED-01
    shift = a_shift(section, starts_at=START)
    for _ in range(5):
        a_participation(shift, a_person(section))
    start = threading.Barrier(4)

    def work():
        with app.app_context():
            start.wait()
            run(START - 20 * HOUR)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run(START - 20 * HOUR)
    assert len(mail.received) == 5
    assert len({got.recipients for got in mail.received}) == 5


def test_what_was_due_while_the_worker_was_down_is_sent_once_it_is_back(section, mail):  # SCHED-02
    shift = a_shift(section, starts_at=START)
    a_participation(shift, a_person(section))
    run(START - 6 * DAY)  # it was down over both reminders' moments
    run(START - DAY + HOUR)
    assert names() == ["reminder", "reminder"]


def test_a_moved_shift_is_reminded_again_at_its_new_time(section, mail):
    shift = a_shift(section, starts_at=START)
    a_participation(shift, a_person(section))
    run(START - 20 * HOUR)
    move(shift, START + 3 * DAY, now=START - 19 * HOUR)
    run(START - 19 * HOUR)
    assert names() == ["reminder", "slot-moved"]
    run(START + 3 * DAY - 20 * HOUR)
    assert names() == ["reminder", "slot-moved", "reminder"]
    assert len(mail.received) == 3


def test_who_is_told_of_a_move_to_sooner_gets_exactly_that_one_mail(section, mail):  # REM-03
    starts_at = datetime(2026, 6, 10, 15, tzinfo=UTC)
    shift = a_shift(section, starts_at=starts_at, hours=2, online_url="https://example.org/room")
    a_participation(shift, a_person(section))
    run(datetime(2026, 6, 9, 16, tzinfo=UTC))  # the reminder for 17:00
    mail.clear()
    at = datetime(2026, 6, 10, 10, 10, tzinfo=UTC)
    move(shift, datetime(2026, 6, 10, 11, tzinfo=UTC), now=at)
    for minutes in range(0, 400, 10):
        run(at + minutes * MINUTE)
    [got] = mail.received
    assert "13:00" in got.subject
    assert "UTC+2" in got.text


def test_nobody_is_reminded_of_what_was_cancelled(section, mail):  # REM-05
    shift = a_shift(section, starts_at=START)
    people = [a_person(section), a_person(section)]
    for person in people:
        a_participation(shift, person)
    with unit():
        slots.cancel(shift.id, by=people[0].id, now=START - 2 * DAY, why="flood")
    run(START - 20 * HOUR)
    assert names() == ["slot-cancelled"] * 2
    assert [len(mail.to(person.email)) for person in people] == [1, 1]
    assert b"METHOD:CANCEL" in event_of(mail.received[0])


def test_who_withdrew_or_was_deactivated_is_not_reminded_and_others_are(section, mail):  # REM-05
    shift = a_shift(section, starts_at=START, leave_by_hours=2)
    gone, closed, left, stays = (a_person(section) for _ in range(4))
    places = [a_participation(shift, person) for person in (gone, closed, left, stays)]
    account = an_account(closed)
    with unit():
        collect(START - 20 * HOUR)  # posted, and then things change before it is sent
        schedule.leave(places[0], now=START - 20 * HOUR)
        session.get_one(Account, account.id).active = False
        session.merge(left).standing = Standing.LEFT
    deliver(START - 20 * HOUR)
    assert [got.recipients for got in mail.received] == [(stays.email,)]
    run(START - 19 * HOUR)
    assert len(mail.received) == 1
    session.expire_all()
    fates = session.scalars(select(Letter.fate).order_by(Letter.id)).all()
    assert sorted(fates) == [Fate.DROPPED] * 3 + [Fate.SENT]


def test_who_is_on_leave_keeps_the_place_and_so_is_reminded_of_it(section, mail):
    shift = a_shift(section, starts_at=START)
    on_leave = a_person(section, standing=Standing.ON_LEAVE)
    a_participation(shift, on_leave)
    run(START - 20 * HOUR)
    assert [got.recipients for got in mail.received] == [(on_leave.email,)]


@pytest.mark.parametrize(
    "state", [state for state in State if state not in (State.CONFIRMED, State.SEEKING_COVER)]
)
def test_only_who_is_expected_is_reminded(section, state):
    shift = a_shift(section, starts_at=START)
    a_participation(shift, a_person(section), state)
    assert due(START - 20 * HOUR) == []


def test_who_has_no_address_is_passed_over(section):
    shift = a_shift(section, starts_at=START)
    a_participation(shift, a_person(section, email=None))
    assert due(START - 20 * HOUR) == []


def test_a_training_is_reminded_of_as_a_shift_is(section, mail):
    training = a_session(a_course(section), section, starts_at=START)
    a_participation(training, a_person(section))
    run(START - 20 * HOUR)
    assert f"/trainings/{training.id}" in mail.received[0].text


def test_one_row_without_a_zone_does_not_hold_up_the_others(section, mail, caplog):  # TIME-10
    shift, odd = a_shift(section, starts_at=START), a_shift(section, starts_at=START)
    for slot in (shift, odd, odd):
        a_participation(slot, a_person(section))
    odd.zone = ""
    session.commit()
    run(START - 20 * HOUR)
    assert names() == ["reminder"]
    assert len(mail.received) == 1
    errors = [record for record in caplog.records if record.levelname == "ERROR"]
    assert len(errors) == 1
    assert str(odd.id) in errors[0].getMessage()


def event_of(got) -> bytes:
    """The iCalendar part of a mail."""
    [part] = [part for part in got.message.walk() if part.get_content_type() == "text/calendar"]
    return bytes(part.get_payload(decode=True))
