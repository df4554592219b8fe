"""Headers that every mail program understands, whatever script names and domains are in."""

import re
from email import message_from_bytes, policy

import pytest

from brigades.db import session
from brigades.outbox import service
from brigades.outbox.delivery import delivering
from brigades.outbox.delivery.addresses import wire_address
from brigades.outbox.kinds import Kind
from brigades.outbox.letters import KINDS, LOADERS, Content
from brigades.outbox.models import Fate
from tests.builders import NOON
from tests.outbox.posting import letter, note, post

__all__ = ["note"]


@pytest.fixture
def settings(app):
    """The settings, put back afterwards."""
    before = dict(app.config)
    yield app.config
    app.config.clear()
    app.config.update(before)


@pytest.mark.parametrize(
    ("typed", "wire"),
    [
        ("rosa@example.org", "rosa@example.org"),
        ("Rosa@Bücher.example", "Rosa@xn--bcher-kva.example"),
        ("rosa@straße.example", "rosa@xn--strae-oqa.example"),  # IDNA 2003 makes it strasse
        ("rosa@موقع.example", "rosa@xn--4gbrim.example"),
    ],
)
def test_international_domains_go_in_ascii(typed, wire):
    assert wire_address(typed) == wire


@pytest.mark.parametrize("odd", ["", "rosa", "@example.org", "a b@example.org", "a@☃☃-.example"])
def test_what_is_no_address_is_said_so(odd):
    with pytest.raises(ValueError):
        wire_address(odd)


def test_our_own_domain_may_be_international_too(note, mail, settings):
    settings["BASE_URL"] = "https://straße.example"
    settings["MAIL_FROM"] = "Offene Hände <hilfe@straße.example>"
    post(address="rosa@bücher.example")
    delivering.deliver(NOON)
    [got] = mail.received
    assert got.sender == "hilfe@xn--strae-oqa.example"
    assert got.recipients == ("rosa@xn--bcher-kva.example",)
    assert got.message["Message-ID"].endswith("@xn--strae-oqa.example>")
    assert str(got.message["From"]) == "Offene Hände <hilfe@xn--strae-oqa.example>"
    assert all(byte < 128 for byte in got.raw.split(b"\r\n\r\n")[0])


def test_answers_go_to_the_section_and_a_bad_address_of_it_holds_nothing_up(
    note, mail, monkeypatch
):
    replies = {"one": "büro@bücher.example", "two": "no address", "three": "post@bücher.example"}

    def load(to):
        return Content(why="", context={"words": "Hi"}, reply_to=replies[to.key])

    monkeypatch.setitem(LOADERS, "note", load)
    for key in replies:
        post(key, address=f"{key}@example.org")
    assert delivering.deliver(NOON) == 3
    [third] = mail.to("three@example.org")
    assert third.message["Reply-To"] == "post@xn--bcher-kva.example"
    [second] = mail.to("two@example.org")
    assert second.message["Reply-To"] is None


def test_mail_to_many_says_how_to_stop_it_with_one_click(note, mail, monkeypatch):  # MAIL-09
    stop = "https://brigades.example.org/unsubscribe/" + "aB-_." * 30

    def load(to):
        return Content(why="", context={"words": "News"}, unsubscribe=stop)

    from brigades.outbox import render

    monkeypatch.setitem(LOADERS, "note", load)
    monkeypatch.setitem(KINDS, "note", Kind.NEWS)
    monkeypatch.setattr(render, "stop_link", lambda _letter: stop, raising=False)
    post()
    assert delivering.deliver(NOON) == 1
    [got] = mail.received
    raw = got.raw.decode()
    assert got.message["List-Unsubscribe"] == f"<{stop}>"
    assert got.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"<news\.[a-z.]+>", got.message["List-Id"])
    assert got.message["Precedence"] == "bulk"
    assert raw.count("List-Unsubscribe:") == 1


def test_a_letter_about_ones_account_is_no_list(note, mail, monkeypatch):
    monkeypatch.setitem(KINDS, "note", Kind.ACCOUNT)
    post()
    delivering.deliver(NOON)
    [got] = mail.received
    assert got.message["Precedence"] is None
    assert got.message["List-Unsubscribe"] is None


def test_letters_before_the_at_beyond_ascii_go_where_the_server_takes_them(note, mail):
    post(address="jörg@example.org")
    assert delivering.deliver(NOON) == 1
    [got] = mail.received
    assert got.recipients == ("jörg@example.org",)


def test_and_fail_with_clear_words_where_it_does_not(note, mail):
    mail.speaks_utf8 = False
    post("one", address="jörg@example.org")
    post("two", address="rosa@example.org")
    assert delivering.deliver(NOON) == 1
    kept = letter("one")
    assert kept.fate is Fate.FAILED
    assert "no SMTPUTF8" in kept.error
    assert mail.connections == 1


def test_lines_that_start_with_a_dot_arrive_as_they_were(note, mail):
    post(words="Hello\n.\n..two\n.")
    delivering.deliver(NOON)
    message = message_from_bytes(mail.received[0].raw, policy=policy.default)
    text = message.get_body(("plain",)).get_content()
    assert "\n.\n..two\n." in text.replace("\r\n", "\n")


@pytest.mark.parametrize("odd", ["\r", "\f", "\v", "\x1c", "\x85", "\u2028"])
def test_what_only_looks_like_the_end_of_a_line_makes_none_too_long_or_bare(note, mail, odd):
    words = odd.join(["x" * 600] * 3)
    post(words=words)
    delivering.deliver(NOON)
    raw = mail.received[0].raw
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert not set(b"\r\n") & set(raw.replace(b"\r\n", b""))
    assert words.replace("\r", "\n") in mail.received[0].text.replace("\r\n", "\n")


def test_a_language_that_we_do_not_have_is_not_claimed(note, mail):
    service.post_to(
        "note",
        address="rosa@example.org",
        locale="tlh",
        about={"words": "Hello"},
        key="one",
        now=NOON,
    )
    session.commit()
    delivering.deliver(NOON)
    [got] = mail.received
    assert got.message["Content-Language"] == "en"
    assert 'lang="en"' in got.html


def test_no_reader_sees_another(note, mail):
    for name in ("rosa", "ali", "mia"):
        post(name, address=f"{name}@example.org")
    delivering.deliver(NOON)
    for got in mail.received:
        [only] = got.recipients
        seen = set(re.findall(r"\w+@example\.org", got.raw.decode()))
        assert seen == {only}
