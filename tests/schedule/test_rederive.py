"""When a country changes its clock rules, the wall time stays and the instants follow."""

import zoneinfo
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from sqlalchemy import select

from brigades import clock
from brigades.audit.models import Entry
from brigades.clock import DAY, HOUR
from brigades.db import session, unit
from brigades.outbox.delivery.delivering import deliver
from brigades.outbox.models import Letter
from brigades.people.models import Person
from brigades.schedule import leaving
from brigades.schedule import rederive as rederiving
from brigades.schedule import service as schedule
from brigades.schedule.models import Participation, Slot
from brigades.schedule.rederive import keep_up, last_rules, rederive
from brigades.schedule.states import State
from brigades.shifts.models import Shift
from tests.builders import a_participation, a_person, a_section, a_shift
from tests.support.databases import POSTGRESQL
from tests.support.race import Race
from tests.support.statements import counted

BEFORE = datetime(2023, 3, 20, tzinfo=UTC)
START = BEFORE + 20 * DAY


@pytest.mark.parametrize(
    ("day", "was", "became"),
    [
        (datetime(2023, 4, 1, 18), "2023-04-01T15:00:00+00:00", "2023-04-01T16:00:00+00:00"),
        (datetime(2023, 4, 30, 18), "2023-04-30T15:00:00+00:00", "2023-04-30T15:00:00+00:00"),
    ],
)
def test_the_instants_of_coming_slots_follow_the_new_rules(app, day, was, became):  # TIME-05
    shift = a_shift(
        a_section(zone="Asia/Gaza"), starts_at=datetime(2023, 4, 1, 15, tzinfo=UTC), hours=2
    )
    # As the rules before 2023a foretold: three hours ahead of UTC on both days.
    shift.starts_local, shift.ends_local = day, day + timedelta(hours=2)
    shift.starts_at = datetime.fromisoformat(was)
    shift.ends_at = shift.starts_at + timedelta(hours=2)
    session.commit()
    moved = rederive(BEFORE)
    kept = session.get_one(type(shift), shift.id)
    assert kept.starts_local == day
    assert kept.starts_at.isoformat() == became
    assert kept.ends_at - kept.starts_at == timedelta(hours=2)
    assert len(moved) == kept.sequence == (was != became)
    entries = session.scalars(select(Entry).where(Entry.slot_id == shift.id)).all()
    assert [(entry.was, entry.became) for entry in entries] == [(was, became)] * len(moved)


def test_what_is_over_stays_as_it_was(app):
    shift = a_shift(a_section(zone="Asia/Gaza"), starts_at=datetime(2023, 3, 1, 15, tzinfo=UTC))
    shift.starts_at -= timedelta(hours=1)
    session.commit()
    assert rederive(BEFORE) == []


def test_a_slot_without_a_zone_is_passed_over(app, caplog):  # TIME-10
    section = a_section()
    odd = a_shift(section, starts_at=BEFORE + timedelta(days=1))
    good = a_shift(section, starts_at=BEFORE + timedelta(days=1))
    odd.zone = ""
    good.starts_at -= timedelta(hours=1)
    session.commit()
    assert [one.slot_id for one in rederive(BEFORE)] == [good.id]
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 1


def test_a_slot_that_the_new_rules_leave_without_length_stops_no_other(app, caplog):  # TIME-10
    section = a_section(zone="Asia/Gaza")
    odd, good = (a_shift(section, starts_at=BEFORE + timedelta(days=20)) for _ in range(2))
    # Planned before anybody knew that the clocks jump from two to three that night.
    odd.starts_local, odd.ends_local = datetime(2023, 4, 29, 2, 50), datetime(2023, 4, 29, 3, 10)
    odd.starts_at = datetime(2023, 4, 29, 0, 50, tzinfo=UTC)
    odd.ends_at = odd.starts_at + timedelta(minutes=20)
    good.starts_at -= timedelta(hours=1)
    session.commit()
    assert [one.slot_id for one in rederive(BEFORE)] == [good.id]
    assert session.get_one(type(odd), odd.id).hours == pytest.approx(1 / 3)
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 1


