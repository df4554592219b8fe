"""Somebody is erased while others write of them, or erase them too."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from brigades.audit import service as audit
from brigades.audit.models import Entry
from brigades.db import session
from brigades.keeping import holding
from brigades.keeping.models import Farewell
from brigades.people import erasing
from brigades.people.models import Person
from brigades.schedule.models import Slot
from brigades.schedule.moves import lock
from tests.builders import NOON, a_person, a_section, a_shift
from tests.support.databases import POSTGRESQL
from tests.support.race import Race

pytestmark = POSTGRESQL


@pytest.fixture
def race(app: Flask) -> Race:
    return Race(app)


def erase(person_id: int) -> None:
    erasing.erase(session.get_one(Person, person_id), by=None, now=NOON, why="")


def test_who_writes_of_somebody_who_is_being_erased_and_the_erasure_wait_for_no_circle(
    race: Race,
) -> None:
    section = a_section(a_section())
    person = a_person(section, given_name="Rosa", family_name="Lang")
    shift = a_shift(section, note="Ask Rosa Lang for the key.")
    person_id, shift_id = person.id, shift.id

    def write() -> None:
        audit.record("looked for", by=person_id, at=NOON, slot_id=shift_id, person_id=person_id)
        session.flush()

    race.run(lambda: lock(shift_id), lambda: erase(person_id), write)
    assert session.get_one(Slot, shift_id).note == f"Ask № {person_id} for the key."


def test_two_who_erase_the_same_person_at_once_do_it_once(race: Race) -> None:
    person_id = a_person(a_section(a_section()), given_name="Rosa", family_name="Lang").id
    race.run(lambda: erase(person_id), lambda: erase(person_id))
    erased = select(func.count()).select_from(Entry).where(Entry.what == "person erased")
    assert session.scalar(erased) == 1


def test_who_asks_to_be_kept_in_the_moment_of_being_erased_leaves_nothing_behind(
    race: Race,
) -> None:
    person_id = a_person(a_section(a_section()), given_name="Rosa", family_name="Lang").id
    race.run(
        lambda: erase(person_id),
        lambda: holding.stay(session.get_one(Person, person_id), now=NOON),
    )
    assert session.get(Farewell, person_id) is None
