"""States of a participation, and what each of them means for the places."""

from enum import StrEnum


class State(StrEnum):
    """Where a person stands with a slot."""

    REQUESTED = "requested"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    CONFIRMED = "confirmed"
    SEEKING_COVER = "seeking cover"
    ATTENDED = "attended"
    ABSENT = "absent"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


# These take up a place.
HOLDING = frozenset({State.OFFERED, State.CONFIRMED, State.SEEKING_COVER, State.ATTENDED})
# Of these a person has at most one per slot.
LIVE = HOLDING | {State.REQUESTED, State.WAITLISTED, State.ABSENT}
# These bind a person's time: nothing else may overlap them.
COMMITTED = frozenset({State.OFFERED, State.CONFIRMED, State.SEEKING_COVER, State.ATTENDED})
# Of these it was said whether they came.
SAID = frozenset({State.ATTENDED, State.ABSENT})
# These people are expected to come.
COMING = frozenset({State.CONFIRMED, State.SEEKING_COVER})
# Of these somebody has to answer or to decide.
OPEN = frozenset({State.REQUESTED, State.OFFERED, State.SEEKING_COVER})
