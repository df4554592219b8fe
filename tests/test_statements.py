"""What stands between the services and the database: statements built once, tables looked over."""

import pytest
from sqlalchemy import bindparam, select, text
from sqlalchemy.exc import InternalError

from brigades.db import built_once, look_over, only_reading, session, unit
from brigades.sections.models import Section
from tests.builders import NOON, a_section

built = []


@built_once
def by_name():
    built.append("once")
    return select(Section.id).where(Section.name.in_(bindparam("names", expanding=True)))


def test_a_statement_is_built_once_and_runs_with_other_values_each_time(app):
    built.clear()
    by_name.cache_clear()
    one, other = a_section(name="One"), a_section(name="Other")

    assert session.scalars(by_name(), {"names": ["One"]}).all() == [one.id]
    assert set(session.scalars(by_name(), {"names": ["One", "Other"]})) == {one.id, other.id}
    assert session.scalars(by_name(), {"names": []}).all() == []
    assert built == ["once"]


def test_looking_over_the_tables_tells_sqlite_how_large_they_are(app):
    a_section()
    with unit():
        look_over()

    if session.get_bind().dialect.name == "sqlite":
        known = session.scalars(text("SELECT tbl FROM sqlite_stat1")).all()
        assert "section" in known


@pytest.fixture
def looking():
    """As in a request that only looks."""
    session.commit()
    token = only_reading.set(True)
    yield
    session.rollback()
    only_reading.reset(token)


def test_a_request_that_only_looks_leaves_nothing_behind(app, looking):
    section = Section(slug="new", name="New", zone="Europe/Berlin", created_at=NOON)
    session.add(section)
    if session.get_bind().dialect.name == "postgresql":
        with pytest.raises(InternalError, match="read-only"):
            session.flush()
    else:
        session.flush()
    session.rollback()

    assert session.scalars(select(Section.id)).all() == []


def test_the_server_keeps_what_it_has_planned_from_page_to_page(app, looking):
    if session.get_bind().dialect.name != "postgresql":
        return  # a file plans nothing ahead
    planned = text("SELECT count(*) FROM pg_prepared_statements")
    for _ in range(80):  # over all connections of the pool, each of which plans for itself
        session.execute(by_name(), {"names": ["One"]})
        session.rollback()

    assert session.scalar(planned) > 0


def test_writing_after_looking_is_written(app, looking):
    session.scalars(select(Section.id)).all()
    session.rollback()
    with unit():
        section = Section(slug="new", name="New", zone="Europe/Berlin", created_at=NOON)
        session.add(section)

    assert session.scalars(select(Section.slug)).all() == ["new"]
