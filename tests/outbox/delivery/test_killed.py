"""Killed at random moments, real workers lose nothing and repeat no more than was in their hands.

``python -m bench kill`` does the same with 5,000 letters and ten kills a worker.
"""

from pathlib import Path

import pytest

from bench.kill import Course, run
from bench.serving import Place
from brigades.access import Role
from brigades.db import session
from brigades.outbox.models import Fate, Letter
from brigades.people.models import Person
from brigades.sections.models import Section
from tests.builders import an_appointment, signed_in

pytestmark = pytest.mark.long


def test_workers_that_are_killed_lose_no_letter(app, real_clock, tmp_path: Path):
    place = Place("tests", tmp_path, app.config["SQLALCHEMY_DATABASE_URI"])
    course = Course(letters=400, workers=2, kills=1, connections=2, life=0.8, patience=600)
    found = run(place, course)
    assert found.fates == {Fate.SENT: 400}
    assert found.lost == 0
    assert found.repeats <= course.in_flight
    session.expire_all()
    assert session.query(Letter).count() == 400
    person = session.query(Person).one()
    an_appointment(person, session.query(Section).one(), Role.COORDINATOR)
    assert "<b>400</b> Sent" in signed_in(app, person).get("/letters").text
