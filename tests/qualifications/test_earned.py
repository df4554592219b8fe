"""Qualifications that a training earned."""

from datetime import date

from sqlalchemy import func, select

from brigades.audit import service as audit
from brigades.db import session
from brigades.qualifications import service
from brigades.qualifications.models import Qualification
from tests.builders import NOON, a_kind, a_participation, a_person, a_section, a_shift


def test_ticking_twice_grants_once_and_taking_back_takes_it_back(app):
    section, kind = a_section(), a_kind("First aid", months=24)
    person, trainer = a_person(section), a_person(section)
    place = a_participation(a_shift(section), person)
    for _ in range(2):
        held = service.grant(
            person.id,
            kind.id,
            date(2026, 6, 10),
            by=trainer.id,
            now=NOON,
            participation_id=place.id,
        )
    assert held.valid_until == date(2028, 6, 10)
    assert held.verified_by == trainer.id
    assert session.scalar(select(func.count(Qualification.id))) == 1

    service.take_back(place.id, by=trainer.id, now=NOON)
    service.take_back(place.id, by=trainer.id, now=NOON)
    assert session.scalar(select(func.count(Qualification.id))) == 0
    assert [entry.what for entry in audit.trail(person_id=person.id)] == [
        "qualification taken back",
        "qualification granted",
    ]
