"""A slot moves: everybody hears it once, and whom the new time conflicts with is asked again."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from brigades.audit.models import Entry
from brigades.clock import DAY, HOUR, MINUTE
from brigades.db import session
from brigades.outbox.delivery.delivering import deliver
from brigades.outbox.models import Letter
from brigades.schedule import service as schedule
from brigades.schedule import slots
from brigades.schedule.models import Participation, SignUp
from brigades.schedule.states import State
from brigades.sections.models import Section
from brigades.shifts.models import Shift
from tests.builders import (
    NOON,
    a_kind,
    a_need,
    a_participation,
    a_person,
    a_qualification,
    a_section,
    a_shift,
)
from tests.reminders.passes import move as relocate
from tests.reminders.test_reminders import move, names
from tests.support.statements import counted

START = NOON + 7 * DAY


@pytest.fixture
def section(app) -> Section:
    return a_section()


def joined(shift, person) -> Participation:
    """Somebody who signed up by themselves."""
    place = schedule.join(shift.id, person, now=NOON)
    session.commit()
    return place


def state_of(place) -> State:
    session.refresh(place)
    return State(place.state)


def moves_told(mail, person) -> list[str]:
    return [got.subject for got in mail.to(person.email) if "is now on" in got.subject]


def test_only_whom_the_new_time_conflicts_with_is_asked_again(section, mail):
    shift, other = a_shift(section, starts_at=START), a_shift(section, starts_at=START + DAY)
    busy, free = a_person(section), a_person(section)
    asked, kept = joined(shift, busy), joined(shift, free)
    joined(other, busy)
    move(shift, START + DAY + HOUR, now=NOON + HOUR)
    assert state_of(asked) is State.OFFERED
    assert state_of(kept) is State.CONFIRMED
    assert asked.answer_by == NOON + HOUR + DAY
    why = session.scalars(select(Entry.why).where(Entry.person_id == busy.id)).all()
    assert "the new time conflicts" in why
    deliver(NOON + HOUR)
    letter = next(got for got in mail.to(busy.email) if "Can you still come?" in got.subject)
    assert f"Overlaps {other.title}" in letter.text
    assert "/answer/" in letter.text
    [told] = [got for got in mail.to(free.email) if "is now on" in got.subject]
    assert told.subject.startswith("Changed:")
    assert "Please answer" not in told.text


def test_who_leaves_the_other_one_can_say_yes_and_who_is_silent_lapses(section):
    shift, other = a_shift(section, starts_at=START), a_shift(section, starts_at=START + DAY)
    sure, silent = a_person(section), a_person(section)
    asked = [joined(shift, person) for person in (sure, silent)]
    others = [joined(other, person) for person in (sure, silent)]
    move(shift, START + DAY, now=NOON + HOUR)
    with pytest.raises(schedule.Refused):
        schedule.answer(asked[0], True, now=NOON + 2 * HOUR)
    session.rollback()
    schedule.leave(others[0], now=NOON + 2 * HOUR)
    schedule.answer(asked[0], True, now=NOON + 2 * HOUR)
    session.commit()
    assert state_of(asked[0]) is State.CONFIRMED
    assert schedule.lapse_offers(NOON + 2 * DAY) == 1
    session.commit()
    assert state_of(asked[1]) is State.LAPSED


def test_too_little_rest_asks_who_came_by_themselves_and_not_whom_a_coordinator_put_there(section):
    shift = a_shift(section, starts_at=START, hours=4)
    other = a_shift(section, starts_at=START + 2 * DAY, hours=4)
    need_id = shift.needs[0].id
    own, given = a_person(section), a_person(section)
    mine = joined(shift, own)
    joined(other, own)
    joined(other, given)
    theirs = schedule.assign(shift.id, need_id, given, by=own.id, now=NOON, agreed=True)
    session.commit()
    move(shift, START + 2 * DAY + 6 * HOUR, now=NOON + HOUR)  # two hours after the other's end
    assert state_of(mine) is State.OFFERED
    assert state_of(theirs) is State.CONFIRMED


def test_a_move_that_makes_too_long_a_stretch_asks_again(section):
    shift = a_shift(section, starts_at=START, hours=8)
    other = a_shift(section, starts_at=START + DAY, hours=8)
    place = joined(shift, person := a_person(section))
    joined(other, person)
    move(shift, START + DAY - 8 * HOUR, now=NOON + HOUR)  # sixteen hours in one go
    assert state_of(place) is State.OFFERED


def test_a_certificate_that_does_not_reach_the_new_end_asks_again(section):
    kind = a_kind()
    shift = a_shift(section, starts_at=START, needs=[a_need(kind_id=kind.id)])
    person = a_person(section)
    a_qualification(person, kind, valid_until=START.date())
    place = joined(shift, person)
    move(shift, START + 2 * DAY, now=NOON + HOUR)
    assert state_of(place) is State.OFFERED


def test_what_stood_against_a_place_before_is_no_matter_of_the_move(section):
    kind = a_kind()
    shift = a_shift(section, starts_at=START, needs=[a_need(kind_id=kind.id)])
    place = a_participation(shift, a_person(section), against="qualification-missing")
    move(shift, START + DAY, now=NOON + HOUR)
    assert state_of(place) is State.CONFIRMED


def test_moved_twice_within_a_minute_is_one_letter_with_the_last_time(section, mail):  # REM-03
    shift, other = a_shift(section, starts_at=START), a_shift(section, starts_at=START + DAY)
    person = a_person(section)
    place = joined(shift, person)
    joined(other, person)
    move(shift, START + DAY, now=NOON + HOUR)
    assert state_of(place) is State.OFFERED
    move(shift, START + 3 * DAY, now=NOON + HOUR + MINUTE)
    assert state_of(place) is State.CONFIRMED  # nothing stands against the time that it is
    deliver(NOON + HOUR + 2 * MINUTE)
    [subject] = moves_told(mail, person)
    assert subject.startswith("Changed:")
    assert "20 Jun" in subject


def test_the_mail_says_how_it_stood_when_its_reader_last_heard_of_it(section, mail):  # REM-03
    shift, person = a_shift(section, starts_at=START, place="Gate <B>"), a_person(section)
    a_participation(shift, person)
    address = person.email

    def moved(to, minute, place=None):
        relocate(session.get_one(Shift, shift_id), to, NOON + minute * MINUTE, place=place)

    shift_id = shift.id
    moved(START + DAY, 1, place="Hall")
    deliver(NOON + 2 * MINUTE)
    moved(START + 2 * DAY, 3)
    moved(START + 2 * DAY + HOUR, 4)  # nobody knew of it
    deliver(NOON + 5 * MINUTE)
    moved(START + 3 * DAY, 6)
    moved(START + 2 * DAY + HOUR, 7)  # and back again
    deliver(NOON + 8 * MINUTE)
    first, second, third = mail.to(address)
    assert "Until now: Wed, 17 Jun 2026, 14:00 to 22:00, Berlin (UTC+2)" in first.text
    assert "Until now: Gate <B>" in first.text
    assert "Until now: <bdi>Gate &lt;B&gt;</bdi>" in first.html
    assert "Until now: Thu, 18 Jun 2026, 14:00 to 22:00, Berlin (UTC+2)" in second.text
    assert second.text.count("Until now") == second.html.count("Until now") == 1
    assert "Until now" not in third.text + third.html


def test_moved_from_one_conflict_into_another_asks_still(section):
    shift = a_shift(section, starts_at=START)
    person = a_person(section)
    place = joined(shift, person)
    for days in (2, 4):
        joined(a_shift(section, starts_at=START + days * DAY), person)
    move(shift, START + 2 * DAY, now=NOON + HOUR)
    place.against = "overlap"  # the nightly look came between
    session.commit()
    move(shift, START + 4 * DAY, now=NOON + DAY)
    assert state_of(place) is State.OFFERED
    move(shift, START + 6 * DAY, now=NOON + DAY + HOUR)
    assert state_of(place) is State.CONFIRMED


def test_moved_while_offered_waits_for_the_answer_and_never_confirms_by_itself(section, mail):
    shift, other = a_shift(section, starts_at=START), a_shift(section, starts_at=START + DAY)
    person = a_person(section)
    joined(other, person)
    place = schedule.assign(shift.id, shift.needs[0].id, person, by=person.id, now=NOON)
    session.commit()
    move(shift, START + DAY, now=NOON + HOUR)
    move(shift, START + 5 * DAY, now=NOON + 2 * HOUR)
    assert state_of(place) is State.OFFERED
    deliver(NOON + 2 * HOUR)
    [subject] = moves_told(mail, person)
    letter = next(got for got in mail.to(person.email) if got.subject == subject)
    assert "/answer/" in letter.text


def test_an_offer_is_answered_sooner_where_the_start_has_come_nearer(section):
    shift = a_shift(section, starts_at=START)
    place = schedule.assign(
        shift.id, shift.needs[0].id, a_person(section), by=a_person(section).id, now=NOON
    )
    session.commit()
    assert place.answer_by == NOON + DAY
    relocate(shift, NOON + 6 * HOUR, now=NOON + 2 * HOUR)
    assert (state_of(place), place.answer_by) == (State.OFFERED, NOON + 4 * HOUR)
    relocate(shift, NOON + 9 * DAY, now=NOON + 3 * HOUR)
    assert place.answer_by == NOON + 4 * HOUR  # what was said stands


def test_moved_over_a_change_of_clocks_conflicts_by_instants(section):
    """Both start at 01:30 on the wall of the night when clocks go back; an hour lies between."""
    first = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)  # 01:30, summer time
    other = a_shift(section, starts_at=first + HOUR, hours=1)  # 02:30, still summer time
    shift = a_shift(section, starts_at=datetime(2026, 10, 10, 23, 30, tzinfo=UTC), hours=1)
    late = a_shift(section, starts_at=datetime(2026, 10, 11, 23, 30, tzinfo=UTC), hours=1)
    person, second = a_person(section), a_person(section)
    place, there = a_participation(shift, person), a_participation(late, second)
    a_participation(other, person)
    a_participation(other, second)
    move(shift, first, now=NOON)  # 01:30 to 02:30 summer time: it only touches
    move(late, first + HOUR + 30 * MINUTE, now=NOON)
    assert state_of(place) is State.CONFIRMED
    assert state_of(there) is State.OFFERED


def test_whom_a_move_finds_looking_for_cover_is_asked_and_looks_no_longer(section):
    shift, other = a_shift(section, starts_at=START), a_shift(section, starts_at=START + DAY)
    person = a_person(section)
    place = a_participation(shift, person, State.SEEKING_COVER, cover_since=NOON)
    a_participation(other, person)
    move(shift, START + DAY, now=NOON + HOUR)
    assert state_of(place) is State.OFFERED
    assert place.cover_since is None


@pytest.mark.parametrize("state", [State.WAITLISTED, State.REQUESTED, State.CONFIRMED])
def test_moving_and_cancelling_tell_everybody_who_stands_with_it(section, mail, state):
    shift = a_shift(section, starts_at=START, needs=[a_need(most=1)], signup=SignUp.REQUEST)
    a_participation(shift, a_person(section))
    person = a_person(section)
    a_participation(
        a_shift(section, starts_at=START, id=shift.id + 1) if state is State.CONFIRMED else shift,
        person,
        state,
    )
    slot_id = shift.id + (state is State.CONFIRMED)
    move(session.get_one(type(shift), slot_id), START + DAY, now=NOON + HOUR)
    slots.cancel(slot_id, by=person.id, now=NOON + 2 * HOUR, why="rain")
    session.commit()
    letters = session.scalars(select(Letter.name).where(Letter.person_id == person.id)).all()
    assert sorted(letters) == ["slot-cancelled", "slot-moved"]


def test_a_draft_and_what_has_started_ask_nobody(section):
    shift, other = a_shift(section, starts_at=START), a_shift(section, starts_at=START + DAY)
    person = a_person(section)
    place = a_participation(shift, person)
    a_participation(other, person)
    move(shift, START + DAY, now=START + DAY + HOUR)
    assert state_of(place) is State.CONFIRMED
    assert names() == ["slot-moved"]


def test_a_move_costs_the_same_however_many_are_asked(section):
    def cost(people: int) -> int:
        shift = a_shift(section, starts_at=START)
        for _ in range(people):
            a_participation(shift, a_person(section, email=None))
        by = a_person(section).id
        slot = schedule.lock(shift.id)
        with counted() as seen:
            slots.changed(slot, by=by, now=NOON, was="", became="", moved=True)
        session.rollback()
        return len(seen)

    assert cost(1) == cost(30)
