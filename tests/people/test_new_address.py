"""Somebody's address is corrected: what waits for them goes where they are now."""

import re

import pytest
from sqlalchemy import inspect, select

from brigades import clock
from brigades.accounts import links, passwords
from brigades.accounts.models import Account
from brigades.calendars.models import SectionFeed
from brigades.db import session, unit
from brigades.outbox.delivery.delivering import deliver
from brigades.outbox.models import Fate
from brigades.people import details
from brigades.people.models import Person
from brigades.push.models import Subscription
from brigades.sections.models import Section
from tests.builders import HOUR, NOON, a_person, a_section, an_account, sign_in
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


# --- somebody else corrects it: nobody knows who has read the mail until now ---


@pytest.fixture
def account(rosa) -> Account:
    return an_account(rosa)


def corrected(app, person: Person, address: str = "rosa@right.example"):
    """A coordinator writes another address on the person's page."""
    desk = a_desk(app, session.get_one(Section, person.section_id))
    sent = {"given_name": "Rosa", "family_name": "L", "locale": "en", "email": address}
    changed = desk.post(f"/people/{person.id}/edit", data=sent)
    assert changed.location == f"/people/{person.id}"


def test_a_link_for_a_first_password_that_went_to_a_wrong_address_opens_nothing(
    app, client, rosa, account
):
    first, reset = links.password_token(account), links.reset_token(account)
    assert client.get(f"/password/{first}").status_code == 200
    corrected(app, rosa)
    for token in (first, reset):
        assert client.get(f"/password/{token}").status_code == 410
        new = {"password": "nine loud trumpets", "repeat": "nine loud trumpets"}
        assert client.post(f"/password/{token}", data=new).status_code == 410


def test_whoever_had_used_it_is_signed_out_and_their_password_opens_nothing(app, rosa, account):
    account.password_hash = passwords.hashed("seven quiet lanterns")
    stranger = app.test_client()
    sign_in(stranger, account)
    assert stranger.get("/me").status_code == 200
    corrected(app, rosa)
    assert stranger.get("/me").status_code == 302
    for address in ("rosa@wrong.example", "rosa@right.example"):
        data = {"email": address, "password": "seven quiet lanterns"}
        assert app.test_client().post("/login", data=data).status_code == 422


def test_the_right_address_gets_a_link_that_sets_a_password(app, client, rosa, account, mail):
    corrected(app, rosa)
    deliver(clock.now() + HOUR)
    assert [got.recipients for got in mail.received] == [("rosa@right.example",)]
    path = re.findall(r"/password/[\w.-]+", mail.received[0].message.get_body().get_content())[0]
    new = {"password": "nine loud trumpets", "repeat": "nine loud trumpets"}
    assert client.post(path, data=new).status_code == 302


def test_the_old_address_hears_of_it_where_somebody_had_signed_in_and_no_name(
    app, rosa, account, mail
):
    account.password_hash = passwords.hashed("seven quiet lanterns")
    corrected(app, rosa)
    deliver(clock.now() + HOUR)
    (told,) = [got for got in mail.received if got.recipients == ("rosa@wrong.example",)]
    words = told.message.get_body().get_content()
    assert "has another one since" in words
    assert "Rosa" not in words
    assert "right.example" not in words


def test_calendar_addresses_and_devices_that_a_stranger_could_have_taken_end_too(
    app, client, rosa, account
):
    rosa.calendar_secret = "a-secret-that-nobody-guesses"
    section = session.get_one(Section, rosa.section_id)
    session.add(SectionFeed(person_id=rosa.id, section_id=section.id, secret="s" * 9, made_at=NOON))
    session.add(
        Subscription(
            person_id=rosa.id,
            endpoint="https://push.example/1",
            key="key",
            auth="auth",
            made_at=NOON,
        )
    )
    assert client.get("/calendar/a-secret-that-nobody-guesses.ics").status_code == 200
    corrected(app, rosa)
    assert client.get("/calendar/a-secret-that-nobody-guesses.ics").status_code == 404
    assert session.scalars(select(SectionFeed)).all() == []
    assert session.scalars(select(Subscription)).all() == []


def test_another_letter_case_is_the_same_mailbox_and_ends_nothing(app, client, rosa, account):
    first = links.password_token(account)
    corrected(app, rosa, "Rosa@WRONG.example")
    assert client.get(f"/password/{first}").status_code == 200


def test_a_member_who_never_could_sign_in_gets_no_letter(app, rosa, mail):
    corrected(app, rosa)
    deliver(clock.now() + HOUR)
    assert mail.received == []
