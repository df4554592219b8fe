"""Whether mail stands still is known from what the mail server did with the last letters."""

from brigades.clock import HOUR, MINUTE
from brigades.db import session
from brigades.outbox import delivery, passes
from brigades.outbox.standing import still_since
from tests.builders import NOON
from tests.outbox.notes import note, post

__all__ = ["note"]


def test_nothing_to_send_is_no_standstill(note, mail):
    delivery.deliver(NOON)
    assert still_since(NOON + HOUR) is None


def test_mail_stands_still_since_the_first_try_that_no_server_took(note, mail):
    mail.refusals["rosa@example.org"] = "451 try later"
    post()
    delivery.deliver(NOON)
    delivery.deliver(NOON + 10 * MINUTE)
    since = still_since(NOON + HOUR)
    assert since is not None
    assert NOON <= since < NOON + MINUTE


def test_a_letter_that_is_taken_ends_the_standstill(note, mail):
    mail.refusals["rosa@example.org"] = "451 try later"
    post()
    delivery.deliver(NOON)
    mail.refusals.clear()
    delivery.deliver(NOON + 10 * MINUTE)
    assert still_since(NOON + HOUR) is None
    taken = passes.ended_at(passes.MAIL_TAKEN)
    assert taken is not None
    assert NOON + 10 * MINUTE <= taken < NOON + 11 * MINUTE


def test_an_address_that_is_refused_for_good_is_no_standstill(note, mail):
    mail.refusals["rosa@example.org"] = "550 no such mailbox"
    post()
    delivery.deliver(NOON)
    session.expire_all()
    assert still_since(NOON + HOUR) is None
