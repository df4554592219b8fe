"""What is done with claimed letters before they are written: some need no mail now.

A judge says what readers wish for. A letter that it cannot judge waits and is tried again, unless
it is one that must come; so no wish is passed over, and no letter is lost. A step beside it, such
as messages on devices, may break: the mail goes.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import InterfaceError, OperationalError

from brigades.db import session
from brigades.outbox.kinds import MUST
from brigades.outbox.letters import kind_of
from brigades.outbox.models import Fate, Letter
from brigades.outbox.outcomes import MOST_TRIES, Outcome
from brigades.outbox.reasons import NOT_JUDGED
from brigades.outbox.wishes import as_wished

log = logging.getLogger(__name__)

# Each is called with the ids of letters that were just claimed, outside of any transaction, and
# returns what became of those that are not to be mailed now.
Step = Callable[[list[int], datetime], list[Outcome]]
JUDGES: list[Step] = [as_wished.put_aside]
# A higher folder may add one. These also see letters that were just gathered for the daily mail,
# but what they say of those changes nothing.
STEPS: list[Step] = []


def set_aside(ids: list[int], now: datetime) -> tuple[list[int], list[Outcome]]:
    """The letters that are to be mailed now, and what became of the others."""
    outcomes: list[Outcome] = []
    for judge in JUDGES:
        done = _judged(judge, ids, now)
        ids, outcomes = _without(ids, done), outcomes + done
    gathered = [outcome.id for outcome in outcomes if outcome.fate is Fate.GATHERED]
    for step in STEPS:
        done = [outcome for outcome in _run(step, ids + gathered, now) if outcome.id in ids]
        ids, outcomes = _without(ids, done), outcomes + done
    return ids, outcomes


def _without(ids: list[int], done: list[Outcome]) -> list[int]:
    gone = {outcome.id for outcome in done}
    return [id for id in ids if id not in gone]


def _judged(judge: Step, ids: list[int], now: datetime) -> list[Outcome]:
    """What a judge says; where it breaks, it is asked for each letter by itself."""
    try:
        return judge(ids, now)
    except (OperationalError, InterfaceError):
        raise  # the database is away: nothing would come of writing either
    except Exception:
        session.rollback()
        log.exception("letters could not be judged together")
    outcomes: list[Outcome] = []
    broken: dict[int, str] = {}
    for id in ids:
        try:
            outcomes += judge([id], now)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            session.rollback()
            broken[id] = f"{NOT_JUDGED}{type(error).__name__}: {error}"
    return outcomes + _waiting(broken)


def _waiting(broken: dict[int, str]) -> list[Outcome]:
    """What becomes of letters that could not be judged, by why; nothing of those that must come."""
    columns = select(Letter.id, Letter.name, Letter.tries, Letter.subject)
    try:
        found = session.execute(columns.where(Letter.id.in_(broken)).order_by(Letter.id)).all()
    finally:
        session.rollback()
        session.remove()
    return [
        Outcome(
            id,
            Fate.WAITING if tries < MOST_TRIES else Fate.FAILED,
            tries,
            subject,
            broken[id],
        )
        for id, name, tries, subject in found
        if kind_of(name) not in MUST
    ]


def _run(step: Step, ids: list[int], now: datetime) -> list[Outcome]:
    """What a step says; one that breaks puts nothing aside, so that mail goes on."""
    try:
        return step(ids, now)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        session.rollback()
        log.exception("letters could not be put aside by %s", step.__module__)
        return []
