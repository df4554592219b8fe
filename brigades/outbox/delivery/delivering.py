"""The pass that delivers letters: claim, write, send, mark, in batches.

Claiming and marking are transactions of their own; writing reads in one that ends before the
first byte is sent. A crash may repeat what was sent and not yet marked, at most a batch a
connection and under the same Message-ID, and never loses a letter.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask, current_app

from brigades.outbox.delivery.aside import set_aside
from brigades.outbox.delivery.claiming import Claim, claim
from brigades.outbox.delivery.marking import mark
from brigades.outbox.delivery.sending import send_all
from brigades.outbox.delivery.transport import transport
from brigades.outbox.delivery.writing import write_all
from brigades.outbox.models import Fate


def deliver(
    now: datetime,
    *,
    stop: Callable[[], bool] = lambda: False,
    after_batch: Callable[[datetime], None] = lambda now: None,
) -> int:
    """Deliver every letter that is due at ``now``; returns how many were sent.

    Over as many connections beside each other as the setting ``MAIL_CONNECTIONS`` says. Must be
    called outside a transaction. ``stop`` is asked before each batch; ``after_batch`` hears the
    time after each; both on any thread.
    """
    connections = int(current_app.config["MAIL_CONNECTIONS"])
    if connections == 1:
        return _over_one(now, stop, after_batch)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]

    def work(_number: int) -> int:
        with app.app_context():
            return _over_one(now, stop, after_batch)

    with ThreadPoolExecutor(connections, "deliver") as threads:
        return sum(threads.map(work, range(connections)))


def _over_one(
    now: datetime, stop: Callable[[], bool], after_batch: Callable[[datetime], None]
) -> int:
    started, sent = time.monotonic(), 0

    def passed() -> datetime:
        return now + timedelta(seconds=time.monotonic() - started)

    while not stop() and (claimed := claim(passed())) is not None:
        done, reached = _batch(claimed, passed)
        sent += done
        after_batch(passed())
        if not reached:
            break  # what is left waits for the next pass, and keeps its tries
    return sent


def _batch(claimed: Claim, passed: Callable[[], datetime]) -> tuple[int, bool]:
    """How many of the claimed letters were sent, and whether the mail server was there."""
    ids, aside = set_aside(claimed.ids, passed())
    finished, unsent = write_all(claimed, ids, passed())
    way_out = transport(current_app.config["MAIL_URL"], letters_folder())
    tried, reached = send_all(way_out, finished, claimed)
    mark(aside + unsent + tried, claimed.leased_until, passed())
    return sum(outcome.fate is Fate.SENT for outcome in tried), reached


def letters_folder() -> Path:
    """Where letters are kept as files while no mail server is set."""
    return Path(current_app.config["INSTANCE_PATH"]) / "letters"
