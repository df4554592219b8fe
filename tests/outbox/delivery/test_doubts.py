"""A worker that marks after its lease has ended: what it sent was sent."""

import pytest

from brigades.clock import HOUR
from brigades.db import session
from brigades.outbox.delivery import claiming, delivering, marking
from brigades.outbox.models import Fate, Letter
from brigades.outbox.outcomes import MOST_TRIES
from brigades.outbox.reasons import DIED, why
from tests.builders import NOON
from tests.outbox.posting import letter, note, post

__all__ = ["note"]

LATER = NOON + HOUR


@pytest.fixture
def late(note, mail, monkeypatch):
    """A letter that was sent by a worker which has not marked it yet, and how it does."""
    post()
    asleep = []
    with monkeypatch.context() as patched:
        patched.setattr(delivering, "mark", lambda *given: asleep.append(given))
        assert delivering.deliver(NOON) == 1
    return lambda now=LATER: marking.mark(*asleep[0][:2], now)


def test_what_waits_again_by_then_is_sent_and_goes_once(late, mail):
    mail.refusals["rosa@example.org"] = "451 later"
    delivering.deliver(LATER)
    mail.refusals.clear()
    assert (letter().fate, letter().leased_until) == (Fate.WAITING, None)
    late()
    assert (letter().fate, letter().subject, letter().error) == (Fate.SENT, "Hello", "")
    assert delivering.deliver(LATER + HOUR) == 0
    assert len(mail.received) == 1


def test_so_is_what_another_worker_found_no_longer_holds(late, mail):
    letter().about = {"words": "over"}
    session.commit()
    delivering.deliver(LATER)
    assert letter().fate is Fate.DROPPED
    assert "It may have arrived" in why(letter())
    late()
    assert (letter().fate, why(letter())) == (Fate.SENT, "")


def test_what_another_worker_has_in_hand_is_left_to_it(late):
    claiming.claim(LATER)
    late()
    assert (letter().fate, letter().tries) == (Fate.WAITING, 2)
    assert letter().leased_until == LATER + claiming.LEASE


def test_what_goes_to_another_address_by_then_was_not_sent_there(late, mail):
    kept = letter()
    kept.to_address, kept.leased_until = "new@example.org", None
    session.commit()
    late()
    assert letter().fate is Fate.WAITING
    assert delivering.deliver(LATER) == 1
    assert len(mail.to("new@example.org")) == 1


def test_a_letter_that_was_given_up_with_its_worker_may_have_arrived(late):
    letter().tries = MOST_TRIES
    session.commit()
    delivering.deliver(LATER)
    kept = letter()
    assert (kept.fate, kept.error, kept.may_have_arrived) == (Fate.FAILED, DIED, True)
    assert "It may have arrived" in why(kept)
    late()
    assert letter().fate is Fate.SENT


def test_where_one_is_late_the_others_of_its_batch_are_marked_as_ever(note, mail, monkeypatch):
    post("one")
    post("two")
    real = delivering.mark

    def meanwhile(*given):
        session.execute(
            Letter.__table__.update()
            .where(Letter.key == "one")
            .values(leased_until=None, fate=Fate.DROPPED, error="no address")
        )
        session.commit()
        real(*given)

    monkeypatch.setattr(delivering, "mark", meanwhile)
    delivering.deliver(NOON)
    assert [letter(key).fate for key in ("one", "two")] == [Fate.SENT, Fate.SENT]
