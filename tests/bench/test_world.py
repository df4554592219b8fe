"""The world that the benchmark measures is as large as it says, and one that could be."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, text

from bench.pages import pages
from bench.world import ONE, Size, build, load
from brigades.clock import now
from brigades.db import session
from brigades.people.models import Person
from brigades.schedule.models import Participation, Slot
from brigades.sections.models import Section
from tests.builders import signed_in

SMALL = Size(sections=30, people=900, slots=200, participations=1_200)


@pytest.fixture
def world(app):
    made = build(SMALL, now())
    load(made, app)
    return made


def counts():
    models = (Section, Person, Slot, Participation)
    return [session.scalar(select(func.count()).select_from(model)) for model in models]


def test_a_world_has_as_many_of_each_as_it_says(world):
    assert counts() == [30, 900, 200, 1_200]


def test_ten_times_a_size_is_ten_of_each():
    assert ONE.times(10) == Size(300, 50_000, 10_000, 60_000)


def test_two_worlds_of_one_moment_are_the_same():
    noon = datetime(2026, 6, 10, 12, tzinfo=UTC)

    assert build(SMALL, noon).marks == build(SMALL, noon).marks
    one, other = (build(SMALL, noon).rows[Participation.__table__] for _ in range(2))
    assert one == other


def test_every_row_names_rows_that_there_are(world):
    if session.get_bind().dialect.name == "sqlite":
        assert session.execute(text("PRAGMA foreign_key_check")).all() == []
    else:  # the server checks the keys again once they are made anew
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        orphans = "SELECT count(*) FROM participation p LEFT JOIN need n ON n.id = p.need_id"
        assert session.scalar(text(f"{orphans} WHERE n.id IS NULL OR n.slot_id <> p.slot_id")) == 0


def test_new_rows_go_on_after_the_world_that_was_loaded(world):
    session.add(Section(slug="new", name="New", zone="Europe/Berlin", created_at=now()))
    session.commit()

    assert session.scalar(select(func.max(Section.id))) == 31


def test_every_page_that_is_measured_is_one_its_reader_may_see(app, world):
    for page in pages(world.marks):
        reader = session.scalars(select(Person).where(Person.email == page.who)).one()
        with_account = session.scalar(
            text("SELECT count(*) FROM account WHERE person_id = :id"), {"id": reader.id}
        )
        assert with_account == 1, page.name
        session.execute(text("DELETE FROM account WHERE person_id = :id"), {"id": reader.id})
        assert signed_in(app, reader).get(page.path).status_code == 200, page.name
