"""One click stops one kind of letters, and nothing else; looking at the page changes nothing."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from brigades import tokens
from brigades.accounts import links
from brigades.audit.models import Entry
from brigades.clock import DAY, HOUR
from brigades.db import session, unit
from brigades.outbox import service
from brigades.outbox.delivery.delivering import deliver
from brigades.outbox.kinds import MUST, How, Kind
from brigades.outbox.letters import KINDS
from brigades.outbox.letters_page.preview import cover
from brigades.outbox.models import Letter, MailWish
from brigades.outbox.wishes import service as wishes
from brigades.outbox.wishes import stopping
from brigades.outbox.wishes.stopping import stop_link, token_of
from brigades.people import erasing
from brigades.schedule import service as schedule
from brigades.schedule import slots
from tests.builders import NOON, a_person, a_section, a_shift, an_account
from tests.outbox.wishes.of_kinds import a_note
from tests.support.apps import beside
from tests.support.statements import counted

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def notes(app, monkeypatch):
    """A letter of each kind that says what it is about."""
    a_note(monkeypatch, {f"note-{kind.name.lower()}": kind for kind in Kind})


@pytest.fixture
def section(app):
    return a_section()


@pytest.fixture
def rosa(section):
    return a_person(section, email="rosa@example.org", given_name="Rosa")


@pytest.fixture(scope="module")
def guarded(backend):
    """A site that checks forms for their tokens."""
    with beside(backend, WTF_CSRF_ENABLED=True) as site:
        yield site


@pytest.fixture
def outside(app, guarded):
    """Whoever has only a link."""
    return guarded.test_client(use_cookies=False)


def news(person, key, now=NOON) -> None:
    service.post("note-news", to=person, about={"words": key}, key=key, now=now)
    session.commit()


def how(person, kind=Kind.NEWS) -> How:
    session.rollback()
    return wishes.of(person.id)[kind]


def page(person, kind=Kind.NEWS) -> str:
    return f"/mail/stop/{token_of(person.id, kind)}"


def test_looking_changes_nothing_and_one_click_stops_the_news(  # MAIL-09
    notes, rosa, mail, outside
):
    news(rosa, "feast")
    assert deliver(NOON) == 1
    [got] = mail.received
    header = got.message["List-Unsubscribe"]
    assert got.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    [link] = re.findall(r"<(http://localhost/mail/stop/[^<>\s]+)>", header)
    for method in ("HEAD", "GET", "HEAD", "GET", "HEAD", "GET"):
        assert outside.open(link, method=method).status_code == 200
    assert how(rosa) is How.AT_ONCE
    for _ in range(2):
        answer = outside.post(link, data=ONE_CLICK)
        assert answer.status_code == 200
        assert how(rosa) is How.NEVER
    assert session.scalar(select(func.count()).select_from(MailWish)) == 1
    assert session.scalar(select(func.count()).select_from(Entry)) == 1


def test_who_wants_no_news_gets_all_the_rest(notes, section, rosa, mail, outside):  # MAIL-10
    an_account(rosa)
    outside.post(page(rosa), data=ONE_CLICK)
    shift = a_shift(section, starts_at=NOON + 7 * DAY)
    other = a_person(section)
    with unit():
        links.ask_for_reset("rosa@example.org", now=NOON)
    with unit():
        schedule.assign(shift.id, shift.needs[0].id, session.merge(rosa), by=other.id, now=NOON)
    assert deliver(NOON) == 2
    with unit():
        slots.cancel(shift.id, by=other.id, now=NOON + HOUR, why="")
    assert deliver(NOON + HOUR) == 1
    names = set(session.scalars(select(Letter.name)))
    assert names == {"password-reset", "place-offered", "slot-cancelled"}
    news(rosa, "feast", now=NOON + HOUR)
    assert deliver(NOON + HOUR) == 0


def test_the_page_asks_then_says_what_was_done_and_offers_to_undo(rosa, outside):
    asks = outside.get(page(rosa)).text
    assert "Stop these letters?" in asks
    assert "Nothing changes until you press the button." in asks
    assert "/me/mail" in asks
    done = outside.post(page(rosa)).text
    assert "These letters are stopped" in done
    assert "Have them again" in done
    assert "These letters are stopped" in outside.get(page(rosa)).text
    again = outside.post(page(rosa), data={"how": "at once"}).text
    assert "You get these letters again" in again
    assert "They come like this: At once." in again
    assert how(rosa) is How.AT_ONCE


def test_undoing_gives_back_what_was_wished_before(rosa, outside):
    with unit():
        wishes.wish(rosa, {Kind.NEWS: How.DAILY}, by=rosa.id, now=NOON)
    outside.post(page(rosa), data=ONE_CLICK)  # her mail program does, she does not see the answer
    for done in (outside.post(page(rosa)).text, outside.get(page(rosa)).text):
        assert 'name="how" value="daily"' in done
        assert "Have them again, as before: In the daily mail" in done
    outside.post(page(rosa), data={"how": "daily"})
    assert how(rosa) is How.DAILY


def test_undoing_gives_back_what_was_wished_for_last_and_for_that_kind_alone(rosa, outside):
    for wanted in (How.DAILY, How.NEVER, How.AT_ONCE):
        with unit():
            wishes.wish(rosa, {Kind.NEWS: wanted}, by=rosa.id, now=NOON)
            wishes.wish(rosa, {Kind.OFFER: How.DAILY}, by=rosa.id, now=NOON)
    outside.post(page(rosa), data=ONE_CLICK)
    assert 'name="how" value="at once"' in outside.get(page(rosa)).text
    outside.post(page(rosa, Kind.OFFER), data=ONE_CLICK)
    assert 'name="how" value="daily"' in outside.get(page(rosa, Kind.OFFER)).text


def test_what_the_trail_does_not_know_comes_at_once_again(rosa, outside):
    session.add(MailWish(person_id=rosa.id, kind=Kind.NEWS, how=How.NEVER))
    session.commit()
    assert 'name="how" value="at once"' in outside.get(page(rosa)).text


def test_a_link_is_good_for_its_own_kind_and_person(section, rosa, outside):
    other = a_person(section)
    outside.post(page(rosa, Kind.REMINDER), data=ONE_CLICK)
    assert how(rosa, Kind.REMINDER) is How.NEVER
    assert how(rosa, Kind.NEWS) is how(other, Kind.REMINDER) is How.AT_ONCE


@pytest.mark.parametrize("odd", ["weekly", "", "AT_ONCE", "at once\x00"])
def test_a_wish_that_is_none_changes_nothing(rosa, outside, odd):
    assert outside.post(page(rosa), data={"how": odd}).status_code in (400, 422)
    assert how(rosa) is How.AT_ONCE


@pytest.mark.parametrize("odd", ["x", "a.b.c", "%00", "é", "0" * 3000])
def test_a_forged_link_leads_nowhere(rosa, outside, odd):
    for method in ("GET", "POST"):
        assert outside.open(f"/mail/stop/{odd}", method=method).status_code in (404, 400)


def test_a_token_for_something_else_leads_nowhere(rosa, outside):
    for token in (
        tokens.sign("answer", f"n{rosa.id}"),
        tokens.sign(stopping.PURPOSE, "n0"),
    ):
        assert outside.post(f"/mail/stop/{token}").status_code == 404
    assert how(rosa) is How.AT_ONCE


def test_a_link_lasts_for_400_days(rosa, outside):
    for days, code in ((399, 200), (401, 404)):
        with time_machine.travel(datetime.now(UTC) - timedelta(days=days), tick=False):
            link = page(rosa)
        assert outside.get(link).status_code == code


def test_who_was_erased_is_not_found_any_more(rosa, outside):
    link = page(rosa)
    with unit():
        erasing.erase(session.merge(rosa), by=rosa.id, now=NOON, why="asked")
    assert outside.get(link).status_code == outside.post(link).status_code == 404
    assert session.scalar(select(func.count()).select_from(MailWish)) == 0


def test_the_page_speaks_the_language_of_whose_mail_it_is(section, outside):
    leila = a_person(section, locale="ar", given_name="ليلى")
    got = outside.get(page(leila)).text
    assert 'dir="rtl"' in got
    assert "ليلى" in got


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_that_can_be_switched_off_carries_the_link_and_no_other(notes, rosa, mail, kind):
    name = f"note-{kind.name.lower()}"
    service.post(name, to=rosa, about={"words": "Roof"}, key="one", now=NOON)
    session.commit()
    deliver(NOON)
    [got] = mail.received
    links_in = re.findall(r"http://localhost\S+", got.text)
    assert links_in[0].startswith("http://localhost/do/")
    assert links_in[-1] == "http://localhost/me/mail"
    carries = kind not in MUST
    assert ("/mail/stop/" in links_in[-2]) is carries
    assert ("List-Unsubscribe" in got.message) is carries
    assert ("Stop such letters" in got.html) is carries


def test_letters_to_nobody_who_is_known_carry_neither_link(notes, mail):
    service.post_to(
        "note-news", address="x@example.org", locale="en", about={"words": "x"}, key="x", now=NOON
    )
    session.commit()
    deliver(NOON)
    [got] = mail.received
    assert "/me/mail" not in got.text
    assert "List-Unsubscribe" not in got.message


def test_the_token_of_every_kind_is_its_own_and_none_stops_what_must_come(app, outside):
    for kind in Kind:
        meant = None if kind in MUST else (7, kind)
        assert stopping.opened(token_of(7, kind)) == meant
    assert outside.get(f"/mail/stop/{token_of(7, Kind.CHANGE)}").status_code == 404
    assert outside.post(f"/mail/stop/{token_of(7, Kind.CHANGE)}").status_code == 404


def test_whoever_looks_after_the_mail_does_not_see_the_link(rosa):
    link = stop_link(Letter(name="reminder", person_id=rosa.id))
    assert cover(f"Stop such letters: {link}") == (
        "Stop such letters: http://localhost/mail/stop/•••"
    )


def test_every_letter_that_there_is_can_be_stopped_or_is_one_that_must_come(rosa):
    for name, kind in KINDS.items():
        link = stop_link(Letter(name=name, person_id=rosa.id))
        assert (link is None) is (kind in MUST or name == "daily"), name


def test_stopping_costs_a_handful_of_statements(rosa, outside):
    with counted() as statements:
        outside.get(page(rosa))
    assert len(statements) <= 4
    with counted() as statements:
        outside.post(page(rosa), data=ONE_CLICK)
    assert len(statements) <= 8
