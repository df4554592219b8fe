"""Guessing is slowed down, and nobody is kept out by a stranger's guessing."""

import pytest

from tests.accounts.conftest import PASSWORD
from tests.support.apps import beside


@pytest.fixture
def throttled(app, mira):
    """The application with its limits on."""
    with beside(app, RATELIMIT_ENABLED=True) as other:
        yield other


def sign_in(client, email="mira.k@example.org", password="wrong", place="192.0.2.1"):
    return client.post(
        "/login",
        data={"email": email, "password": password},
        environ_overrides={"REMOTE_ADDR": place},
    )


def test_after_ten_wrong_guesses_from_one_place_even_the_right_one_waits(throttled):
    client = throttled.test_client()
    assert [sign_in(client).status_code for _guess in range(10)] == [422] * 10
    answer = sign_in(client, "MIRA.K@example.org", PASSWORD)
    assert answer.status_code == 429
    assert "That was too often" in answer.text
    assert sign_in(client, place="192.0.2.2", password=PASSWORD).status_code == 302


def test_another_address_from_the_same_place_is_not_slowed_down(throttled):
    client = throttled.test_client()
    for _guess in range(11):
        sign_in(client, "somebody@example.org")
    assert sign_in(client, "somebody@example.org").status_code == 429
    assert sign_in(client, password=PASSWORD).status_code == 302


def test_signing_in_rightly_counts_for_nothing(throttled):
    for _time in range(12):
        assert sign_in(throttled.test_client(), password=PASSWORD).status_code == 302


def test_guessing_one_address_from_many_places_ends_too(throttled):
    client = throttled.test_client()
    codes = [sign_in(client, place=f"192.0.2.{n}").status_code for n in range(61)]
    assert codes == [422] * 60 + [429]


def test_unknown_addresses_are_slowed_down_alike(throttled):
    client = throttled.test_client()
    codes = [sign_in(client, "nobody@example.org").status_code for _guess in range(11)]
    assert codes == [422] * 10 + [429]


@pytest.mark.parametrize("email", ["mira.k@example.org", "nobody@example.org"])
def test_nobody_can_be_flooded_with_letters(throttled, email):
    client = throttled.test_client()
    codes = [client.post("/password/forgot", data={"email": email}).status_code for _n in range(6)]
    assert codes == [302] * 5 + [429]


def test_guessing_the_password_at_an_open_session_is_slowed_down(throttled):
    client = throttled.test_client()
    sign_in(client, password=PASSWORD)
    wrong = {"old": "wrong", "password": "nine loud trumpets", "repeat": "nine loud trumpets"}
    codes = [client.post("/account/password", data=wrong).status_code for _n in range(11)]
    assert codes == [422] * 10 + [429]
