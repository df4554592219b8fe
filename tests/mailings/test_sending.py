"""Letting a mailing go once, watching how far it has come, holding it, stopping it."""

import threading

import pytest
from sqlalchemy import select

from brigades.access import Can, Role, Scope
from brigades.audit.models import Entry
from brigades.audit.words import say
from brigades.clock import DAY, HOUR
from brigades.db import session, unit
from brigades.mailings import holding, sending
from brigades.mailings.models import Stage
from brigades.outbox.delivery import claiming, delivering
from brigades.outbox.kinds import How, Kind
from brigades.outbox.models import Fate, Letter, MailWish
from brigades.outbox.wishes.gathering import gather
from tests import builders as b
from tests.builders import NOON
from tests.mailings.desk import ENGLISH, a_reader, addresses, kept, letters
from tests.support.statements import counted


def deliver(now=NOON):
    session.commit()
    return delivering.deliver(now)


def of_mailings():
    """What the trail says of mailings, in its order."""
    return session.scalars(select(Entry).where(Entry.what == "mailing").order_by(Entry.id)).all()


@pytest.fixture
def readers(desk):
    return [a_reader(desk.section, name) for name in ("Ada", "Bea", "Cem")]


def test_each_person_once_however_often_the_button_is_pressed(desk, readers):
    mailing_id = desk.sent(q="reader")
    again = desk.after(desk.browser.post(f"/mailings/{mailing_id}/send"))
    assert "Nobody gets it twice." in again
    assert addresses(mailing_id) == ["ada@example.org", "bea@example.org", "cem@example.org"]
    assert {letter.key for letter in letters(mailing_id)} == {
        f"mailing:{mailing_id}:{reader.id}" for reader in readers
    }


def test_who_comes_later_gets_nothing_when_it_is_pressed_again(desk, readers):
    mailing_id = desk.sent(q="reader")
    a_reader(desk.section, "Dia")
    desk.browser.post(f"/mailings/{mailing_id}/send")
    assert len(letters(mailing_id)) == 3


def test_people_are_judged_at_the_moment_it_is_sent(desk, readers):
    mailing_id = desk.written(q="reader")
    readers[0].email = readers[0].email_key = None
    a_reader(desk.section, "Dia")
    desk.browser.post(f"/mailings/{mailing_id}/send")
    assert addresses(mailing_id) == ["bea@example.org", "cem@example.org", "dia@example.org"]


def test_two_who_press_at_the_same_moment_send_it_once(app, desk, readers):
    mailing_id = desk.written(q="reader")
    scope = Scope(desk.cora.id, {Can.WRITE_MAILINGS: frozenset({desk.section.id})})
    by, start, done = desk.cora.id, threading.Barrier(4), []
    session.commit()

    def press():
        with app.app_context():
            start.wait()
            with unit():
                done.append(sending.send(scope, mailing_id, None, by=by, now=NOON))

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.already for one in done) == [False, True, True, True]
    assert sum(one.letters for one in done) == 3
    assert len(letters(mailing_id)) == 3


def test_it_is_recorded_who_let_it_go_and_to_how_many(desk, readers):
    desk.sent(q="reader")
    [*_draft, entry] = of_mailings()
    assert (entry.by_id, entry.section_id) == (desk.cora.id, desk.section.id)
    with desk.app.test_request_context():
        assert say(entry).became == "Under way, 3 letters: Boots for [given name]"
        assert say(entry).was == "Draft"


