"""What stands between the services and the database: statements built once, tables looked over."""

from sqlalchemy import bindparam, select, text

from brigades.db import built_once, look_over, session, unit
from brigades.sections.models import Section
from tests.builders import a_section

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
