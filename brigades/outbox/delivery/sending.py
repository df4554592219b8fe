"""Sending a batch of finished letters over one connection; the database is not asked meanwhile."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from brigades.outbox.delivery import mime
from brigades.outbox.delivery.answers import Never, NotNow, Unreachable
from brigades.outbox.delivery.claiming import Claim
from brigades.outbox.delivery.transport import Transport
from brigades.outbox.delivery.writing import Finished, again, failed, not_tried
from brigades.outbox.models import Fate
from brigades.outbox.outcomes import Blame, Outcome

log = logging.getLogger(__name__)

TOO_SLOW = "the mail server answers too slowly"


def send_all(
    way_out: Transport, letters: list[Finished], claimed: Claim
) -> tuple[list[Outcome], bool]:
    """Send finished letters, one after another, as long as they are ours.

    Also returns whether the mail server could be reached to the end; where it could not, letters
    that never left keep their tries.
    """
    outcomes: list[Outcome] = []
    unreachable, sender = "", mime.sender()
    with way_out, _cut_off(way_out, claimed):
        for letter in letters:
            if claimed.seconds_to_send <= 0:
                unreachable = unreachable or TOO_SLOW
            if unreachable:
                outcomes.append(not_tried(letter, unreachable))
                continue
            outcome, unreachable = _send(way_out, sender, letter)
            outcomes.append(outcome)
    return outcomes, not unreachable


@contextmanager
def _cut_off(way_out: Transport, claimed: Claim) -> Iterator[None]:
    """Break the connection shortly before the lease ends, whatever the server is up to."""
    timer = threading.Timer(max(0.0, claimed.seconds_to_end), way_out.cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _send(way_out: Transport, sender: str, letter: Finished) -> tuple[Outcome, str]:
    """What became of one letter, and why no other can be sent, if so."""
    unreachable = ""
    try:
        way_out.send(letter.name, sender, letter.address, letter.raw)
    except NotNow as error:
        outcome, blame = again(letter, str(error)), error.blame
        outcome = replace(outcome, unanswered=error.unanswered, told=letter.told)
        unreachable = str(error) if isinstance(error, Unreachable) else ""
    except Never as error:
        outcome, blame = failed(letter, str(error)), error.blame
    except Exception as error:  # one odd letter must not take the others with it
        log.exception("letter %s could not be sent", letter.id)
        outcome, blame = failed(letter, f"{type(error).__name__}: {error}"), Blame.LETTER
    else:
        sent = Outcome(letter.id, Fate.SENT, letter.tries, letter.subject, told=letter.told)
        return replace(sent, address=letter.mailbox), ""
    return replace(outcome, address=letter.mailbox, blame=blame), unreachable
