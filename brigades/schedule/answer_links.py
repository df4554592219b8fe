"""The link in a mail about somebody's place: who it is for, and how long it opens.

It names the place, its person and their address, so that it answers nothing once the place is
somebody else's, or once the person has another address: perhaps it was a wrong one.
Nothing is kept of it: the place itself says whether there is still something to answer.
"""

from datetime import datetime
from typing import Any

from brigades import tokens
from brigades.clock import DAY
from brigades.db import session
from brigades.people.models import Person
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
    person = session.get_one(Person, place.person_id)  # loaded with every letter's place
    return tokens.sign(PURPOSE, [place.id, person.id, person.mailbox_mark])


def opened(token: str, now: datetime) -> Participation | None:
    """The place with person, slot and section; None where it is forged, too old, or others'."""
    kept, signed_at = tokens.read_signed(PURPOSE, token, LONGEST) or (None, now)
    place_id, person_id, mark = _carried(kept)
    place = finding.whole(place_id) if place_id is not None else None
    if place is None or person_id not in (None, place.person_id):
        return None
    if mark not in (None, place.person.mailbox_mark):
        return None
    lasts = BARE_LASTS if person_id is None else max(LASTS, place.slot.ends_at - signed_at)
    return place if now <= signed_at + lasts else None


def _carried(kept: Any) -> tuple[int | None, int | None, str | None]:
    """Ids of place and person and the address's mark; what links of before lack is None."""
    if type(kept) is int:
        return kept, None, None
    if isinstance(kept, list) and [type(one) for one in kept] in ([int, int], [int, int, str]):
        return kept[0], kept[1], kept[2] if kept[2:] else None
    return None, None, None
