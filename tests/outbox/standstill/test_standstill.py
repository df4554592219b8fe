"""Whether mail stands still is known from what the mail server did with the last letters."""

import pytest

from brigades.clock import HOUR, MINUTE
from brigades.outbox import passes
from brigades.outbox.delivery import delivering
from brigades.outbox.standstill.noticing import still_since
from tests.builders import NOON
from tests.outbox.posting import note, post

__all__ = ["note"]


@pytest.fixture
def halted(note, mail):
    """A letter whose sender the server does not take for now; tried twice."""
    mail.unwelcome = "451 4.7.1 quota of the day is used up"
    post()
    delivering.deliver(NOON)
    delivering.deliver(NOON + 10 * MINUTE)
    return mail


def test_nothing_to_send_is_no_standstill(note, mail):
    delivering.deliver(NOON)
    assert still_since(NOON + HOUR) is None


def test_mail_stands_still_since_the_first_try_that_no_server_took(halted):
    since = still_since(NOON + HOUR)
    assert since is not None
    assert NOON <= since < NOON + MINUTE


def test_a_letter_that_is_taken_ends_the_standstill(halted):
    halted.unwelcome = ""
    delivering.deliver(NOON + 20 * MINUTE)
    assert still_since(NOON + HOUR) is None
    taken = passes.ended_at(passes.MAIL_TAKEN)
    assert taken is not None
    assert NOON + 20 * MINUTE <= taken < NOON + 21 * MINUTE


@pytest.mark.parametrize("answer", ["550 no such mailbox", "452 mailbox full"])
def test_what_a_server_says_of_one_address_is_no_standstill(note, mail, answer):
    mail.refusals["rosa@example.org"] = answer
    post()
    delivering.deliver(NOON)
    assert still_since(NOON + HOUR) is None


def test_two_addresses_that_are_put_off_are_one(note, mail):
    for name in ("rosa", "ali"):
        mail.refusals[f"{name}@example.org"] = "451 try later"
        post(name, address=f"{name}@example.org")
    delivering.deliver(NOON)
    assert still_since(NOON + HOUR) is not None
