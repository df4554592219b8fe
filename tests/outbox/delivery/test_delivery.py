"""Letters are delivered once each, as they are now, and none stops another."""

import re
import threading
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime

import pytest
from sqlalchemy import select, text

from brigades.clock import HOUR, MINUTE
from brigades.db import session
from brigades.outbox import reasons
from brigades.outbox.delivery import claiming, delivering
from brigades.outbox.letters import LOADERS, Content
from brigades.outbox.models import Fate, Letter
from tests.builders import NOON
from tests.outbox.posting import letter, note, post

__all__ = ["note"]

ARABIC = "تذكير بموعد التدريب على الإسعافات الأولية يوم الأربعاء في القاعة الكبرى بمدينة رام الله"
GERMAN = (
    "Erinnerung: „Maurerarbeiten – Gemeindezentrum“ beginnt am Mittwoch, “Handschuhe” mitbringen"
)


def test_a_letter_is_sent_once_and_marked(note, mail):
    post()
    assert delivering.deliver(NOON) == 1
    assert delivering.deliver(NOON) == 0
    [got] = mail.received
    assert got.recipients == ("rosa@example.org",)
    assert "Hello" in got.text
    assert "Hello" in got.html
    kept = letter()
    assert (kept.fate, kept.subject, kept.error) == (Fate.SENT, "Hello", "")
    assert kept.sent_at is not None


def test_the_same_key_is_posted_once(note, mail):
    post()
    post()
    assert delivering.deliver(NOON) == 1


def test_a_letter_that_is_not_due_yet_waits(note, mail):
    post(now=NOON + HOUR)
    assert delivering.deliver(NOON) == 0
    assert delivering.deliver(NOON + HOUR) == 1


def test_a_batch_goes_over_one_connection(note, mail):
    for n in range(60):
        post(key=f"n{n}")
    assert delivering.deliver(NOON) == 60
    assert mail.connections == 2


def test_what_no_longer_holds_is_dropped_with_a_reason(note, mail):
    post(words="over")
    assert delivering.deliver(NOON) == 0
    assert mail.received == []
    assert mail.connections == 0
    assert letter().fate is Fate.DROPPED
    assert letter().error


def test_a_letter_that_cannot_be_written_fails_alone(note, mail, caplog):
    post("bad", words="broken")
    post("unknown", address="not an address")
    post("good")
    assert delivering.deliver(NOON) == 1
    assert letter("bad").fate is Fate.FAILED
    assert "this row is odd" in letter("bad").error
    assert letter("unknown").fate is Fate.FAILED
    assert letter("good").fate is Fate.SENT
    assert "could not be written" in caplog.text


def test_a_letter_whose_rows_make_the_database_complain_fails_alone(note, mail, monkeypatch):
    def load(to):
        if to.key == "bad":
            session.execute(text("SELECT nothing FROM letter"))
        return Content(why="", context={"words": "Hello"})

    monkeypatch.setitem(LOADERS, "note", load)
    post("bad")
    post("good")
    assert delivering.deliver(NOON) == 1
    assert letter("good").fate is Fate.SENT
    assert letter("bad").fate is not Fate.SENT


def test_a_refusal_for_good_fails_at_once_with_the_servers_words(note, mail):
    mail.refusals["rosa@example.org"] = "550 no such mailbox here"
    post("bad")
    post("good", address="ali@example.org")
    assert delivering.deliver(NOON) == 1
    assert letter("bad").fate is Fate.FAILED
    assert letter("bad").error == "550 no such mailbox here"
    assert letter("bad").tries == 1
    assert len(mail.to("ali@example.org")) == 1


def test_a_temporary_answer_is_tried_again_after_growing_pauses_and_at_most_eight_times(note, mail):
    mail.refusals["rosa@example.org"] = "451 try later"
    post()
    now, pauses = NOON, []
    for _ in range(8):
        assert delivering.deliver(now) == 0
        kept = letter()
        assert "451 try later" in kept.error
        pauses.append(kept.due_at - now)
        assert delivering.deliver(now) == 0  # not before its pause is over
        now = max(now, kept.due_at) + timedelta(seconds=1)
    assert pauses[:7] == sorted(set(pauses[:7]))
    assert letter().fate is Fate.FAILED
    assert letter().tries == 8


def test_every_try_carries_the_same_message_id(note, mail):
    mail.refusals["rosa@example.org"] = "451 try later"
    post()
    delivering.deliver(NOON)
    first = letter().message_id
    mail.refusals.clear()
    delivering.deliver(NOON + HOUR)
    [got] = mail.received
    assert got.message["Message-ID"] == first == letter().message_id


