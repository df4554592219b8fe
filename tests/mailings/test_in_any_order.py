"""Whatever happens in whatever order, the mailing's page and the mail server say the same."""

import threading
from random import Random

import pytest
import time_machine

from brigades.clock import DAY, HOUR
from brigades.db import session, unit
from brigades.mailings import holding, progress
from brigades.mailings.models import Mailing, Stage
from brigades.outbox.delivery import claiming, delivering
from brigades.outbox.kinds import How, Kind
from brigades.outbox.models import Fate, Letter
from brigades.outbox.reasons import IN_HAND, MAILING_STOPPED, NOT_WANTED
from brigades.outbox.wishes import service as wishes
from brigades.outbox.wishes.gathering import gather
from brigades.people.models import Person
from tests.builders import NOON
from tests.mailings.desk import a_reader, kept, letters

MORNING = NOON + 18 * HOUR
STEPS = ("set_aside", "write_all", "send_all", "mark")


@pytest.fixture
def readers(desk):
    return [a_reader(desk.section, name) for name in ("Ada", "Bea", "Cem", "Dia")]


def wish(person_id: int, how: How, now=NOON) -> None:
    with unit():
        person = session.get_one(Person, person_id)
        wishes.wish(person, {Kind.NEWS: how}, by=person_id, now=now)


def deliver(now) -> int:
    session.commit()
    with unit():
        gather(now)
    return delivering.deliver(now)


def before(monkeypatch, step: str, act) -> None:
    """Have something happen once, just before a step of the worker."""
    real, done = getattr(delivering, step), []

    def acting(*args, **kwargs):
        if not done:
            done.append(act())
        return real(*args, **kwargs)

    monkeypatch.setattr(delivering, step, acting)


def fates(mailing_id: int) -> list[Fate]:
    return [letter.fate for letter in letters(mailing_id)]


@pytest.fixture
def gathered(desk, readers):
    """A mailing that Ada and Bea get in their daily mails, and how to hold or stop it."""
    for reader in readers[:2]:
        wish(reader.id, How.DAILY)
    mailing_id = desk.sent(q="ada")
    deliver(NOON)
    assert fates(mailing_id) == [Fate.GATHERED]
    return mailing_id


def test_paused_before_a_daily_mail_with_it_is_written_it_waits_for_another_days(
    desk, gathered, mail, monkeypatch
):
    by = desk.cora.id

    def pause():
        with unit():
            holding.pause(gathered, by=by, now=MORNING)

    before(monkeypatch, "write_all", pause)
    assert deliver(MORNING) == 0
    assert fates(gathered) == [Fate.GATHERED]
    assert deliver(MORNING + DAY) == 0
    with unit():
        holding.resume(gathered, by=by, now=MORNING + DAY)
    assert deliver(MORNING + 2 * DAY) == 1
    assert fates(gathered) == [Fate.SENT]
    assert "bring boots" in mail.received[0].text


def test_what_else_is_in_that_mail_is_told(desk, readers, gathered, mail, monkeypatch):
    by = desk.cora.id
    other = desk.sent({"subject_en": "Soup", "body_en": "on Thursday"}, q="ada")
    deliver(NOON + HOUR)

    def pause():
        with unit():
            holding.pause(gathered, by=by, now=MORNING)

    before(monkeypatch, "write_all", pause)
    assert deliver(MORNING) == 1
    assert "on Thursday" in mail.received[0].text
    assert "bring boots" not in mail.received[0].text
    assert (fates(gathered), fates(other)) == ([Fate.GATHERED], [Fate.SENT])


@pytest.mark.parametrize(
    ("step", "arrives"), [("set_aside", 0), ("write_all", 0), ("send_all", 1), ("mark", 1)]
)
def test_stopped_while_a_daily_mail_with_it_is_in_hand_it_ends_as_what_became_of_it(
    desk, gathered, mail, monkeypatch, step, arrives
):
    by, seen = desk.cora.id, []

    def stop():
        with unit():
            seen.append(holding.stop(gathered, by=by, now=MORNING))
        seen.extend(letter.error for letter in letters(gathered))

    before(monkeypatch, step, stop)
    assert deliver(MORNING) == arrives
    assert seen == [holding.Stopped(dropped=0, in_hand=1), IN_HAND]
    [letter] = letters(gathered)
    assert len(mail.received) == arrives
    if arrives:
        assert (letter.fate, letter.error) == (Fate.SENT, "")
    else:
        assert (letter.fate, letter.error) == (Fate.DROPPED, MAILING_STOPPED)
    assert progress.far([gathered], MORNING)[gathered].sent == arrives
    deliver(MORNING + DAY)
    assert len(mail.received) == arrives


