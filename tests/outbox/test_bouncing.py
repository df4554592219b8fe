"""An address that refuses two letters in a row sends them back: none goes there till it is well."""

import pytest
from sqlalchemy import select, update

from brigades.access import Role
from brigades.audit.models import Entry
from brigades.clock import DAY, HOUR
from brigades.db import session
from brigades.outbox import mailboxes, reasons, service
from brigades.outbox.delivery import delivering
from brigades.outbox.kinds import Kind
from brigades.outbox.letters import KINDS
from brigades.outbox.models import Fate, Letter, Mailbox
from brigades.outbox.standstill.noticing import still_since
from brigades.sections.models import Section
from tests.builders import NOON, a_person, a_section, an_appointment, signed_in
from tests.outbox.posting import letter, note, post

__all__ = ["note"]

ROSA = "Rosa@Example.org"
NO = "550 5.1.1 no such user"


def refused(mail, *keys, at="refusals", answer=NO):
    """Letters to Rosa that her server does not take, a day apart; the last moment."""
    getattr(mail, at)[ROSA] = answer
    now = NOON
    for key in keys:
        now += DAY
        post(key, address=ROSA, now=now)
        delivering.deliver(now)
    getattr(mail, at).clear()
    return now


def boxes() -> list[Mailbox]:
    session.expire_all()
    return list(session.scalars(select(Mailbox)))


@pytest.mark.parametrize("at", ["refusals", "refused_letters"])
def test_the_second_refusal_in_a_row_marks_the_address(note, mail, at):
    refused(mail, "one", at=at)
    assert [box.bouncing_since for box in boxes()] == [None]
    now = refused(mail, "two", at=at)
    [box] = boxes()
    assert (box.address, box.refusals, box.words) == ("rosa@example.org", 2, NO)
    assert box.bouncing_since is not None
    assert now <= box.bouncing_since < now + HOUR


def test_a_letter_to_it_fails_at_once_with_what_the_server_said(note, mail):
    now = refused(mail, "one", "two")
    post("three", address="rosa@example.ORG", now=now)
    assert delivering.deliver(now + HOUR) == 0
    kept = letter("three")
    assert (kept.fate, kept.tries, mail.received) == (Fate.FAILED, 0, [])
    said = reasons.reason_words(kept.error)
    assert "comes back, since" in said
    assert NO in said
    assert "2026" in said or "Jun" in said


def test_a_letter_that_is_taken_in_between_starts_the_count_anew(note, mail):
    now = refused(mail, "one")
    post("two", address=ROSA, now=now)
    assert delivering.deliver(now) == 1
    assert boxes() == []
    refused(mail, "three")
    assert [box.bouncing_since for box in boxes()] == [None]


def test_account_mail_is_tried_all_the_same_and_heals(note, mail, monkeypatch):
    now = refused(mail, "one", "two")
    monkeypatch.setitem(KINDS, "note", Kind.ACCOUNT)
    post("three", address=ROSA, now=now)
    assert delivering.deliver(now + HOUR) == 1
    assert boxes() == []


@pytest.mark.parametrize("answer", ["550 5.7.1 relaying denied", "530 5.7.0 sign in first"])
def test_what_is_our_own_fault_marks_no_address(note, mail, answer):
    refused(mail, "one", "two", answer=answer)
    assert boxes() == []


@pytest.mark.parametrize(
    "answer",
    [
        "550 looks like spam",
        "554 5.6.0 what is this",
        "550 5.7.1 blocked for its content",
        "552 5.3.4 too large",
    ],
)
def test_who_refuses_what_a_letter_says_refuses_no_address_and_mail_moves(
    note, mail, letters_page, answer
):
    now = refused(mail, "one", "two", at="refused_letters", answer=answer)
    assert letter("two").fate is Fate.FAILED
    assert boxes() == []
    assert still_since(now + HOUR) is None
    page = letters_page()
    assert "The mail server refused this letter, not the address" in page
    assert answer in page


def test_who_does_not_believe_that_we_may_send_is_a_standstill_and_marks_no_address(note, mail):
    answer = "550 5.7.26 this mail is unauthenticated"
    now = refused(mail, "one", "two", at="refused_letters", answer=answer)
    assert boxes() == []
    assert still_since(now + HOUR) is not None


@pytest.mark.parametrize(
    ("answer", "refusals"),
    [
        ("550 no", 1),
        ("551 moved", 1),
        ("553 no such name", 1),
        ("501 5.1.3 odd", 1),
        ("552 full", 0),
        ("554 no", 0),
        ("550 5.1.8 odd sender", 0),
    ],
)
def test_only_who_does_not_take_the_recipient_refuses_the_address(note, mail, answer, refusals):
    refused(mail, "one", answer=answer)
    assert [box.refusals for box in boxes()] == [1] * refusals


