"""Each night all places are judged again: kept, listed, told once, and never dropped."""

import threading
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event, func, select, update

from brigades import worker
from brigades.audit.models import Entry
from brigades.clock import DAY, HOUR
from brigades.db import session, unit
from brigades.outbox import passes
from brigades.outbox.delivery.delivering import deliver
from brigades.outbox.models import Letter
from brigades.people.models import Person, Standing
from brigades.qualifications.models import Qualification
from brigades.rechecks import nightly
from brigades.rechecks.nightly import due, look_again
from brigades.schedule import again
from brigades.schedule.models import Participation, Status
from brigades.schedule.states import State
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
from tests.support.statements import counted

START = NOON + 60 * DAY


@pytest.fixture
def section(app: Any) -> Any:
    return a_section()


def against() -> list[str]:
    session.expire_all()
    return list(session.scalars(select(Participation.against).order_by(Participation.id)))


def letters() -> list[str]:
    return list(session.scalars(select(Letter.name).order_by(Letter.id)))


def one_who_lapses(section: Any, **given: Any) -> tuple[int, int]:
    """Ids of a certificate that no longer reaches the end of a shift, and of its holder's place."""
    kind = a_kind("First aid")
    shift = a_shift(section, starts_at=START, needs=[a_need(kind_id=kind.id)])
    person = a_person(section)
    paper = a_qualification(person, kind, valid_until=date(2026, 7, 1))
    return paper.id, a_participation(shift, person, **given).id


def test_what_holds_no_longer_is_written_down_and_told_once(section: Any, mail: Any) -> None:
    paper_id, place_id = one_who_lapses(section)
    assert look_again(NOON) == 1
    assert against() == ["qualification-expires"]
    assert session.get_one(Participation, place_id).state is State.CONFIRMED
    deliver(NOON)
    [got] = mail.received
    assert got.subject.startswith("Your place is in question: Shift")
    assert "First aid is valid until Wed, 1 Jul 2026" in got.text
    for days in (1, 2, 3):
        assert look_again(NOON + days * DAY) == 0
    assert letters() == ["place-in-question"]
    session.execute(
        update(Qualification).where(Qualification.id == paper_id).values(valid_until=None)
    )
    session.commit()
    assert look_again(NOON + 4 * DAY) == 1
    assert against() == [""]
    assert letters() == ["place-in-question"]
    changes = session.execute(
        select(Entry.was, Entry.became).where(Entry.what == again.IN_QUESTION).order_by(Entry.id)
    )
    assert changes.tuples().all() == [("", "qualification-expires"), ("qualification-expires", "")]


def test_a_new_reason_is_told_and_one_less_is_not(section: Any) -> None:
    paper_id, place_id = one_who_lapses(section)
    look_again(NOON)
    person_id = session.get_one(Participation, place_id).person_id
    session.execute(update(Person).where(Person.id == person_id).values(standing=Standing.ON_LEAVE))
    session.commit()
    look_again(NOON + DAY)
    assert against() == ["on-leave,qualification-expires"]
    assert letters() == ["place-in-question"] * 2
    session.execute(
        update(Qualification).where(Qualification.id == paper_id).values(valid_until=None)
    )
    session.commit()
    look_again(NOON + 2 * DAY)
    assert against() == ["on-leave"]
    assert letters() == ["place-in-question"] * 2


def test_a_letter_is_dropped_where_it_holds_again_by_the_time_it_is_sent(
    section: Any, mail: Any
) -> None:
    paper_id, _place_id = one_who_lapses(section)
    look_again(NOON)
    session.execute(
        update(Qualification).where(Qualification.id == paper_id).values(valid_until=None)
    )
    session.commit()
    deliver(NOON)
    assert mail.received == []


def test_a_travel_paper_is_no_matter_until_thirty_days_before(section: Any) -> None:  # QUAL-03
    kind = a_kind("Passport", travel=True, months_past_end=6)
    shift = a_shift(section, starts_at=START, needs=[a_need(kind_id=kind.id)])
    person = a_person(section)
    a_qualification(person, kind, valid_until=date(2026, 12, 1))
    a_participation(shift, person)
    look_again(START - 31 * DAY)
    assert against() == [""]
    look_again(START - 30 * DAY)
    assert against() == ["qualification-expires"]