def test_without_a_way_to_the_mail_server_letters_wait_and_those_that_never_left_keep_their_tries(
    app, note, sink
):
    for n in range(60):
        post(key=f"n{n}")
    app.config["MAIL_URL"] = f"smtp://127.0.0.1:{_nobody_listens()}"
    try:
        assert delivering.deliver(NOON) == 0
    finally:
        app.config["MAIL_URL"] = ""
    session.expire_all()
    kept = session.scalars(select(Letter).order_by(Letter.tries.desc(), Letter.id)).all()
    assert {one.fate for one in kept} == {Fate.WAITING}
    assert sorted(one.tries for one in kept) == [0] * 59 + [1]
    assert "refused" in kept[0].error.casefold()
    assert reasons.reason_words(kept[1].error).startswith("Not tried: ConnectionRefused")
    assert kept[1].due_at == NOON
    assert kept[59].error == ""  # not even claimed


def _nobody_listens() -> int:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_a_crash_between_sending_and_marking_loses_nothing_and_repeats_under_the_same_id(
    note, mail, monkeypatch
):
    post()

    def crash(*_args):
        raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr(delivering, "mark", crash)
        with pytest.raises(SystemExit):
            delivering.deliver(NOON)
    assert delivering.deliver(NOON + MINUTE) == 0  # still leased
    assert delivering.deliver(NOON + claiming.LEASE + MINUTE) == 1
    assert len({got.message["Message-ID"] for got in mail.received}) == 1
    assert len(mail.received) == 2


def test_four_workers_at_once_send_each_letter_once(app, note, mail):  # SCHED-01
    for n in range(120):
        post(key=f"n{n}", address=f"a{n}@example.org")
    start = threading.Barrier(4)

    def work():
        with app.app_context():
            start.wait()
            delivering.deliver(NOON)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(mail.received) == 120
    assert len({got.recipients for got in mail.received}) == 120


def test_no_transaction_is_open_while_letters_are_sent(note, mail, monkeypatch):
    post()
    seen = []
    real = delivering.send_all
    monkeypatch.setattr(
        delivering,
        "send_all",
        lambda *args: (seen.append(session().in_transaction()), real(*args))[1],
    )
    delivering.deliver(NOON)
    assert seen == [False]


@pytest.mark.parametrize("subject", [ARABIC, GERMAN])
def test_a_long_subject_arrives_as_it_was_written(note, mail, subject):  # MAIL-01
    post(words=subject)
    delivering.deliver(NOON)
    raw = mail.received[0].raw
    head = raw.split(b"\r\n\r\n")[0]
    assert all(byte < 128 for byte in head)
    assert max(len(line) for line in head.split(b"\r\n")) <= 78
    assert all(len(word) <= 75 for word in re.findall(rb"=\?[^ ]*\?=", head))
    assert message_from_bytes(raw, policy=policy.default)["Subject"] == subject
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))


def test_a_line_break_in_a_name_or_title_adds_no_header(note, mail):  # MAIL-02
    post(words="Title\r\nBcc: y@evil.example\n", to_name="Sam\r\nBcc: x@evil.example")
    assert delivering.deliver(NOON) == 1
    [got] = mail.received
    assert got.recipients == ("rosa@example.org",)
    assert got.message["Bcc"] is None
    assert got.subject == "Title Bcc: y@evil.example"
    assert "Sam Bcc" in got.message["To"]


def test_every_header_that_mail_needs_is_there(app, note, mail):  # MAIL-05
    for n in range(3):
        post(key=f"n{n}")
    delivering.deliver(NOON)
    ids = set()
    for got in mail.received:
        message = got.message
        assert len(message.get_all("Date")) == len(message.get_all("Message-ID")) == 1
        assert abs(parsedate_to_datetime(message["Date"]) - NOON) < MINUTE
        assert re.fullmatch(r"<[^<>@\s]+@localhost>", message["Message-ID"])
        ids.add(message["Message-ID"])
        assert message["Auto-Submitted"] == "auto-generated"
        assert app.config["ORGANISATION"] in message["From"]
    assert len(ids) == 3


def test_without_a_mail_server_letters_are_kept_as_files(app, note):
    post()
    assert delivering.deliver(NOON) == 1
    [file] = delivering.letters_folder().glob("*-note.eml")
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert message["To"] == "rosa@example.org"
    assert letter().fate is Fate.SENT
    file.unlink()


def test_a_deliverer_that_is_stopped_ends_after_its_batch(note, mail):
    for n in range(60):
        post(key=f"n{n}")
    asked = iter([False, True])
    assert delivering.deliver(NOON, stop=lambda: next(asked)) == 50


def test_the_time_in_a_loader_is_the_passes_time(note, mail, monkeypatch):
    from brigades.outbox import letters

    seen: list[datetime] = []
    monkeypatch.setitem(LOADERS, "note", lambda to: seen.append(letters.now()))
    post()
    delivering.deliver(NOON)
    assert abs(seen[0] - NOON) < MINUTE
