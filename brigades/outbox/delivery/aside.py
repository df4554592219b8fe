"""What is done with claimed letters before they are written: some need no mail now."""

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import InterfaceError, OperationalError

from brigades.db import session
from brigades.outbox.outcomes import Outcome
from brigades.outbox.wishes import as_wished

log = logging.getLogger(__name__)

# Each is called with the ids of letters that were just claimed, outside of any transaction, and
# returns what became of those that are not to be mailed now. A higher folder may add one.
Step = Callable[[list[int], datetime], list[Outcome]]
STEPS: list[Step] = [as_wished.put_aside]


def set_aside(ids: list[int], now: datetime) -> tuple[list[int], list[Outcome]]:
    """The letters that are to be mailed now, and what became of the others."""
    outcomes: list[Outcome] = []
    for step in STEPS:
        done = _run(step, ids, now)
        gone = {outcome.id for outcome in done}
        ids = [id for id in ids if id not in gone]
        outcomes += done
    return ids, outcomes


def _run(step: Step, ids: list[int], now: datetime) -> list[Outcome]:
    """What a step says; one that breaks puts nothing aside, so that mail goes on."""
    try:
        return step(ids, now)
    except (OperationalError, InterfaceError):
        raise  # the database is away: nothing would come of writing either
    except Exception:
        session.rollback()
        log.exception("letters could not be put aside by %s", step.__module__)
        return []