def test_stopped_while_its_daily_mail_waits_for_another_try_it_is_dropped_at_once(
    desk, gathered, mail
):
    mail.refusals["ada@example.org"] = "451 later"
    assert deliver(MORNING) == 0
    page = desk.after(desk.browser.post(f"/mailings/{gathered}/stop"))
    assert "Stopped. 1 letter will not be sent." in page
    assert "may still arrive" not in page
    mail.refusals.clear()
    assert deliver(MORNING + HOUR) == 0
    assert fates(gathered) == [Fate.DROPPED]


@pytest.mark.parametrize("wished", [How.DAILY, How.AT_ONCE])
def test_stopped_while_in_hand_it_neither_waits_nor_is_gathered(
    desk, readers, mail, monkeypatch, wished
):
    wish(readers[0].id, wished)
    mail.refusals["ada@example.org"] = "451 later"
    mailing_id, by = desk.sent(q="ada"), desk.cora.id

    def stop():
        with unit():
            holding.stop(mailing_id, by=by, now=NOON)

    before(monkeypatch, "mark", stop)
    assert deliver(NOON) == 0
    [letter] = letters(mailing_id)
    assert (letter.fate, letter.error) == (Fate.DROPPED, MAILING_STOPPED)


def test_paused_after_it_was_claimed_a_letter_is_not_sent(desk, readers, mail, monkeypatch):
    mailing_id, by = desk.sent(q="ada"), desk.cora.id

    def pause():
        with unit():
            holding.pause(mailing_id, by=by, now=NOON)

    before(monkeypatch, "write_all", pause)
    assert deliver(NOON) == 0
    [letter] = letters(mailing_id)
    assert (letter.fate, letter.tries, letter.leased_until) == (Fate.WAITING, 0, None)
    with unit():
        holding.resume(mailing_id, by=by, now=NOON)
    assert deliver(NOON) == 1


def test_who_wants_no_news_any_more_is_not_told_them_in_a_mail_that_waits(
    desk, readers, gathered, mail
):
    mail.refusals["ada@example.org"] = "451 later"
    assert deliver(MORNING) == 0
    wish(readers[0].id, How.NEVER, now=MORNING)
    mail.refusals.clear()
    assert deliver(MORNING + HOUR) == 0
    [letter] = letters(gathered)
    assert (letter.fate, letter.error) == (Fate.DROPPED, NOT_WANTED)


def test_a_daily_mail_that_kills_its_workers_takes_what_it_was_to_tell_along(
    desk, gathered, mail, monkeypatch
):
    class Death(BaseException):
        """A worker is killed."""

    def killed(*args, **kwargs):
        raise Death

    with monkeypatch.context() as deadly:
        deadly.setattr(delivering, "write_all", killed)
        now = MORNING
        for _ in range(8):
            with pytest.raises(Death):
                deliver(now)
            session.rollback()
            session.remove()
            now += claiming.LEASE + HOUR / 60
    assert deliver(now) == 0
    assert fates(gathered) == [Fate.FAILED]
    assert "1 of 1 letter is through" in desk.browser.get(f"/mailings/{gathered}").text


