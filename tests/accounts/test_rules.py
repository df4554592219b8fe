"""What a password has to be like."""

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import VerifyMismatchError

from brigades.accounts import passwords
from brigades.accounts.rules import Weakness, weakness
from tests.support.cheap import REAL_HASHER

MIRA = {"email": "mira.keller@example.org", "given": "Mira", "family": "Keller"}


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("seven quiet lanterns", None),
        ("ninechars", Weakness.TOO_SHORT),
        ("ten. chars", None),
        ("a1" * 100, Weakness.MONOTONOUS),
        ("correct horse " * 14 + "abcd", None),
        ("correct horse " * 14 + "abcde", Weakness.TOO_LONG),
        ("1111111111", Weakness.MONOTONOUS),
        ("4915112345678", None),
        ("mira.keller@example.org", Weakness.OWN_NAME),
        ("Mira Keller 1987", Weakness.OWN_NAME),
        ("keller.mira!", Weakness.OWN_NAME),
        ("فوانيس هادئة", None),
    ],
)
def test_a_password_is_long_enough_and_not_what_everybody_tries_first(password, expected):
    assert weakness(password, **MIRA) is expected


def test_a_person_without_a_name_may_use_any_letters():
    assert weakness("1234567890", email="", given="", family="") is None


def test_a_kept_password_is_found_again_and_is_not_what_was_typed():
    kept = passwords.hashed("seven quiet lanterns")
    assert kept.startswith("$argon2id$")
    assert passwords.fits(kept, "seven quiet lanterns")
    assert not passwords.fits(kept, "seven quiet lantern")


def test_keyboards_that_send_one_letter_in_two_ways_send_the_same_password():
    composed, decomposed = "caf\u00e9 au lait, deux", "cafe\u0301 au lait, deux"
    assert passwords.fits(passwords.hashed(composed), decomposed)


def test_hashing_costs_whoever_guesses_at_least_what_owasp_asks_for():
    kept = extract_parameters(REAL_HASHER.hash("anything at all"))
    assert (kept.memory_cost, kept.time_cost, kept.parallelism) == (19 * 1024, 2, 1)


def test_comparing_with_nobodys_password_costs_what_comparing_with_a_real_one_does():
    nobodys = passwords._nobodys()
    assert extract_parameters(nobodys) == extract_parameters(passwords.hashed("anything at all"))
    with pytest.raises(VerifyMismatchError):
        passwords.HASHER.verify(nobodys, "anything at all")
    assert not passwords.fits(None, "anything at all")


def test_a_damaged_hash_fits_nothing():
    assert not passwords.fits("not a hash", "anything at all")


def test_a_hash_with_other_parameters_is_outdated():
    assert passwords.outdated(PasswordHasher(time_cost=1, memory_cost=8192).hash("anything"))
    assert not passwords.outdated(passwords.hashed("anything"))
