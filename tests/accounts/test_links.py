"""One-time links that set a password."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from brigades import tokens
from brigades.accounts import links, passwords, service
from brigades.accounts.models import Account
from brigades.audit.models import Entry
from brigades.db import session
from brigades.outbox.models import Letter
from tests import builders
from tests.accounts.conftest import PASSWORD

NEW = "nine loud trumpets"


def letters(name="password-reset"):
    return session.query(Letter).filter_by(name=name).order_by(Letter.id).all()


def ask(client, email="mira.k@example.org", **more):
    return client.post("/password/forgot", data={"email": email}, **more)


def choose(client, token, password=NEW, repeat=None):
    repeat = password if repeat is None else repeat
    return client.post(f"/password/{token}", data={"password": password, "repeat": repeat})


def fits(mira, password):
    return passwords.fits(session.get(Account, mira.id).password_hash, password)


# ID-01
def test_asking_in_any_letter_case_sends_one_letter_to_the_address_we_keep(client, mira):
    for spelling in ("MIRA.K@EXAMPLE.ORG", "mira.k@example.org"):
        assert ask(client, spelling).status_code == 302
    (letter,) = letters()
    assert letter.to_address == "Mira.K@Example.org"


def test_the_answer_is_the_same_for_an_unknown_address_and_no_letter_is_posted(client, mira):
    known, unknown = ask(client), ask(client, "nobody@example.org")
    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    assert client.get(known.location).status_code == 200
    assert [letter.person_id for letter in letters()] == [mira.person_id]


def test_a_look_alike_address_gets_nothing_that_belongs_to_another(client, mira):
    ask(client, "mira.\u212a@example.org")  # the sign for kelvin, which folds to k
    assert all(letter.to_address == "Mira.K@Example.org" for letter in letters())


@pytest.mark.parametrize(
    "odd", ["", "mira", "@", "a b@example.org", "m" * 300 + "@x.org", "a\x00@x.org"]
)
def test_what_is_no_address_is_said_at_the_field_and_kept(client, mira, odd):
    answer = ask(client, odd)
    assert answer.status_code == 422
    assert "br-error" in answer.text
    assert letters() == []


def test_whoever_has_left_gets_no_link(client, mira):
    mira.active = False
    assert ask(client).status_code == 302
    assert letters() == []


def test_asking_again_later_sends_another_letter(client, mira):
    with time_machine.travel(builders.NOON, tick=False):
        ask(client)
        ask(client)
    with time_machine.travel(builders.NOON + timedelta(minutes=20), tick=False):
        ask(client)
    assert len(letters()) == 2


# AUTH-09
def test_opening_a_link_changes_nothing_and_it_sets_a_password_once(client, mira):
    token = links.reset_token(mira)
    assert client.head(f"/password/{token}").status_code == 200
    for _again in range(2):
        page = client.get(f"/password/{token}")
        assert page.status_code == 200
        assert 'name="password"' in page.text
        assert page.headers["Cache-Control"] == "no-store"
    assert fits(mira, PASSWORD)

    assert choose(client, token).status_code == 302
    assert fits(mira, NEW)
    assert client.get("/account/password").status_code == 200  # signed in now

    second = choose(client, token, "a third one, other")
    assert second.status_code == 410
    assert "already used" in second.text
    assert client.get(f"/password/{token}").status_code == 410
    assert fits(mira, NEW)


def test_of_two_links_the_first_that_is_used_ends_the_other(client, mira):
    with time_machine.travel(datetime.now(UTC) - timedelta(minutes=1), tick=False):
        one = links.reset_token(mira)
    two = links.reset_token(mira)
    assert one != two
    assert choose(client, one).status_code == 302
    assert choose(client, two, "a third one, other").status_code == 410
    assert fits(mira, NEW)


def test_a_new_password_ends_every_session_from_before(app, client, mira):
    phone = app.test_client()
    sign_in = {"email": "mira.k@example.org", "password": PASSWORD, "remember": "y"}
    phone.post("/login", data=sign_in)
    assert phone.get("/account/password").status_code == 200
    choose(client, links.reset_token(mira))
    assert phone.get("/account/password").status_code == 302
    phone.delete_cookie("session")  # the remembered one has ended as well
    assert phone.get("/account/password").status_code == 302


@pytest.mark.parametrize(
    ("password", "repeat", "words"),
    [
        ("", "", "Enter a new password."),
        ("short", "short", "Use at least 10 characters."),
        ("x" * 5000, "x" * 5000, "Use at most 200 characters."),
        ("abababababab", "abababababab", "Use more different characters."),
        ("mira.keller", "mira.keller", "the first thing others try"),
        (NEW, "nine loud trumpet", "This is not the same"),
        (NEW + "\x00", NEW + "\x00", "cannot be kept"),
    ],
)
def test_a_password_that_will_not_do_is_refused_and_the_link_still_works(
    client, mira, password, repeat, words
):
    token = links.reset_token(mira)
    answer = choose(client, token, password, repeat)
    assert answer.status_code == 422
    assert words in answer.text
    assert fits(mira, PASSWORD)
    assert choose(client, token).status_code == 302


def test_a_reset_link_holds_for_three_hours_and_a_first_one_for_fourteen_days(client, mira):
    now = datetime.now(UTC)
    with time_machine.travel(now, tick=False) as clock:
        reset, first = links.reset_token(mira), service.password_token(mira)
        clock.move_to(now + timedelta(hours=2, minutes=59))
        assert client.get(f"/password/{reset}").status_code == 200
        clock.move_to(now + timedelta(hours=3, minutes=1))
        assert client.get(f"/password/{reset}").status_code == 404
        clock.move_to(now + timedelta(days=13, hours=23))
        assert client.get(f"/password/{first}").status_code == 200
        clock.move_to(now + timedelta(days=14, minutes=1))
        assert client.get(f"/password/{first}").status_code == 404
        assert choose(client, first).status_code == 404


def test_a_damaged_or_foreign_link_says_so(app, client, mira):
    good = links.reset_token(mira)
    for odd in (
        good[:-1],
        good + "x",
        "x",
        tokens.sign("confirm-address", [mira.id, 0]),
        "x" * 4000,
    ):
        answer = client.get(f"/password/{odd}")
        assert answer.status_code == 404
        assert "This link does not work" in answer.text
        assert choose(client, odd).status_code == 404
    assert fits(mira, PASSWORD)


def test_a_link_of_somebody_who_has_left_does_not_work(client, mira):
    token = links.reset_token(mira)
    service.close(mira.person_id, by=None, now=builders.NOON, why="moved away")
    assert choose(client, token).status_code in (404, 410)
    assert session.get(Account, mira.id).active is False


def test_an_accepted_person_gets_an_account_once_and_sets_the_first_password(client, app):
    person = builders.a_person(builders.a_section())
    account = service.create_for(person, builders.NOON)
    assert service.create_for(person, builders.NOON) is account
    token = service.password_token(account)
    assert choose(client, token).status_code == 302
    assert client.get("/account/password").status_code == 200
    assert letters("password-changed") == []  # there was none to change


def test_a_change_stands_in_the_trail_and_its_owner_is_told(client, mira):
    choose(client, links.reset_token(mira))
    entry = session.query(Entry).filter_by(what="password").one()
    assert (entry.by_id, entry.person_id, entry.became) == (
        mira.person_id,
        mira.person_id,
        "changed",
    )
    (letter,) = letters("password-changed")
    assert letter.to_address == "Mira.K@Example.org"


def test_every_page_about_passwords_has_one_heading_and_a_title(client, mira):
    for path in ("/login", "/password/forgot", "/password/forgot/sent", "/password/odd"):
        text = client.get(path).text
        assert len(re.findall("<h1", text)) == 1, path
        assert re.search(r"<title>\s*\S", text), path


def test_a_member_who_never_had_an_account_opens_one_by_the_same_link(client):
    person = builders.a_person(builders.a_section(), email="sam@example.org")
    ask(client, "SAM@example.org")
    (letter,) = letters()
    assert letter.person_id == person.id
