"""Making series and copies: what they take along, what not, and what it costs."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from brigades import clock
from brigades.audit.models import Entry
from brigades.clock import to_wall
from brigades.db import session, unit
from brigades.people.skills import Skill
from brigades.schedule import copying, series
from brigades.schedule.copying import TAKEN
from brigades.schedule.models import (
    Every,
    Need,
    Participation,
    Series,
    SignUp,
    Slot,
    SlotPaper,
    Status,
)
from brigades.schedule.rederive import rederive
from brigades.schedule.rules.series import Pattern
from brigades.shifts.models import Shift
from brigades.trainings.models import Session
from tests import builders as b
from tests.support.statements import counted

NOW = datetime(2026, 6, 1, tzinfo=UTC)
MONDAYS = Pattern(Every.WEEK, weekdays=frozenset({1}), count=4)

# Columns that are a slot's own, and that no copy takes along.
OWN = {
    *("id", "type", "starts_local", "starts_fold", "ends_local", "ends_fold", "starts_at"),
    *("ends_at", "status", "signup_until", "series_id", "series_day", "sequence", "moved_at"),
    *("judge_again", "printed_code", "changed_at", "created_at"),
}


def repeated(slot, pattern=MONDAYS, *, by, publish=False, without=()):
    with unit():
        slot = session.get_one(type(slot), slot.id)
        chosen = {one.key for one in series.preview(slot, pattern, NOW) if one.day not in without}
        series.repeat(slot.id, pattern, chosen, publish=publish, by=by.id, now=NOW)
    return of_series()


def of_series():
    query = select(Slot).where(Slot.series_id.is_not(None)).order_by(Slot.starts_at)
    return list(session.scalars(query))


def test_a_copy_says_of_every_column_whether_it_takes_it_along():
    assert set(TAKEN).isdisjoint(OWN)
    assert {column.key for column in Slot.__table__.columns} == {*TAKEN, *OWN}


def test_a_weekly_training_shows_six_on_both_sides_of_the_change(app):  # TIME-07
    section = b.a_section()
    training = b.a_session(
        b.a_course(section), section, starts_at=datetime(2026, 10, 12, 16, tzinfo=UTC)
    )
    made = repeated(training, by=b.a_person(section))
    assert [f"{one.starts_at:%Y%m%dT%H%M%SZ}" for one in made] == [
        "20261012T160000Z",
        "20261019T160000Z",
        "20261026T170000Z",
        "20261102T170000Z",
    ]
    assert {one.starts_local.hour for one in made} == {18}
    assert {type(one) for one in made} == {Session}
    assert [one.series_day for one in made] == [one.starts_local.date() for one in made]


def test_all_that_was_said_about_the_first_holds_for_each(app):
    section = b.a_section()
    lead, kind = b.a_person(section), b.a_kind()
    shift = b.a_shift(
        section,
        starts_at=datetime(2026, 10, 12, 16, tzinfo=UTC),
        title="Night pour",
        place="Gate B",
        note="bring boots",
        online_url="https://example.org/room",
        lead_id=lead.id,
        signup=SignUp.REQUEST,
        waitlist=False,
        signup_until=date(2026, 10, 10),
        fills_at_once=True,
        meet_before=15,
        leave_by_hours=72,
        swaps_asked=True,
        min_age=18,
        with_children=True,
        sequence=7,
        moved_at=b.NOON,
        needs=[
            b.a_need(skill=Skill.MEDICAL, trade="nursing", least=1, most=2, kind_id=kind.id),
            b.a_need(position=1, language="ar", language_to="en", level="B2", most=0),
        ],
    )
    session.add(SlotPaper(slot_id=shift.id, kind_id=kind.id))
    b.a_participation(shift, b.a_person(section))
    made = repeated(shift, by=lead)
    last = made[-1]
    assert isinstance(last, Shift)
    for name in (*TAKEN, "lead_id"):
        assert getattr(last, name) == getattr(shift, name), name
    assert last.signup_until == date(2026, 10, 31)
    assert (last.sequence, last.moved_at, last.status) == (0, None, Status.DRAFT)
    assert shift.sequence == 7
    needs = session.scalars(select(Need).order_by(Need.slot_id, Need.position)).all()
    assert len(needs) == 8
    for name in copying.NEED:
        assert getattr(needs[-1], name) == getattr(needs[1], name), name
    assert session.scalar(select(func.count()).select_from(SlotPaper)) == 4
    assert session.scalar(select(func.count(Participation.id))) == 1
    trail = session.scalars(select(Entry).order_by(Entry.id)).all()
    assert [entry.why for entry in trail] == [series.REPEATED] + [series.FROM_SERIES] * 3
    assert {entry.slot_id for entry in trail} == {one.id for one in made}


def test_published_ones_are_published_only_when_that_was_chosen(app):
    section = b.a_section()
    boss = b.a_person(section)
    for status, publish, expected in (
        (Status.PUBLISHED, True, Status.PUBLISHED),
        (Status.PUBLISHED, False, Status.DRAFT),
        (Status.DRAFT, True, Status.DRAFT),
    ):
        shift = b.a_shift(section, status=status)
        made = repeated(shift, by=boss, publish=publish)
        own = [one for one in made if one.series_id == shift.series_id and one.id != shift.id]
        assert {one.status for one in own} == {expected}


def test_days_that_were_left_out_are_left_out_and_nothing_repeats_twice(app):
    section = b.a_section()
    shift, boss = b.a_shift(section, starts_at=datetime(2026, 6, 1, 8, tzinfo=UTC)), None
    boss = b.a_person(section)
    made = repeated(shift, by=boss, without={date(2026, 6, 8)})
    assert [one.starts_local.day for one in made] == [1, 15, 22]
    with pytest.raises(series.Repeats), unit():
        series.repeat(shift.id, MONDAYS, (), publish=False, by=boss.id, now=NOW)
    assert session.scalar(select(func.count()).select_from(Series)) == 1


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
def test_a_year_of_nights_has_one_that_is_longer_and_one_that_is_shorter(app, zone):
    section = b.a_section(zone=zone)
    starts = clock.Wall(datetime(2026, 10, 20, 22), zone).instant
    ends = clock.Wall(datetime(2026, 10, 21, 6), zone).instant
    shift = b.a_shift(section, starts_at=starts, ends_at=ends)
    daily = Pattern(Every.DAY, until=date(2027, 4, 10))
    made = repeated(shift, daily, by=b.a_person(section))
    assert sorted({one.hours for one in made}) == [7, 8, 9]
    assert sum(one.hours != 8 for one in made) == 2
    assert {one.starts_local.hour for one in made} == {22}
    assert {one.ends_local.hour for one in made} == {6}


def test_new_rules_of_a_zone_move_only_the_instants_of_a_series(app, monkeypatch):  # TIME-05
    section = b.a_section(zone="Asia/Gaza")
    shift = b.a_shift(section, starts_at=datetime(2023, 3, 25, 16, tzinfo=UTC), hours=2)
    made = repeated(
        shift, Pattern(Every.WEEK, weekdays=frozenset({6}), count=6), by=b.a_person(section)
    )
    right = [one.starts_at for one in made]
    walls = [one.starts_local for one in made]
    for one in made:  # as the rules before 2023a foretold: three hours ahead from 25 March on
        one.starts_at = (one.starts_local - timedelta(hours=3)).replace(tzinfo=UTC)
        one.ends_at = one.starts_at + timedelta(hours=2)
    session.commit()
    moved = rederive(datetime(2023, 3, 20, tzinfo=UTC))
    assert 0 < len(moved) < len(made)
    kept = of_series()
    assert [one.starts_at for one in kept] == right
    assert [one.starts_local for one in kept] == walls


def test_a_hundred_slots_cost_as_many_statements_as_ten(app):
    section = b.a_section()
    boss, kind, cost = b.a_person(section), b.a_kind(), []
    for number in (10, 100):
        shift = b.a_shift(section, needs=[b.a_need(least=1), b.a_need(position=1, most=3)])
        session.add(SlotPaper(slot_id=shift.id, kind_id=kind.id))
        session.commit()
        with counted() as seen:
            repeated(shift, Pattern(Every.DAY, count=number), by=boss)
        cost.append(len(seen))
    assert cost[0] == cost[1] <= 16
    assert session.scalar(select(func.count(Slot.id))) == 110


def test_a_week_keeps_its_wall_times_over_a_change_of_clocks(app):
    section = b.a_section()
    day = datetime(2026, 10, 19, 16, tzinfo=UTC)
    found = [b.a_shift(section, starts_at=day + n * b.DAY) for n in range(6)]
    wanted = copying.copies(((one, 7) for one in found), NOW)
    with unit():
        ids = copying.make(wanted, publish=False, by=b.a_person(section).id, now=NOW)
    made = [session.get_one(Shift, id) for id in ids]
    assert [one.starts_local.day for one in made] == [26, 27, 28, 29, 30, 31]
    assert {one.starts_local.hour for one in made} == {18}
    assert {one.starts_at.hour for one in made} == {17}
    assert {one.series_id for one in made} == {None}


def test_a_copied_week_says_what_is_there_already(app):
    section = b.a_section()
    boss, shift = b.a_person(section), b.a_shift(section)
    wanted = copying.with_twins(copying.copies([(shift, 7)], NOW))
    assert [one.twin for one in wanted] == [False]
    first = copying.digest(wanted)
    with unit():
        copying.make(wanted, publish=True, by=boss.id, now=NOW)
    again = copying.with_twins(copying.copies([(shift, 7)], NOW))
    assert [one.twin for one in again] == [True]
    assert copying.digest(again) != first


def test_a_slot_without_a_zone_has_no_copy(app):  # TIME-10
    shift = b.a_shift(b.a_section())
    shift.zone = ""
    assert copying.copies([(shift, 7)], NOW) == []


def test_a_copied_series_moves_its_weekdays_along(app):
    section = b.a_section()
    boss = b.a_person(section)
    starts = datetime(2026, 10, 12, 16, tzinfo=UTC)
    repeated(b.a_shift(section, starts_at=starts), by=boss)
    with unit():
        of = session.scalars(select(Series)).one()
        wanted = copying.copies(((one, 29) for one in of_series()), NOW)
        series.copy(of, wanted, step=29, publish=False, by=boss.id, now=NOW)
    new = session.scalars(select(Series).order_by(Series.id.desc())).first()
    assert new.weekdays == "2"
    made = [one for one in of_series() if one.series_id == new.id]
    assert [to_wall(one.starts_at, one.zone).local for one in made] == [
        datetime(2026, 11, day, 18) for day in (10, 17, 24)
    ] + [datetime(2026, 12, 1, 18)]
