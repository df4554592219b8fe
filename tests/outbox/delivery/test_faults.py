"""Whatever a mail server does: what the letters page says is what happened, and others go on."""

import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from brigades.access import Role
from brigades.clock import HOUR, MINUTE
from brigades.db import session
from brigades.outbox import passes
from brigades.outbox.delivery import claiming, delivering, mail_server, marking, smtp
from brigades.outbox.models import Fate, Letter
from brigades.outbox.standstill.noticing import still_since
from brigades.outbox.wishes import gathering
from tests.builders import NOON, a_person, a_section, an_appointment, signed_in
from tests.outbox.posting import letter, note, post

__all__ = ["note"]

ROSA, ALI, MIA = "rosa@example.org", "ali@example.org", "mia@example.org"


@pytest.fixture
def section(app):
    return a_section()


@pytest.fixture
def page(app, section):
    """The letters page as text, for a coordinator of the section."""
    person = a_person(section)
    an_appointment(person, section, Role.COORDINATOR)
    client = signed_in(app, person)
    return lambda: client.get("/letters").text


@pytest.fixture
def impatient(monkeypatch):
    """A mail server has a second for each answer; the tests' own needs that on a busy machine."""
    monkeypatch.setattr(mail_server, "TIMEOUT", 1)
    monkeypatch.setattr(smtp, "LAST_WORD", 1)


def three(section):
    """Letters to three people, in this order."""
    for key, address in (("one", ROSA), ("two", ALI), ("three", MIA)):
        post(key, address=address, section_id=section.id)


def said(key: str) -> tuple[Fate, int, str]:
    """What a letter's row says: its fate, its tries, the words."""
    kept = letter(key)
    return kept.fate, kept.tries, kept.error


@pytest.mark.parametrize("answer", ["421 4.3.2 going down", "450 4.2.1 busy", "452 4.2.2 full"])
@pytest.mark.parametrize("at", ["refusals", "refused_letters"])
def test_a_temporary_answer_to_one_is_tried_again_and_the_others_arrive(
    note, mail, section, page, answer, at
):
    getattr(mail, at)[ROSA] = answer
    three(section)
    assert delivering.deliver(NOON) == 2
    assert said("one") == (Fate.WAITING, 1, answer)
    assert NOON + MINUTE <= letter("one").due_at < NOON + 2 * MINUTE
    assert [mail.to(ALI), mail.to(MIA)] != [[], []]
    assert answer in page()
    assert mail.to(ROSA) == []


@pytest.mark.parametrize("at", ["refusals", "refused_letters"])
def test_an_answer_for_good_fails_at_once_and_the_others_arrive(note, mail, section, page, at):
    getattr(mail, at)[ROSA] = "550 5.1.1 no such user"
    three(section)
    assert delivering.deliver(NOON) == 2
    assert said("one") == (Fate.FAILED, 1, "550 5.1.1 no such user")
    assert "550 5.1.1 no such user" in page()
    assert mail.connections == 1  # a refusal breaks nothing


@pytest.mark.parametrize("at", ["refusals", "refused_letters"])
def test_words_that_no_database_keeps_spoil_no_batch(note, mail, section, at):
    getattr(mail, at)[ROSA] = "550 5.1.1 no\0body here"
    three(section)
    assert delivering.deliver(NOON) == 2
    assert said("one") == (Fate.FAILED, 1, "550 5.1.1 nobody here")
    assert (said("two")[0], said("three")[0]) == (Fate.SENT, Fate.SENT)


def test_a_connection_that_breaks_in_a_letter_costs_that_letter_a_try(note, mail, section, page):
    mail.dropped.add(ROSA)
    three(section)
    assert delivering.deliver(NOON) == 2
    fate, tries, words = said("one")
    assert (fate, tries) == (Fate.WAITING, 1)
    assert "closed" in words or "reset" in words
    assert (said("two")[0], said("three")[0]) == (Fate.SENT, Fate.SENT)
    assert "Waiting" in page()


def test_a_server_that_hangs_costs_its_letter_a_try(note, mail, section, impatient):
    mail.kept_waiting.add(ROSA)
    three(section)
    assert delivering.deliver(NOON) == 2
    fate, tries, words = said("one")
    assert (fate, tries) == (Fate.WAITING, 1)
    assert "timed out" in words


@pytest.mark.parametrize("fault", ["dropped", "kept_waiting"])
def test_where_two_connections_in_a_row_break_the_rest_of_the_batch_keeps_its_tries(
    note, mail, section, impatient, page, fault
):
    getattr(mail, fault).update((ROSA, ALI))
    three(section)
    assert delivering.deliver(NOON) == 0
    assert [said(key)[:2] for key in ("one", "two", "three")] == [
        (Fate.WAITING, 1),
        (Fate.WAITING, 1),
        (Fate.WAITING, 0),
    ]
    assert letter("three").due_at == NOON
    assert "Not tried: " in page()
    assert delivering.deliver(NOON + 30 * MINUTE / 60) == 1  # the next pass passes those two over
    assert said("three") == (Fate.SENT, 1, "")


def test_what_is_no_mail_server_is_called_that(app, note, section):
    def answer(server):
        line, _whence = server.accept()
        line.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        line.close()

    with socket.create_server(("127.0.0.1", 0)) as web, sending_to(app, web):
        thread = threading.Thread(target=answer, args=(web,))
        thread.start()
        three(section)
        assert delivering.deliver(NOON) == 0
        thread.join()
    assert said("one")[2].startswith("what answers there is no mail server")
    assert said("three")[:2] == (Fate.WAITING, 0)


