"""The link in a mail about somebody's place: who it is for, and how long it opens.

It names the place and its person, so that it answers nothing once the place is somebody else's.
Nothing is kept of it: the place itself says whether there is still something to answer.
"""

from datetime import datetime
from typing import Any

from brigades import tokens
from brigades.clock import DAY
from brigades.schedule import finding
from brigades.schedule.models import Participation

PURPOSE = "answer"
# At least this long, and until the slot is over: a mail that was read late still leads somewhere.
LASTS = 60 * DAY
# Links of before named the place alone and opened for so long.
BARE_LASTS = 180 * DAY
LONGEST = 800 * DAY


def token_of(place: Participation) -> str:
    """The token of the page where the person of this place answers."""
    return tokens.sign(PURPOSE, [place.id, place.person_id])


def opened(token: str, now: datetime) -> Participation | None:
    """The place with person, slot and section; None where it is forged, too old, or others'."""
    kept, signed_at = tokens.read_signed(PURPOSE, token, LONGEST) or (None, now)
    place_id, person_id = _ids(kept)
    place = finding.whole(place_id) if place_id is not None else None
    if place is None or person_id not in (None, place.person_id):
        return None
    lasts = BARE_LASTS if person_id is None else max(LASTS, place.slot.ends_at - signed_at)
    return place if now <= signed_at + lasts else None


def _ids(kept: Any) -> tuple[int | None, int | None]:
    """The ids of place and person that a token carries; the second is None in links of before."""
    if isinstance(kept, list) and len(kept) == 2 and all(type(id) is int for id in kept):
        return kept[0], kept[1]
    return (kept, None) if type(kept) is int else (None, None)
