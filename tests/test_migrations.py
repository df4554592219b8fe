"""Migrations: the schema they make is the models', forward and back, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Enum, String, func, inspect, select, text

from brigades import create_app
from brigades.db import Base, db, session
from brigades.people.models import Person
from brigades.schedule.models import Participation
from brigades.schedule.states import State
from tests.builders import a_participation, a_person, a_section, a_shift
from tests.support import databases, postgres


@pytest.fixture(params=databases.BOTH)
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An application on an empty database without tables."""
    url = f"sqlite:///{tmp_path / 'fresh.db'}"
    if request.param == "postgresql":
        url = postgres.database_url(request.config, "migrations")
    app = create_app(
        {"TESTING": True, "INSTANCE_PATH": str(tmp_path), "SQLALCHEMY_DATABASE_URI": url}
    )
    with app.app_context():
        yield app
        session.remove()
        db.engine.dispose()


def test_migrations_make_what_the_models_say(fresh: Flask):
    upgrade()

    def same_type(_context, _inspected, _column, stored, wanted):  # type: ignore[no-untyped-def]
        return False if isinstance(wanted, Enum) and isinstance(stored, String) else None

    with db.engine.connect() as link:
        context = MigrationContext.configure(link, opts={"compare_type": same_type})
        assert compare_metadata(context, Base.metadata) == []


def test_upgrading_twice_changes_nothing_and_rows_in_every_state_survive(fresh: Flask):  # MIG-01
    upgrade()
    section = a_section()
    shift = a_shift(section)
    for state in State:
        a_participation(shift, a_person(section), state)
    by_state = select(Participation.state, func.count()).group_by(Participation.state)
    before = dict(session.execute(by_state).all())
    session.commit()
    upgrade()
    assert dict(session.execute(by_state).all()) == before == dict.fromkeys(State, 1)
    session.rollback()
    if db.engine.dialect.name == "sqlite":
        assert session.execute(text("PRAGMA foreign_key_check")).all() == []
        assert session.scalar(text("PRAGMA foreign_keys")) == 1  # DB-03
        session.rollback()


def test_downgrading_takes_all_tables_away_and_upgrading_brings_them_back(fresh: Flask):
    upgrade()
    tables = set(inspect(db.engine).get_table_names())
    session.remove()
    downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    upgrade()
    assert set(inspect(db.engine).get_table_names()) == tables


def test_names_that_were_kept_stretched_and_joined_are_found_as_new_ones_are(fresh: Flask):
    upgrade()
    person = a_person(a_section(), given_name="محـــمد", family_name="می\u200cخواهم")
    wanted = person.search, person.sort_name
    person.search, person.sort_name = "محـــمد می\u200cخواهم", "می\u200cخواهم محـــمد"
    session.commit()
    session.remove()
    downgrade(revision="0012")
    upgrade()
    found = session.execute(select(Person.search, Person.sort_name)).one()
    assert (found.search.split()[:2], found.sort_name) == (wanted[0].split()[:2], wanted[1])