@pytest.mark.parametrize(
    ("texts", "chosen", "words"),
    [
        ({}, {}, "It has no subject and text yet."),
        (ENGLISH, {"q": "nobody-at-all"}, "Nobody would get it."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_sent(desk, readers, texts, chosen, words):
    mailing_id = desk.draft(**chosen)
    if texts:
        typed = texts | {"main": "en", "section": desk.section.id, "go": "look"}
        desk.browser.post(f"/mailings/{mailing_id}/text", data=typed)
    assert words in desk.browser.get(f"/mailings/{mailing_id}/send").text
    answer = desk.browser.post(f"/mailings/{mailing_id}/send")
    assert answer.status_code == 422
    assert words in answer.text
    assert kept(mailing_id).stage is Stage.DRAFT


def test_a_text_that_lost_its_slot_is_not_sent(desk, readers):
    shift = b.a_shift(desk.section)
    b.a_participation(shift, readers[0])
    text = {"subject_en": "{slot}", "body_en": "{when}"}
    mailing_id = desk.written(text, slot=shift.id, state="coming")
    desk.browser.post(f"/mailings/{mailing_id}/people", data={"q": "reader", "go": "show"})
    answer = desk.browser.post(f"/mailings/{mailing_id}/send")
    assert answer.status_code == 422
    assert "placeholders that cannot be filled in" in answer.text


def test_before_it_goes_one_sees_how_it_reads_to_how_many_in_which_language(desk, readers):
    readers[0].locale = "de"
    german = {"subject_de": "Hallo {given_name}", "body_de": "Komm: https://example.org/x."}
    mailing_id = desk.written(ENGLISH, german, q="reader")
    page = desk.browser.get(f"/mailings/{mailing_id}/send").text
    assert "3 people get it" in page
    assert "2 read it in English" in page
    assert "1 reads it in German" in page
    assert "Boots for Cora" in page
    assert 'href="https://example.org/x"' in page
    assert "Send it to 3 people" in page
    assert "harbour@example.org" in page


def test_the_page_says_how_far_it_has_come_and_what_failed(desk, readers, mail):
    mail.refusals["bea@example.org"] = "550 no such mailbox"
    session.add(MailWish(person_id=readers[2].id, kind=Kind.NEWS, how=How.DAILY))
    mailing_id = desk.sent(q="reader")
    address = f"/mailings/{mailing_id}"
    waiting = desk.browser.get(address).text
    assert "0 of 3 letters are through" in waiting
    assert "Under way" in waiting
    assert 'hx-trigger="every 4s"' in waiting
    assert "Look again" in waiting
    deliver()
    page = desk.browser.get(address).text
    assert "2 of 3 letters are through" in page
    assert '<progress class="br-progress" id="bar" max="3" value="2">' in page
    assert "Under way" in page  # one comes in a daily mail, and can still be stopped
    assert "Stop for good" in page
    assert "hx-trigger" not in page
    assert "550 no such mailbox" in page
    assert f'href="/letters?mailing={mailing_id}"' in page
    fates = {letter.to_address: letter.fate for letter in letters(mailing_id)}
    assert fates == {
        "ada@example.org": Fate.SENT,
        "bea@example.org": Fate.FAILED,
        "cem@example.org": Fate.GATHERED,
    }


def test_a_paused_mailing_leaves_nothing_out_of_hand_until_it_goes_on(desk, readers, mail):
    mailing_id = desk.sent(q="reader")
    assert desk.browser.post(f"/mailings/{mailing_id}/pause").status_code == 303
    assert deliver() == 0
    assert deliver(NOON + DAY) == 0
    assert "Paused" in desk.browser.get(f"/mailings/{mailing_id}").text
    desk.browser.post(f"/mailings/{mailing_id}/pause")  # a second time changes nothing
    desk.browser.post(f"/mailings/{mailing_id}/resume")
    assert deliver() == 3
    assert len(mail.received) == 3
    told = [entry.became.split("|")[0] for entry in of_mailings()]
    assert told == ["created", "written", "sending", "paused", "sending"]


def test_other_letters_do_not_wait_for_a_paused_mailing(desk, readers, mail):
    first = desk.sent(q="reader")
    second = desk.sent({"subject_en": "Other", "body_en": "words"}, q="reader")
    desk.browser.post(f"/mailings/{first}/pause")
    assert deliver() == 3
    assert {one.subject for one in mail.received} == {"Other"}
    assert {letter.fate for letter in letters(second)} == {Fate.SENT}


def test_a_paused_mailing_is_not_told_in_daily_mails_either(desk, readers, mail):
    session.add(MailWish(person_id=readers[0].id, kind=Kind.NEWS, how=How.DAILY))
    mailing_id = desk.sent(q="ada")
    assert deliver() == 0
    assert [letter.fate for letter in letters(mailing_id)] == [Fate.GATHERED]
    desk.browser.post(f"/mailings/{mailing_id}/pause")
    with unit():
        assert gather(NOON + DAY) == 0
    assert deliver(NOON + DAY) == 0
    desk.browser.post(f"/mailings/{mailing_id}/resume")
    with unit():
        assert gather(NOON + DAY) == 1
    assert deliver(NOON + DAY) == 1
    assert [letter.fate for letter in letters(mailing_id)] == [Fate.SENT]
    assert "Boots for Ada" in mail.to("ada@example.org")[0].text


def test_pausing_while_a_worker_delivers_holds_all_but_what_it_has_in_hand(desk, mail, monkeypatch):
    for n in range(12):
        a_reader(desk.section, f"Rae{n}")
    mailing_id = desk.sent(q="reader")
    monkeypatch.setattr(claiming, "BATCH", 5)
    batches = []

    def after(_at):
        batches.append(len(mail.received))
        if len(batches) == 1:
            desk.browser.post(f"/mailings/{mailing_id}/pause")

    session.commit()
    delivering.deliver(NOON, after_batch=after)
    assert len(mail.received) == batches[0] < 12
    desk.browser.post(f"/mailings/{mailing_id}/resume")
    deliver()
    assert len(mail.received) == 12
    assert len({one.recipients for one in mail.received}) == 12


def test_stopping_asks_first_and_drops_what_waits_for_good(desk, readers, mail):
    mailing_id = desk.sent(q="reader")
    asked = desk.browser.get(f"/mailings/{mailing_id}/stop").text
    assert "3 letters still wait. They will never be sent, and this cannot be undone." in asked
    page = desk.after(desk.browser.post(f"/mailings/{mailing_id}/stop"))
    assert "Stopped. 3 letters will not be sent." in page
    assert deliver(NOON + HOUR) == 0
    assert {letter.fate for letter in letters(mailing_id)} == {Fate.DROPPED}
    listed = desk.browser.get(f"/letters?mailing={mailing_id}").text
    assert "The mailing was stopped before it left." in listed
    for act in ("resume", "pause", "stop", "send"):
        assert desk.browser.post(f"/mailings/{mailing_id}/{act}").status_code == 303
    assert kept(mailing_id).stage is Stage.STOPPED
    assert deliver(NOON + HOUR) == 0


def test_stopping_leaves_what_has_left(desk, readers, mail):
    mail.refusals["bea@example.org"] = "451 later"
    mailing_id = desk.sent(q="reader")
    deliver()
    desk.browser.post(f"/mailings/{mailing_id}/stop")
    fates = {letter.to_address: letter.fate for letter in letters(mailing_id)}
    assert fates["ada@example.org"] is Fate.SENT
    assert fates["bea@example.org"] is Fate.DROPPED


def test_what_a_worker_has_in_hand_when_it_is_stopped_ends_as_what_became_of_it(
    desk, readers, mail, monkeypatch
):
    mail.refusals["bea@example.org"] = "451 later"
    mailing_id = desk.sent(q="reader")
    by = desk.cora.id
    sending_all = delivering.send_all

    def stopped_meanwhile(*args, **kwargs):
        with unit():
            holding.stop(mailing_id, by=by, now=NOON)
        return sending_all(*args, **kwargs)

    monkeypatch.setattr(delivering, "send_all", stopped_meanwhile)
    deliver()
    fates = {letter.to_address: letter.fate for letter in letters(mailing_id)}
    assert fates["ada@example.org"] is fates["cem@example.org"] is Fate.SENT
    monkeypatch.undo()
    mail.refusals.clear()
    deliver(NOON + DAY)  # the one that was to be tried again is not
    assert len(mail.received) == 2
    fates = {letter.to_address: letter.fate for letter in letters(mailing_id)}
    assert fates["bea@example.org"] is Fate.DROPPED


def test_what_was_claimed_but_not_written_when_it_is_stopped_is_not_sent(
    desk, readers, mail, monkeypatch
):
    mailing_id = desk.sent(q="reader")
    by = desk.cora.id
    write_all = delivering.write_all

    def stopped_meanwhile(*args, **kwargs):
        with unit():
            holding.stop(mailing_id, by=by, now=NOON)
        return write_all(*args, **kwargs)

    monkeypatch.setattr(delivering, "write_all", stopped_meanwhile)
    assert deliver() == 0
    assert mail.received == []
    assert {letter.fate for letter in letters(mailing_id)} == {Fate.DROPPED}


def test_what_is_under_way_is_not_changed_any_more(desk, readers):
    mailing_id = desk.sent(q="reader")
    typed = {"subject_en": "Other", "body_en": "x", "main": "en", "section": desk.section.id}
    for path, data in (
        ("text", typed | {"go": "look"}),
        ("people", {"q": "cem", "go": "show"}),
        ("without", {"person": str(readers[0].id)}),
        ("discard", {}),
        ("test", {}),
    ):
        assert desk.browser.post(f"/mailings/{mailing_id}/{path}", data=data).status_code == 303
    assert kept(mailing_id).texts["en"]["subject"] == ENGLISH["subject_en"]
    assert kept(mailing_id).chosen["q"] == ["reader"]
    assert session.query(Letter).count() == 3


def test_sending_and_looking_cost_the_same_for_one_and_for_thirty(desk):
    a_reader(desk.section, "Solo")
    few = desk.written(q="solo")
    for n in range(30):
        a_reader(desk.section, f"Rae{n}")
    many = desk.written(q="rae")
    costs = []
    for mailing_id in (few, many):
        for method, path in (("get", "/send"), ("post", "/send"), ("get", ""), ("get", "/stop")):
            with counted() as seen:
                getattr(desk.browser, method)(f"/mailings/{mailing_id}{path}")
            costs.append(len(seen))
    assert costs[:4] == costs[4:]
    assert max(costs[0], costs[2], costs[3]) <= 8


def test_only_whoever_writes_for_the_section_sees_how_far_it_is(desk, readers):
    mailing_id = desk.sent(q="reader")
    otto = b.a_person(desk.other)
    b.an_appointment(otto, desk.other, Role.COORDINATOR)
    tess = b.a_person(desk.section)
    b.an_appointment(tess, desk.section, Role.TRAINER)
    for person in (otto, tess, readers[0]):
        for act in ("pause", "stop", "resume", "copy"):
            browser = desk.as_(person)
            assert browser.post(f"/mailings/{mailing_id}/{act}").status_code == 404
        assert browser.get(f"/mailings/{mailing_id}").status_code == 404
    assert kept(mailing_id).stage is Stage.SENDING
