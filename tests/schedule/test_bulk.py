"""Judging many people against many slots asks the database the same few questions."""

from datetime import date

import pytest

from brigades.db import session
from brigades.people.models import Away, Person
from brigades.schedule import facts, people_facts
from brigades.schedule.models import Slot, SlotPaper
from brigades.schedule.rules import Code, refusals
from tests import builders as b
from tests.support.statements import counted


def judged(people: int, slots: int) -> tuple[int, int]:
    """How many statements were asked, and how many pairs were judged."""
    session.expire_all()
    crowd = session.query(Person).order_by(Person.id).limit(people).all()
    coming = session.query(Slot).order_by(Slot.id).limit(slots).all()
    assert (len(crowd), len(coming)) == (people, slots)
    pairs = 0
    with counted() as statements:
        known = people_facts.facts_around(crowd, coming)
        for slot in facts.facts_of(coming):
            for person in crowd:
                for need in slot.needs:
                    list(refusals(slot, need, known[person.id], b.NOON))
                    pairs += 1
    return len(statements), pairs


@pytest.fixture
def _crowd(app):
    section, aid = b.a_section(), b.a_kind("First aid")
    for number in range(30):
        person = b.a_person(section, "nursing", languages={"ar": "C1"}, born=date(2000, 1, 1))
        b.a_qualification(person, aid)
        b._kept(Away(person_id=person.id, first_day=date(2026, 8, 1), last_day=date(2026, 8, 9)))
        start = b.NOON + (number + 1) * b.DAY
        shift = b.a_shift(section, starts_at=start, with_children=True, min_age=18)
        b._kept(SlotPaper(slot_id=shift.id, kind_id=aid.id))
        b.a_participation(shift, person)


@pytest.mark.usefixtures("_crowd")
def test_thirty_people_and_slots_ask_as_little_as_one(app):
    one, _one_pair = judged(1, 1)
    many, pairs = judged(30, 30)
    assert one == many == 2
    assert pairs == 900


@pytest.mark.usefixtures("_crowd")
def test_what_was_read_is_what_is_judged(app):
    person, slot = (
        session.query(Person).order_by(Person.id).first(),
        session.query(Slot).order_by(Slot.id.desc()).first(),
    )
    known = people_facts.facts_around([person], [slot])[person.id]
    found = {one.code for one in refusals(facts.facts_of([slot])[0], None, known, b.NOON)}
    assert found == {Code.SAFEGUARDING_MISSING}
    assert known.away == ((date(2026, 8, 1), date(2026, 8, 9)),)