def test_the_worker_follows_new_rules_by_itself_and_else_looks_once_a_day(app, monkeypatch):
    shift = a_shift(a_section(zone="Asia/Gaza"), starts_at=BEFORE + timedelta(days=20))

    def passed(at):
        moved = keep_up(at)
        session.expire_all()
        return moved

    assert passed(BEFORE) == 0
    assert last_rules() == clock.tzdata_version()
    stale(session.get_one(Shift, shift.id))
    assert passed(BEFORE + timedelta(hours=1)) == 0  # same rules, same day: nothing is looked at
    assert passed(BEFORE + timedelta(days=1)) == 1
    stale(session.get_one(Shift, shift.id))
    monkeypatch.setattr("brigades.schedule.rederive.tzdata_version", lambda: "2099a")
    assert passed(BEFORE + timedelta(days=1, hours=1)) == 1
    assert last_rules() == "2099a"
    assert passed(BEFORE + timedelta(days=1, hours=2)) == 0


def stale(shift: Shift, hours: int = 1) -> None:
    """Its instants are those of older rules, so many hours earlier."""
    shift.starts_at -= hours * HOUR
    shift.ends_at -= hours * HOUR
    session.commit()


def two_that_conflict() -> tuple[Participation, Participation]:
    """Somebody's places in a shift of Gaza that moves by an hour, and in one that begins then."""
    section = a_section(zone="Asia/Gaza")
    moves, stays = (
        a_shift(section, starts_at=START, hours=2),
        a_shift(a_section(zone="UTC"), starts_at=START + HOUR, hours=2),
    )
    person = a_person(section)
    places = a_participation(moves, person), a_participation(stays, person)
    stale(moves)
    return places


def state_of(place: Participation) -> State:
    session.expire_all()
    return session.get_one(Participation, place.id).state


def letters() -> list[tuple[str, int | None]]:
    query = select(Letter.name, Letter.person_id).order_by(Letter.id)
    return list(session.execute(query).tuples())


def test_whom_the_new_instants_conflict_with_is_asked_again_and_nobody_else(app, mail):
    moved, stayed = two_that_conflict()
    other = a_participation(session.get_one(Shift, moved.slot_id), a_person(a_section()))
    assert [one.slot_id for one in rederive(BEFORE)] == [moved.slot_id]
    assert state_of(moved) is State.OFFERED
    assert state_of(stayed) is state_of(other) is State.CONFIRMED
    assert letters() == [("clocks-changed", moved.person_id)]
    assert rederive(BEFORE) == []  # said once
    assert letters() == [("clocks-changed", moved.person_id)]
    deliver(BEFORE)
    [got] = mail.received
    assert "Can you still come?" in got.subject
    assert "The clocks there follow new rules." in got.text
    assert "Overlaps" in got.text
    assert "/answer/" in got.text


def test_who_fits_again_under_the_rules_of_today_hears_that_they_need_not_answer(app, mail):
    moved, _stayed = two_that_conflict()
    rederive(BEFORE)
    deliver(BEFORE)
    shift = session.get_one(Shift, moved.slot_id)
    # The government thinks again: by the clock of the wall, one hour earlier.
    shift.starts_local -= HOUR
    shift.ends_local -= HOUR
    session.commit()
    rederive(BEFORE + HOUR)
    assert state_of(moved) is State.CONFIRMED
    deliver(BEFORE + HOUR)
    assert "You have your place as before" in mail.received[-1].subject
    assert "Nothing stands against it any more. You need not answer." in mail.received[-1].text


def test_a_letter_that_was_answered_by_then_is_not_sent(app, mail):
    moved, _stayed = two_that_conflict()
    rederive(BEFORE)
    leaving.leave(session.get_one(Participation, moved.id), now=BEFORE)
    session.commit()
    deliver(BEFORE)
    assert "Can you still come?" not in " ".join(got.subject for got in mail.received)


def test_two_that_touch_move_one_after_the_other_and_ask_nobody(app, monkeypatch):
    monkeypatch.setattr("brigades.schedule.rederive.LOOKED_AT", 1)
    monkeypatch.setattr("brigades.schedule.rederive.JUDGED", 1)
    section = a_section(zone="Asia/Gaza")
    person = a_person(section)
    # The earlier one moves first, onto the later one's former time; and the other way round.
    for first, second in ((0, 4), (28, 24)):
        for hours in (first, second):
            shift = a_shift(section, starts_at=START + hours * HOUR, hours=4)
            a_participation(shift, person)
            stale(shift)
    assert len(rederive(BEFORE)) == 4
    assert letters() == []
    assert set(session.scalars(select(Participation.state))) == {State.CONFIRMED}


