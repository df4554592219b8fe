"""Somebody's address is corrected: what waits for them goes where they are now."""

import pytest
from sqlalchemy import inspect

from brigades.db import session, unit
from brigades.outbox.delivery.delivering import deliver
from brigades.outbox.models import Fate
from brigades.people import details
from brigades.people.models import Person
from brigades.sections.models import Section
from tests.builders import HOUR, NOON, a_person, a_section
from tests.outbox.posting import letter, note, post
from tests.people.desks import a_desk

__all__ = ["note"]


@pytest.fixture
def rosa(app) -> Person:
    return a_person(a_section(), email="rosa@wrong.example")


def moves(person: Person, address: str | None) -> None:
    with unit():
        found = session.get_one(Person, inspect(person).identity[0])
        details.change_address(found, address, by=found.id, now=NOON)


def waits(person: Person, key: str, fate: Fate = Fate.WAITING) -> None:
    post(key, address="rosa@wrong.example", person_id=person.id, section_id=person.section_id)
    letter(key).fate = fate
    session.commit()


def test_what_waits_goes_to_the_new_address_and_nothing_to_the_old(note, rosa, mail):
    waits(rosa, "one")
    waits(rosa, "for the daily mail", Fate.GATHERED)
    moves(rosa, "rosa@right.example")
    deliver(NOON + HOUR)
    assert [got.recipients for got in mail.received] == [("rosa@right.example",)]
    assert letter("for the daily mail").to_address == "rosa@right.example"


def test_what_failed_goes_there_when_it_is_sent_again(app, note, rosa, mail):
    waits(rosa, "one", Fate.FAILED)
    moves(rosa, "rosa@right.example")
    desk = a_desk(app, session.get_one(Section, rosa.section_id))
    desk.post(f"/letters/{letter().id}/again")
    letter().due_at = NOON
    session.commit()
    deliver(NOON + HOUR)
    assert [got.recipients for got in mail.received] == [("rosa@right.example",)]


def test_what_was_sent_still_says_where_it_went(note, rosa, mail):
    waits(rosa, "one")
    deliver(NOON + HOUR)
    moves(rosa, "rosa@right.example")
    assert letter().to_address == "rosa@wrong.example"


def test_without_an_address_nothing_leaves_and_the_letter_says_why(note, rosa, mail):
    waits(rosa, "one")
    waits(rosa, "failed", Fate.FAILED)
    moves(rosa, None)
    deliver(NOON + HOUR)
    assert mail.received == []
    assert {letter(key).fate for key in ("one", "failed")} == {Fate.DROPPED}
    assert letter().error == "no address"
