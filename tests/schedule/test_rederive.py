"""When a country changes its clock rules, the wall time stays and the instants follow."""

import zoneinfo
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from sqlalchemy import select

from brigades import clock
from brigades.audit.models import Entry
from brigades.db import session, unit
from brigades.schedule.rederive import keep_up, last_rules, rederive
from tests.builders import a_section, a_shift

BEFORE = datetime(2023, 3, 20, tzinfo=UTC)


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
    with unit():
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
    with unit():
        assert rederive(BEFORE) == []


def test_a_slot_without_a_zone_is_passed_over(app, caplog):  # TIME-10
    section = a_section()
    odd = a_shift(section, starts_at=BEFORE + timedelta(days=1))
    good = a_shift(section, starts_at=BEFORE + timedelta(days=1))
    odd.zone = ""
    good.starts_at -= timedelta(hours=1)
    session.commit()
    with unit():
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
    with unit():
        assert [one.slot_id for one in rederive(BEFORE)] == [good.id]
    assert session.get_one(type(odd), odd.id).hours == pytest.approx(1 / 3)
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 1


def test_the_worker_follows_new_rules_by_itself_and_else_looks_once_a_day(app, monkeypatch):
    shift = a_shift(a_section(zone="Asia/Gaza"), starts_at=BEFORE + timedelta(days=20))

    def passed(at):
        with unit():
            moved = keep_up(at)
        session.expire_all()
        return moved

    def stale():
        session.get_one(type(shift), shift.id).starts_at -= timedelta(hours=1)
        session.commit()

    assert passed(BEFORE) == 0
    assert last_rules() == clock.tzdata_version()
    stale()
    assert passed(BEFORE + timedelta(hours=1)) == 0  # same rules, same day: nothing is looked at
    assert passed(BEFORE + timedelta(days=1)) == 1
    stale()
    monkeypatch.setattr("brigades.schedule.rederive.tzdata_version", lambda: "2099a")
    assert passed(BEFORE + timedelta(days=1, hours=1)) == 1
    assert last_rules() == "2099a"
    assert passed(BEFORE + timedelta(days=1, hours=2)) == 0


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