@pytest.mark.parametrize("step", ["_move_all", "_judge_next"])
def test_what_was_killed_goes_on_and_says_nothing_twice(app, monkeypatch, step):
    monkeypatch.setattr("brigades.schedule.rederive.LOOKED_AT", 1)
    monkeypatch.setattr("brigades.schedule.rederive.JUDGED", 1)
    places = [two_that_conflict()[0] for _ in range(2)]
    done = getattr(rederiving, step)
    rounds = iter([True, False])

    def killed(*args: object) -> object:
        found = done(*args)  # its transaction is not kept the second time
        if not next(rounds):
            raise KeyboardInterrupt
        return found

    with monkeypatch.context() as patched:
        patched.setattr(rederiving, step, killed)
        with pytest.raises(KeyboardInterrupt):
            keep_up(BEFORE)
    assert last_rules() is None
    keep_up(BEFORE)
    assert [state_of(place) for place in places] == [State.OFFERED] * 2
    assert sorted(letters()) == [("clocks-changed", place.person_id) for place in places]
    slots = session.scalars(select(Slot).order_by(Slot.id)).all()
    assert [slot.sequence for slot in slots] == [1, 0, 1, 0]
    assert not any(slot.judge_again for slot in slots)


def test_a_worker_that_is_asked_to_stop_leaves_the_rest_for_the_next_time(app):
    moved, _stayed = two_that_conflict()
    asked = iter([False, True, True, True])
    assert keep_up(BEFORE, lambda: next(asked)) == 1
    assert last_rules() is None
    assert state_of(moved) is State.CONFIRMED
    assert keep_up(BEFORE) == 0
    assert state_of(moved) is State.OFFERED


def joining(slot_id: int, person_id: int) -> Callable[[], object]:
    return lambda: schedule.join(slot_id, session.get_one(Person, person_id), now=BEFORE)


@POSTGRESQL
def test_who_is_just_joining_what_another_of_theirs_moves_onto_is_asked(app):
    section = a_section(zone="Asia/Gaza")
    moves = a_shift(section, starts_at=START, hours=2)
    here = a_shift(section, starts_at=START + HOUR, hours=2)
    place = a_participation(moves, a_person(section))
    stale(moves)
    join = joining(here.id, place.person_id)
    assert Race(app).run(join, lambda: rederive(BEFORE)) == []
    assert state_of(place) is State.OFFERED


@POSTGRESQL
def test_nobody_joins_what_overlaps_while_they_are_judged(app):
    section = a_section(zone="Asia/Gaza")
    moves = a_shift(section, starts_at=START, hours=2)
    here = a_shift(section, starts_at=START + HOUR, hours=2)
    place = a_participation(moves, a_person(section))
    moves.judge_again = True
    session.commit()
    join = joining(here.id, place.person_id)
    assert Race(app).run(lambda: rederiving._judge_next(0, BEFORE), join) == ["overlap"]
    assert state_of(place) is State.CONFIRMED


@POSTGRESQL
@pytest.mark.parametrize("moving", [True, False])
def test_of_two_workers_one_moves_and_asks(app, moving):
    moved, _stayed = two_that_conflict()
    slot_id = moved.slot_id
    if not moving:
        with unit():
            rederiving._move_all([slot_id], BEFORE)

    def first() -> None:
        if moving:
            rederiving._move_all([slot_id], BEFORE)
        else:
            rederiving._judge_next(0, BEFORE)

    assert Race(app).run(first, lambda: rederive(BEFORE)) == []
    assert state_of(moved) is State.OFFERED
    assert letters() == [("clocks-changed", moved.person_id)]
    assert session.get_one(Slot, slot_id).sequence == 1


def test_a_batch_costs_the_same_for_one_slot_and_for_thirty(app):
    section = a_section(zone="Asia/Gaza")
    costs = []
    for number in (1, 30):
        for _ in range(number):
            shift = a_shift(section, starts_at=START, hours=2)
            a_participation(shift, a_person(section))
            stale(shift)
        with counted() as seen:
            assert len(rederive(BEFORE)) == number
        costs.append(len([one for one in seen if not one.startswith(("INSERT", "UPDATE"))]))
    assert costs[0] == costs[1]


def test_the_rules_are_those_of_the_wheel_whose_version_is_told(monkeypatch, tmp_path):
    assert zoneinfo.TZPATH == ()
    assert clock.tzdata_version() == import_module("tzdata").IANA_VERSION
    (tmp_path / "tzdata.zi").write_text("# version 2031c\n")
    monkeypatch.setattr("zoneinfo.TZPATH", (str(tmp_path),))
    assert clock.tzdata_version() == "2031c"


def test_the_command_says_how_many_moved(app):
    done = app.test_cli_runner().invoke(args=["zones", "rederive"])
    assert done.exit_code == 0, done.output
    assert "0 moved, tzdata 20" in done.output
