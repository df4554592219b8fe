"""Signing in, staying signed in, and signing out."""

from urllib.parse import urlsplit

import pytest
import time_machine
from argon2 import PasswordHasher

from brigades.accounts import passwords
from brigades.accounts.models import Account
from brigades.db import session
from tests import builders
from tests.accounts.conftest import PASSWORD
from tests.support.databases import ONE_DATABASE


def sign_in(client, email="mira.k@example.org", password=PASSWORD, **more):
    return client.post("/login", data={"email": email, "password": password} | more)


def is_in(client) -> bool:
    return client.get("/account/password").status_code == 200


def test_address_and_password_open_the_door(client, mira):
    assert not is_in(client)
    answer = sign_in(client)
    assert (answer.status_code, answer.location) == (302, "/")
    assert is_in(client)
    assert session.get(Account, mira.id).signed_in_at is not None


def test_a_page_that_asks_to_sign_in_is_where_one_gets_to_afterwards(client, mira):
    asked = client.get("/account/password?from=mail")
    assert asked.status_code == 302
    assert urlsplit(asked.location).path == "/login"
    page = client.get(asked.location)
    assert 'value="/account/password?from=mail"' in page.text
    answer = sign_in(client, next="/account/password?from=mail")
    assert answer.location == "/account/password?from=mail"


def test_after_a_button_pressed_while_signed_out_one_gets_home_not_to_an_error(client, mira):
    asked = client.post("/account/sign-out-everywhere")
    assert asked.location == "/login"


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("mira.k@example.org", "seven quiet lantern"),
        ("nobody@example.org", PASSWORD),
        ("mira.k@example.org", ""),
        ("", PASSWORD),
        ("", ""),
        ("m" * 300 + "@example.org", PASSWORD),
        ("mira.k@example.org", "x" * 5000),
        ("mira.k@example.org\x00", PASSWORD),
        ("mira.k@example.org", PASSWORD + "\x00"),
        ("' OR 1=1 --", "' OR 1=1 --"),
    ],
)
def test_what_does_not_fit_is_refused_and_keeps_the_address_but_never_the_password(
    client, mira, email, password
):
    answer = sign_in(client, email, password)
    assert answer.status_code == 422
    assert not is_in(client)
    if len(password) > 2:
        assert password.replace("\x00", "") not in answer.text
    if email == "mira.k@example.org":
        assert f'value="{email}"' in answer.text


def test_the_answer_does_not_tell_whether_an_address_is_known(client, mira):
    with time_machine.travel(builders.NOON, tick=False):  # the form's token tells the second
        known = sign_in(client, "mira.k@example.org", "wrong entirely").text
        unknown = sign_in(client, "mora.k@example.org", "wrong entirely").text
    assert known.replace("mira.k@", "mora.k@") == unknown


# ID-01
@pytest.mark.parametrize(
    "spelling", ["Mira.K@Example.org", "MIRA.K@EXAMPLE.ORG", " mira.k@example.org "]
)
def test_an_address_opens_in_any_letter_case(client, mira, spelling):
    assert sign_in(client, spelling).status_code == 302
    assert is_in(client)


# ID-03
def test_plus_and_apostrophe_make_other_addresses_not_bad_ones(client, mira):
    for address in ("mira.k+camp@example.org", "o'neil@example.org"):
        assert sign_in(client, address).status_code == 422
    home = builders.a_section()
    for address in ("mira.k+camp@example.org", "o'neil@example.org"):
        person = builders.a_person(home, email=address)
        kept = passwords.hashed(f"lanterns of {person.id} here")
        builders.an_account(person, password_hash=kept)
        fresh = client.application.test_client()
        assert sign_in(fresh, address, f"lanterns of {person.id} here").status_code == 302
        assert person.email == address


def test_who_has_left_or_has_no_password_yet_cannot_sign_in(client, mira):
    mira.active = False
    assert sign_in(client).status_code == 422
    mira.active, mira.password_hash = True, None
    assert sign_in(client).status_code == 422
    assert sign_in(client, password="None").status_code == 422


@ONE_DATABASE
# AUTH-01
@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "////evil.example",
        "/\t/evil.example",
        " //evil.example",
        "https:evil.example",
        "https:\\\\evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "/\n/evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "evil.example",
        "http:///evil.example",
        "/" + "x" * 5000,
        "",
    ],
)
def test_no_spelling_of_next_leads_to_another_site(client, mira, target):
    assert sign_in(client, next=target).location == "/"
    assert client.get("/login", query_string={"next": target}).location == "/"


# AUTH-01
def test_a_next_on_this_site_is_kept(client, mira):
    good = "/shifts?day=2026-05-02"
    assert sign_in(client, next=good).location == good


def test_a_hash_with_yesterdays_parameters_is_renewed_and_nobody_is_signed_out(client, mira):
    mira.password_hash = PasswordHasher(time_cost=1, memory_cost=8192).hash(PASSWORD)
    before = mira.epoch
    assert sign_in(client).status_code == 302
    account = session.get(Account, mira.id)
    assert not passwords.outdated(account.password_hash)
    assert account.epoch == before
    assert sign_in(client.application.test_client()).status_code == 302


# AUTH-04
def test_a_remembered_sign_in_outlives_the_session_and_another_network(client, mira):
    sign_in(client, remember="y")
    client.delete_cookie("session")
    assert is_in(client)
    assert is_in(client)
    elsewhere = {"User-Agent": "Another browser", "X-Forwarded-For": "203.0.113.9"}
    assert client.get("/account/password", headers=elsewhere).status_code == 200
    assert client.get("/account/password", headers=elsewhere).status_code == 200


def test_without_remember_me_the_session_cookie_is_all_there_is(client, mira):
    sign_in(client)
    assert client.get_cookie("remember_token") is None
    client.delete_cookie("session")
    assert not is_in(client)


def test_signing_out_forgets_this_device_and_only_a_button_does_it(client, mira):
    sign_in(client, remember="y")
    assert "Mira Keller" in client.get("/logout").text
    assert is_in(client)
    assert client.post("/logout").status_code == 302
    assert not is_in(client)
    assert client.get_cookie("remember_token") is None
    assert client.get("/logout").location == "/"
    assert client.post("/logout").status_code == 302


def test_a_kept_cookie_that_names_nobody_is_nobody(client, mira):
    for odd in ("", "x", "1", "1.", ".0", "²." + "0", f"{mira.id}.99", "9" * 30 + ".0"):
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = odd, True
        assert not is_in(client)
