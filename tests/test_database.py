"""What both databases promise alike."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import delete, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from brigades.clock import Wall
from brigades.db import db, session
from brigades.schedule.models import Slot
from brigades.sections.models import Section
from tests.builders import NOON, a_section, a_shift

pytestmark = pytest.mark.usefixtures("app")


def test_an_instant_comes_back_aware_and_equal():  # DB-02
    start = Wall(datetime(2026, 10, 24, 22), "Europe/Berlin").instant
    shift = a_shift(a_section(), starts_at=start)
    session.expire_all()
    kept = session.scalars(select(Slot).where(Slot.id == shift.id)).one()
    assert kept.starts_at == datetime(2026, 10, 24, 20, tzinfo=UTC)
    assert kept.starts_at > NOON
    elsewhere = datetime(2026, 10, 24, 14, tzinfo=timezone(timedelta(hours=-6)))  # 20:00 UTC
    query = select(Slot.id).where(Slot.starts_at >= elsewhere)
    assert session.scalars(query).all() == [shift.id]
    assert session.scalars(query.where(Slot.starts_at > elsewhere)).all() == []


def test_a_naive_instant_is_refused():  # DB-02
    with pytest.raises(StatementError, match="needs its zone"):
        a_shift(a_section(), created_at=datetime(2026, 10, 24, 22))
    session.rollback()


def test_a_section_with_shifts_cannot_vanish_under_them(app: Flask):  # DB-03
    section = a_section()
    a_shift(section)
    with pytest.raises(IntegrityError):
        session.execute(delete(Section).where(Section.id == section.id))
    session.rollback()
    if db.engine.dialect.name == "sqlite":
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
        assert session.execute(text("PRAGMA foreign_key_check")).all() == []