def test_of_what_a_killed_worker_had_sent_nobody_says_that_it_was_not(
    desk, readers, mail, monkeypatch
):
    mailing_id = desk.sent(q="ada")

    def killed(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as deadly:
        deadly.setattr(delivering, "mark", killed)
        with pytest.raises(KeyboardInterrupt):
            deliver(NOON)
    session.rollback()
    assert len(mail.received) == 1
    with time_machine.travel(NOON + HOUR, tick=False):
        page = desk.after(desk.browser.post(f"/mailings/{mailing_id}/stop"))
        listed = desk.browser.get(f"/letters?mailing={mailing_id}").text
    assert "1 letter was just being sent: it may have arrived, or still will." in page
    assert "it may have arrived" in listed
    assert "Stopped. 0 letters will not be sent." in page
    deliver(NOON + DAY)
    assert len(mail.received) == 1


def test_a_mail_that_the_server_refuses_fails_what_it_told_and_not_what_was_held(
    desk, readers, gathered, mail, monkeypatch
):
    by = desk.cora.id
    other = desk.sent({"subject_en": "Soup", "body_en": "on Thursday"}, q="ada")
    deliver(NOON + HOUR)
    with unit():
        gather(MORNING)
    with unit():
        holding.pause(gathered, by=by, now=MORNING)
    mail.refusals["ada@example.org"] = "550 no"
    assert deliver(MORNING) == 0
    assert (fates(gathered), fates(other)) == ([Fate.GATHERED], [Fate.FAILED])
    mail.refusals.clear()
    with unit():
        holding.resume(gathered, by=by, now=MORNING)
    assert deliver(MORNING + 2 * DAY) == 1
    assert fates(gathered) == [Fate.SENT]


@pytest.mark.parametrize("seed", range(8))
def test_the_figures_agree_with_the_mail_server(desk, readers, mail, monkeypatch, seed):
    chance = Random(seed)
    by, ids = desk.cora.id, [reader.id for reader in readers]
    mailing_id = desk.sent(q="reader")
    session.commit()
    now = NOON

    def something() -> None:
        act = chance.choice(("pause", "resume", "resume", "wish", "wish", "refuse", "take", "stop"))
        if act == "wish":
            wish(chance.choice(ids), chance.choice(list(How)), now)
        elif act == "refuse":
            name = chance.choice(("ada", "bea", "cem", "dia"))
            mail.refusals[f"{name}@example.org"] = chance.choice(("451 later", "550 no"))
        elif act == "take":
            mail.refusals.clear()
        elif act != "stop" or chance.random() < 0.3:
            with unit():
                getattr(holding, act)(mailing_id, by=by, now=now)

    def often(step: str):
        real = getattr(delivering, step)

        def acting(*args, **kwargs):
            if chance.random() < 0.4:
                something()
            return real(*args, **kwargs)

        return acting

    with monkeypatch.context() as busy:
        for step in STEPS:
            busy.setattr(delivering, step, often(step))
        for _ in range(14):
            something()
            deliver(now)
            now += chance.choice((HOUR, 6 * HOUR, 19 * HOUR))
    mail.refusals.clear()
    with unit():
        holding.resume(mailing_id, by=by, now=now)
    for _ in range(4):
        deliver(now)
        now += DAY

    told = [one for one in mail.received if "bring boots" in one.text]
    arrived = sorted(address for one in told for address in one.recipients)
    assert len(arrived) == len(set(arrived)), "somebody got it twice"
    sent = [one.to_address for one in letters(mailing_id) if one.fate is Fate.SENT]
    assert sent == arrived
    how_far = progress.far([mailing_id], now)[mailing_id]
    assert (how_far.sent, how_far.open, how_far.total) == (len(arrived), 0, 4)
    stage = progress.stage_of(kept(mailing_id), how_far)
    assert stage in (progress.DONE, Stage.STOPPED)
    assert session.query(Mailing).count() == 1
    assert IN_HAND not in set(session.scalars(session.query(Letter.error).statement))


def test_stopped_or_paused_while_workers_deliver_the_figures_agree(app, desk, mail, monkeypatch):
    monkeypatch.setattr(claiming, "BATCH", 3)
    for n in range(24):
        a_reader(desk.section, f"Rae{n}")
    mailing_id, by = desk.sent(q="reader"), desk.cora.id
    session.commit()
    begin, each_hour = threading.Barrier(4), threading.Barrier(3)

    def work() -> None:
        with app.app_context():
            begin.wait()
            for n in range(3):
                delivering.deliver(NOON + n * HOUR)
                each_hour.wait()  # one clock for all: an hour on, what is in hand counts as left

    def press() -> None:
        with app.app_context():
            begin.wait()
            for act in ("pause", "resume", "pause", "resume", "stop"):
                with unit():
                    getattr(holding, act)(mailing_id, by=by, now=NOON)

    threads = [threading.Thread(target=one) for one in (work, work, work, press)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    deliver(NOON + DAY)
    arrived = sorted(address for one in mail.received for address in one.recipients)
    sent = sorted(one.to_address for one in letters(mailing_id) if one.fate is Fate.SENT)
    assert arrived == sent
    how_far = progress.far([mailing_id], NOON + DAY)[mailing_id]
    assert (how_far.sent, how_far.open, how_far.total) == (len(arrived), 0, 24)
    assert kept(mailing_id).stage is Stage.STOPPED
