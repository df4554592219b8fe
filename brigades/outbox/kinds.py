"""Kinds of letters as their readers see them, and what may be wished for each. Pure."""

from enum import StrEnum


class Kind(StrEnum):
    """What a letter is to its reader."""

    ACCOUNT = "account"  # signing in, an application: somebody has just asked for it
    CHANGE = "change"  # what one has was moved, cancelled or taken away
    OFFER = "offer"  # a question with a deadline: an offered place, cover, a swap
    PLACE = "place"  # where one stands: confirmed, on the waitlist
    REMINDER = "reminder"  # what is coming, what lapses
    DUTY = "duty"  # what needs whoever coordinates, organizes or leads
    NEWS = "news"  # what coordinators write to many


class How(StrEnum):
    """How somebody wants a kind of letter."""

    AT_ONCE = "at once"
    DAILY = "daily"
    NEVER = "never"


# The letter that tells those which were gathered.
DAILY_MAIL = "daily"
# What one must know comes at once, whatever was wished.
MUST = frozenset({Kind.ACCOUNT, Kind.CHANGE})
# What waits for the morning of its reader, unless that is too late: what we remind of by ourselves.
# Whatever somebody has just set off (an offer, an answer, a mailing) goes at any hour; a mail does
# not ring. Signs on a telephone do: offers are not pushed in quiet hours (brigades.push).
QUIET = frozenset({Kind.REMINDER, Kind.DUTY})
# What is worth a sign on a telephone's screen.
PUSHED = frozenset({Kind.OFFER, Kind.CHANGE})

# The lower goes first: thousands of news must not hold up one offer.
RANKS = {Kind.ACCOUNT: 0, Kind.CHANGE: 0, Kind.OFFER: 0, Kind.NEWS: 2}


def rank(kind: Kind) -> int:
    """Where letters of a kind stand in the queue: 0, 1 or 2, the lower first."""
    return RANKS.get(kind, 1)