def test_a_refused_sender_marks_no_address(note, mail):
    mail.unwelcome = "550 5.1.8 no such sender"
    post("one", address=ROSA)
    post("two", address=ROSA)
    delivering.deliver(NOON)
    assert letter("two").fate is Fate.FAILED
    assert boxes() == []


def test_a_temporary_answer_marks_no_address(note, mail):
    refused(mail, "one", "two", "three", answer="452 mailbox full")
    assert boxes() == []


def test_two_refusals_in_one_batch_count_as_two(note, mail):
    mail.refusals[ROSA] = NO
    post("one", address=ROSA)
    post("two", address=ROSA)
    delivering.deliver(NOON)
    assert [box.refusals for box in boxes()] == [2]


def test_others_are_not_touched_by_it(note, mail):
    now = refused(mail, "one", "two")
    post("ali", address="ali@example.org", now=now)
    assert delivering.deliver(now) == 1
    assert mailboxes.bouncing_one("ali@example.org") is None
    assert mailboxes.bouncing_one(ROSA) is not None


@pytest.fixture
def letters_page(app):
    """The letters page as text, for who administers the top."""
    section = a_section()
    person = a_person(section)
    an_appointment(person, section, Role.ADMINISTRATOR)
    client = signed_in(app, person)
    return lambda: client.get("/letters").text


@pytest.fixture
def rosa(app):
    """A volunteer whose address has refused two letters in a row."""
    person = a_person(a_section(), given_name="Rosa", email=ROSA)
    session.add(
        Mailbox(
            address=mailboxes.key(ROSA),
            refusals=2,
            bouncing_since=NOON,
            words=NO,
            changed_at=NOON,
        )
    )
    session.commit()
    return person


@pytest.fixture
def coordinator(app, rosa):
    section = session.get_one(Section, rosa.section_id)
    person = a_person(section)
    an_appointment(person, section, Role.COORDINATOR)
    return signed_in(app, person)


@pytest.mark.parametrize("address", ["/me", "/profile"])
def test_who_it_is_is_asked_to_check_the_address(app, rosa, address):
    client = signed_in(app, rosa)
    page = client.get(address).text
    assert "Our mail to you comes back" in page
    assert "check your address" in page
    session.delete(session.get_one(Mailbox, mailboxes.key(ROSA)))
    assert "comes back" not in client.get(address).text


def test_whoever_may_see_the_person_sees_it_and_can_let_mail_go_again(coordinator, rosa):
    page = coordinator.get(f"/people/{rosa.id}").text
    assert "Mail to this address comes back" in page
    assert NO in page
    assert "Ask for another address" in page
    assert coordinator.post(f"/people/{rosa.id}/mail-again").status_code == 303
    assert boxes() == []
    [entry] = session.scalars(select(Entry))
    assert (entry.what, entry.was, entry.became, entry.why) == (
        "mailbox",
        "bouncing",
        "tried again",
        NO,
    )
    page = coordinator.get(f"/people/{rosa.id}").text
    assert "comes back" not in page
    assert "Address that sent mail back" in page
    assert coordinator.post(f"/people/{rosa.id}/mail-again").status_code == 303
    assert len(session.scalars(select(Entry)).all()) == 1


def test_a_new_address_starts_clean(coordinator, rosa):
    form = {"given_name": "Rosa", "email": "rosa@elsewhere.example", "locale": "en"}
    assert coordinator.post(f"/people/{rosa.id}/edit", data=form).status_code == 302
    assert "comes back" not in coordinator.get(f"/people/{rosa.id}").text


def test_letters_to_it_are_found_and_sending_one_again_takes_the_mark_off(coordinator, rosa):
    for key, address in (("one", ROSA), ("two", "ali@example.org")):
        post_to(key, rosa.section_id, address)
    page = coordinator.get("/letters?back=1").text
    assert ROSA in page
    assert "ali@example.org" not in page
    assert "Comes back" in page
    kept = letter("one")
    assert "Comes back" in coordinator.get(f"/letters/{kept.id}").text
    coordinator.post(f"/letters/{kept.id}/again")
    assert letter("one").fate is Fate.WAITING
    assert boxes() == []


def test_who_is_erased_leaves_no_mark_of_their_address(rosa):
    service.forget(rosa.id, [rosa.email], "No. 1")
    session.commit()
    assert boxes() == []


def post_to(key: str, section_id: int, address: str) -> None:
    """A letter that has failed."""
    service.post_to(
        "password-changed",
        address=address,
        locale="en",
        about={},
        key=key,
        now=NOON,
        section_id=section_id,
    )
    session.execute(update(Letter).where(Letter.key == key).values(fate=Fate.FAILED, error=NO))
    session.commit()