def test_a_server_that_never_greets_is_no_way_to_it(app, note, section, impatient):
    with socket.create_server(("127.0.0.1", 0)) as silent, sending_to(app, silent):
        three(section)
        assert delivering.deliver(NOON) == 0
    assert [said(key)[1] for key in ("one", "two", "three")] == [1, 0, 0]
    assert "timed out" in said("one")[2]
    assert still_since(NOON + HOUR) is not None


def test_a_sender_that_is_refused_is_our_fault_and_no_addresss(note, mail, section):
    mail.unwelcome = "550 5.7.1 you may not send here"
    three(section)
    delivering.deliver(NOON)
    assert said("one") == (Fate.FAILED, 1, "550 5.7.1 you may not send here")
    assert still_since(NOON + HOUR) is not None
    assert passes.ended_at(passes.MAIL_TAKEN) is None


def test_a_server_that_is_slower_than_the_lease_is_cut_off_and_nothing_is_sent_after_it(
    note, mail, section, monkeypatch
):
    monkeypatch.setattr(claiming, "SENDING", MINUTE / 40)  # half of it for writing three letters
    monkeypatch.setattr(claiming, "LONGEST", MINUTE / 120)
    mail.kept_waiting.add(ROSA)
    three(section)
    assert delivering.deliver(NOON) == 0
    assert said("one")[:2] == (Fate.WAITING, 1)
    assert said("two") == (Fate.WAITING, 0, said("two")[2])
    assert said("two")[2].startswith("not tried: ")


def test_letters_that_take_long_to_write_go_in_smaller_batches_and_cost_no_try(
    note, mail, monkeypatch
):
    asked = Counter()

    def time_for_six(claimed):
        asked[claimed.begun] += 1
        return 7 - asked[claimed.begun]

    monkeypatch.setattr(claiming.Claim, "seconds_to_write", property(time_for_six))
    for n in range(20):
        post(f"n{n}", address=f"n{n}@example.org")
    assert delivering.deliver(NOON) == 20
    assert len({got.recipients for got in mail.received}) == len(mail.received) == 20
    assert mail.connections == 4
    assert {one.tries for one in session.scalars(select(Letter))} == {1}


def test_a_letter_that_somebody_else_has_by_then_is_left_to_them(note, mail, section, monkeypatch):
    three(section)
    real = delivering.send_all

    def slowly(*given):
        tried = real(*given)
        session.execute(
            Letter.__table__.update().values(leased_until=NOON + 9 * HOUR, error="theirs")
        )
        session.commit()
        return tried

    monkeypatch.setattr(delivering, "send_all", slowly)
    delivering.deliver(NOON)
    kept = session.scalars(select(Letter)).all()
    assert {(one.fate, one.error) for one in kept} == {(Fate.WAITING, "theirs")}


def test_a_database_that_fails_while_letters_are_marked_is_asked_again_so_none_goes_twice(
    note, mail, section, monkeypatch
):
    three(section)
    real, asked = gathering.follow, []

    def deadlocked(*given):
        asked.append(given)
        if len(asked) < marking.TIMES:
            raise OperationalError("deadlock detected", None, Exception())
        return real(*given)

    monkeypatch.setattr(gathering, "follow", deadlocked)
    delivering.deliver(NOON)
    delivering.deliver(NOON + HOUR)
    assert len(mail.received) == 3
    assert {one.fate for one in session.scalars(select(Letter))} == {Fate.SENT}


def test_a_letter_that_is_erased_while_it_is_sent_stays_erased(note, mail, monkeypatch):
    from brigades.outbox import service

    person = a_person(a_section())
    post(address=person.email, person_id=person.id)
    real = delivering.send_all

    def meanwhile(*given):
        tried = real(*given)
        service.forget(person.id, [person.email], "No. 1")
        session.commit()
        return tried

    monkeypatch.setattr(delivering, "send_all", meanwhile)
    delivering.deliver(NOON)
    kept = letter()
    assert (kept.to_address, kept.subject, kept.fate) == ("", "", Fate.DROPPED)


def test_a_letter_that_kills_its_worker_fails_in_the_end_and_the_others_are_sent(
    note, mail, monkeypatch, section
):
    class Death(BaseException):
        pass

    def deadly(to):
        from tests.outbox.posting import load

        if to.key == "bad":
            raise Death
        return load(to)

    from brigades.outbox.letters import LOADERS

    monkeypatch.setitem(LOADERS, "note", deadly)
    post("bad", section_id=section.id)
    for n in range(5):
        post(f"n{n}", address=f"n{n}@example.org", section_id=section.id)
    now, deaths = NOON, 0
    for _ in range(30):
        try:
            delivering.deliver(now)
        except Death:
            deaths += 1
        now += claiming.LEASE + MINUTE
    assert deaths == 8
    assert said("bad") == (Fate.FAILED, 8, "worker died")
    assert len(mail.received) == 5
    kept = session.scalars(select(Letter).where(Letter.key != "bad")).all()
    assert {one.tries for one in kept} == {5}  # four beside it, then alone


@pytest.mark.parametrize("connections", [1, 4])
def test_several_connections_send_each_letter_once(app, note, mail, connections):
    for n in range(230):
        post(f"n{n}", address=f"a{n}@example.org")
    app.config["MAIL_CONNECTIONS"] = connections
    try:
        assert delivering.deliver(NOON) == 230
    finally:
        app.config["MAIL_CONNECTIONS"] = 1
    assert len(mail.received) == len({got.recipients for got in mail.received}) == 230
    assert mail.connections == 5


@contextmanager
def sending_to(app, listening: socket.socket) -> Iterator[None]:
    app.config["MAIL_URL"] = f"smtp://127.0.0.1:{listening.getsockname()[1]}"
    try:
        yield
    finally:
        app.config["MAIL_URL"] = ""
