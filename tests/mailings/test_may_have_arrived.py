"""A letter that was in hand when its mailing was stopped, and nobody said what became of it."""

from contextlib import contextmanager
from random import Random

import pytest
import time_machine

from brigades.clock import DAY, HOUR
from brigades.db import session, unit
from brigades.mailings import holding, progress
from brigades.mailings.models import Mailing
from brigades.outbox.delivery import delivering
from brigades.outbox.kinds import How
from brigades.outbox.models import Fate
from brigades.outbox.reasons import why
from tests.builders import NOON
from tests.mailings.desk import a_reader, addresses, letters
from tests.mailings.test_copying import copied
from tests.mailings.test_in_any_order import MORNING, STEPS, before, deliver, wish

LATER = NOON + HOUR  # no lease of noon holds any more


@pytest.fixture
def ada(desk):
    return a_reader(desk.section, "Ada")


@contextmanager
def unmarked(monkeypatch):
    """A worker that sends, and is killed or falls asleep before it marks; what it would mark."""
    asleep = []
    with monkeypatch.context() as patched:
        patched.setattr(delivering, "mark", lambda *given: asleep.append(given))
        yield asleep


def stop(mailing_id, now=LATER):
    with unit():
        by = session.get_one(Mailing, mailing_id).by_id
        return holding.stop(mailing_id, by=by, now=now)


def in_doubt(mailing_id) -> bool:
    """Whether everything says of a mailing's only letter that it may have arrived."""
    [letter] = letters(mailing_id)
    far = progress.far([mailing_id], LATER)[mailing_id]
    assert (letter.fate, far.total, far.open) == (Fate.DROPPED, 1, 0)
    assert far.doubtful == letter.may_have_arrived
    assert far.dropped == (not letter.may_have_arrived)
    assert ("may have arrived" in why(letter)) == letter.may_have_arrived
    return letter.may_have_arrived


def test_it_is_counted_so_and_a_copy_leaves_out_who_may_have_it_unless_wanted(
    desk, ada, mail, monkeypatch
):
    a_reader(desk.section, "Bea")
    mail.refusals["bea@example.org"] = "451 later"
    first = desk.sent(q="reader")
    with unmarked(monkeypatch):
        deliver(NOON)
    letters(first)[1].leased_until = None  # Bea's was not in its hand
    session.commit()
    with time_machine.travel(LATER, tick=False):
        desk.browser.post(f"/mailings/{first}/stop")
        page = desk.browser.get(f"/mailings/{first}").text
        assert "<dt>May have arrived</dt><dd>1</dd>" in page
        assert "<dt>Not sent</dt><dd>1</dd>" in page
        assert "1 person has not got it" in page
        assert "1 more may have got it" in page
        assert "May have arrived" in desk.browser.get(f"/letters?mailing={first}").text
        answer = desk.browser.post(f"/mailings/{first}/copy")
        page = desk.after(answer)
        assert "goes to the 1 person who has not got the first one yet." in page
        assert "1 person may have got it and is left out" in page
        assert "may have got it already (1)" in page
        second = copied(desk, first)
        form = {"q": "reader", "yet": "y", "doubtful": "y", "go": "show"}
        desk.browser.post(f"/mailings/{second}/people", data=form)
        assert "2 people get it" in desk.browser.get(f"/mailings/{second}/people").text
        looked_at = desk.browser.get(f"/mailings/{second}/send").text
        assert "Also to those who may have got it already" in looked_at
        desk.browser.post(f"/mailings/{second}/people", data={**form, "doubtful": ""})
        desk.browser.post(f"/mailings/{second}/send")
    assert addresses(second) == ["bea@example.org"]


@pytest.mark.parametrize("step", STEPS)
def test_whoever_takes_it_over_cannot_say_that_it_was_not_sent(desk, ada, mail, monkeypatch, step):
    mailing_id = desk.sent(q="ada")
    with unmarked(monkeypatch):
        assert deliver(NOON) == 1
    mail.refusals["ada@example.org"] = "451 later"
    before(monkeypatch, step, lambda: stop(mailing_id))
    assert deliver(LATER) == 0
    assert in_doubt(mailing_id)
    assert deliver(NOON + DAY) == 0
    assert in_doubt(mailing_id)


def test_nor_where_it_was_paused_and_lay_there_again_before(desk, ada, mail, monkeypatch):
    mailing_id, by = desk.sent(q="ada"), desk.cora.id
    with unmarked(monkeypatch):
        deliver(NOON)

    def pause():
        with unit():
            holding.pause(mailing_id, by=by, now=LATER)

    before(monkeypatch, "write_all", pause)
    deliver(LATER)
    assert letters(mailing_id)[0].leased_until is None
    assert stop(mailing_id) == holding.Stopped(dropped=0, in_hand=1)
    assert in_doubt(mailing_id)


