"""What is done with claimed letters before they are written: some need no mail now."""

from collections.abc import Callable
from datetime import datetime

from brigades.outbox import as_wished
from brigades.outbox.outcomes import Outcome

# Each is called with the ids of letters that were just claimed, outside of any transaction, and
# returns what became of those that are not to be mailed now. A higher folder may add one.
Step = Callable[[list[int], datetime], list[Outcome]]
STEPS: list[Step] = [as_wished.put_aside]


def set_aside(ids: list[int], now: datetime) -> tuple[list[int], list[Outcome]]:
    """The letters that are to be mailed now, and what became of the others."""
    outcomes: list[Outcome] = []
    for step in STEPS:
        done = step(ids, now)
        gone = {outcome.id for outcome in done}
        ids = [id for id in ids if id not in gone]
        outcomes += done
    return ids, outcomes