def test_a_warning_is_known_to_whoever_signed_up_or_was_overruled(section: Any) -> None:
    """Days that are not possible, and too little rest: warnings, which nobody hears of again."""
    person = a_person(section, weekdays="1")
    a_participation(a_shift(section, starts_at=START), person, override="they agreed")
    a_participation(a_shift(section, starts_at=START + 10 * HOUR), person)
    assert look_again(NOON) == 0
    assert set(against()) == {""}


@pytest.mark.parametrize("state", [State.OFFERED, State.CONFIRMED, State.SEEKING_COVER])
def test_every_place_that_is_kept_for_somebody_is_judged(section: Any, state: State) -> None:
    one_who_lapses(section, state=state)
    assert look_again(NOON) == 1


@pytest.mark.parametrize("state", [State.WAITLISTED, State.REQUESTED, State.WITHDRAWN])
def test_who_has_no_place_is_not(section: Any, state: State) -> None:
    one_who_lapses(section, state=state)
    assert look_again(NOON) == 0


def test_drafts_and_what_has_started_are_passed_over(section: Any) -> None:
    person = a_person(section, standing=Standing.ON_LEAVE)
    a_participation(a_shift(section, starts_at=START, status=Status.DRAFT), person)
    a_participation(a_shift(section, starts_at=NOON), person)
    assert look_again(NOON) == 0


def test_overlaps_are_found_over_the_borders_of_batches(section: Any) -> None:
    person = a_person(section)
    for hours in (0, 4, 30, 34):
        a_participation(a_shift(section, starts_at=START + hours * HOUR), person)
    a_participation(a_shift(section, starts_at=START), a_person(section))
    assert look_again(NOON, most=1) == 4
    assert sorted(against()) == ["", "overlap", "overlap", "overlap", "overlap"]
    assert letters() == ["place-in-question"] * 4


def test_it_runs_once_a_day_and_is_made_up_for_when_late(section: Any) -> None:
    assert due(None, NOON)
    assert not due(NOON, NOON + 11 * HOUR)
    assert due(NOON, NOON + 12 * HOUR)
    look_again(NOON)
    one_who_lapses(section)
    assert look_again(NOON + 11 * HOUR) == 0
    assert look_again(NOON + 20 * DAY) == 1


def test_one_that_breaks_off_is_done_by_another_after_the_lease(
    section: Any, monkeypatch: Any
) -> None:
    one_who_lapses(section)

    def broken(*_any: Any) -> None:
        raise RuntimeError("the power went out")

    with monkeypatch.context() as patched:
        patched.setattr(again, "look", broken)
        assert worker.run_looking(NOON) is False
    assert look_again(NOON + nightly.LEASE / 2) == 0
    assert look_again(NOON + nightly.LEASE) == 1
    assert passes.ended_at(nightly.ENDED) == NOON + nightly.LEASE


def test_one_that_is_stopped_goes_on_later(section: Any) -> None:
    one_who_lapses(section)
    assert look_again(NOON, stop=lambda: True) == 0
    assert passes.ended_at(nightly.ENDED) is None
    assert look_again(NOON + nightly.LEASE) == 1


def test_four_workers_at_once_tell_once(app: Any, section: Any) -> None:  # SCHED-01
    for _ in range(3):
        one_who_lapses(section)
    session.remove()
    start = threading.Barrier(4)
    done: list[int] = []

    def work() -> None:
        with app.app_context():
            start.wait()
            done.append(look_again(NOON))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [0, 0, 0, 3]
    assert letters() == ["place-in-question"] * 3


def test_a_place_that_is_given_up_meanwhile_is_left_alone(section: Any) -> None:
    """Judging takes a moment; what is written is what still was as it was read."""
    _paper_id, place_id = one_who_lapses(section)

    def give_up(conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("SELECT participation.id, participation.against"):
            conn.exec_driver_sql(
                f"UPDATE participation SET state = 'withdrawn' WHERE id = {place_id}"
            )

    event.listen(session.get_bind(), "before_cursor_execute", give_up)
    try:
        with unit():
            assert again.look(NOON).changed == 0
    finally:
        event.remove(session.get_bind(), "before_cursor_execute", give_up)
    assert against() == [""]
    assert letters() == []


def test_a_batch_costs_the_same_for_one_and_for_thirty(section: Any) -> None:
    def cost(most: int) -> int:
        with counted() as seen:
            again.look(NOON, None, most)
            session.rollback()
        # Rows that are new go in one by one on SQLite.
        return len([statement for statement in seen if not statement.startswith("INSERT")])

    for _ in range(31):
        one_who_lapses(section)
    assert cost(1) == cost(30) <= 12
    assert session.scalar(select(func.count(Letter.id))) == 0