@pytest.mark.parametrize("taken_over", [False, True])
def test_a_worker_that_answers_late_says_what_is_true(desk, ada, mail, monkeypatch, taken_over):
    mailing_id = desk.sent(q="ada")
    real = delivering.mark
    with unmarked(monkeypatch) as asleep:
        deliver(NOON)
    if taken_over:
        before(monkeypatch, "write_all", lambda: stop(mailing_id))
        deliver(LATER)
    else:
        stop(mailing_id)
    assert in_doubt(mailing_id)
    real(*asleep[0][:2], LATER)
    [letter] = letters(mailing_id)
    assert (letter.fate, why(letter), len(mail.received)) == (Fate.SENT, "", 1)
    assert progress.far([mailing_id], LATER)[mailing_id].sent == 1


def test_who_answers_that_it_was_not_taken_leaves_no_doubt(desk, ada, mail, monkeypatch):
    mail.refusals["ada@example.org"] = "451 later"
    mailing_id = desk.sent(q="ada")
    before(monkeypatch, "mark", lambda: stop(mailing_id, NOON))
    deliver(NOON)
    assert not in_doubt(mailing_id)


def test_a_line_that_breaks_before_the_servers_last_word_leaves_doubt(desk, ada, mail):
    mail.dropped.add("ada@example.org")
    mailing_id = desk.sent(q="ada")
    assert deliver(NOON) == 0
    assert letters(mailing_id)[0].fate is Fate.WAITING
    assert stop(mailing_id) == holding.Stopped(dropped=0, in_hand=1)
    assert in_doubt(mailing_id)


@pytest.fixture
def daily(desk, ada, mail):
    """A mailing that Ada gets in her daily mail, which she is about to get."""
    wish(ada.id, How.DAILY)
    mailing_id = desk.sent(q="ada")
    deliver(NOON)
    return mailing_id


@pytest.mark.parametrize("step", [None, *STEPS])
def test_what_a_daily_mail_told_is_in_doubt_with_it(desk, daily, mail, monkeypatch, step):
    with unmarked(monkeypatch):
        assert deliver(MORNING) == 1
    if step is None:
        stop(daily, MORNING + HOUR)
    else:
        mail.refusals["ada@example.org"] = "451 later"
        before(monkeypatch, step, lambda: stop(daily, MORNING + HOUR))
    deliver(MORNING + HOUR)
    mail.refusals.clear()
    deliver(MORNING + DAY)
    assert in_doubt(daily)
    assert len([one for one in mail.received if "bring boots" in one.text]) == 1


@pytest.mark.parametrize("taken_over", [False, True])
def test_whoever_marks_that_mail_late_marks_what_it_told(
    desk, daily, mail, monkeypatch, taken_over
):
    real = delivering.mark
    with unmarked(monkeypatch) as asleep:
        deliver(MORNING)
    stop(daily, MORNING + HOUR)
    if taken_over:
        deliver(MORNING + HOUR)
    assert in_doubt(daily)
    real(*asleep[0][:2], MORNING + HOUR)
    [letter] = letters(daily)
    assert (letter.fate, len(mail.received)) == (Fate.SENT, 1)


def test_so_does_a_line_that_breaks_after_that_mail(desk, daily, mail):
    mail.dropped.add("ada@example.org")
    deliver(MORNING)
    stop(daily, MORNING + HOUR)
    assert in_doubt(daily)


@pytest.mark.parametrize("seed", range(3))
def test_whoever_got_it_is_sent_to_or_in_doubt_however_workers_end(desk, mail, monkeypatch, seed):
    chance = Random(seed)
    names = ("ada", "bea", "cem", "dia")
    readers = [a_reader(desk.section, name.title()).id for name in names]
    mailing_id, by, now = desk.sent(q="reader"), desk.cora.id, NOON
    real, asleep = delivering.mark, []

    def mark(*given):
        end = chance.choice(("well", "killed", "late"))
        if end == "well":
            real(*given)
        elif end == "late":
            asleep.append(given[:2])

    monkeypatch.setattr(delivering, "mark", mark)
    for turn in range(12):
        name = chance.choice(names)
        mail.refusals = {f"{name}@example.org": chance.choice(("451 later", "550 no"))}
        mail.dropped = {f"{chance.choice(names)}@example.org"}
        wish(chance.choice(readers), chance.choice((How.DAILY, How.AT_ONCE)), now)
        with unit():
            act = "stop" if turn == 9 else chance.choice(("pause", "resume", "resume"))
            getattr(holding, act)(mailing_id, by=by, now=now)
        deliver(now)
        now += chance.choice((HOUR, 19 * HOUR))
        if asleep and chance.random() < 0.5:
            real(*asleep.pop(), now)
    told = [one for one in mail.received if "bring boots" in one.text]
    arrived = {address for one in told for address in one.recipients}
    kept = letters(mailing_id)
    sent = {one.to_address for one in kept if one.fate is Fate.SENT}
    doubtful = {one.to_address for one in kept if one.may_have_arrived}
    assert sent <= arrived <= sent | doubtful
    assert all("before it left" not in why(one) for one in kept if one.to_address in arrived)
    far = progress.far([mailing_id], now)[mailing_id]
    assert (far.sent, far.doubtful, far.open) == (len(sent), len(doubtful - sent), 0)
    second = copied(desk, mailing_id)
    with time_machine.travel(now, tick=False):
        desk.browser.post(f"/mailings/{second}/send")
    assert not arrived & set(addresses(second))
