"""Who gave a place up by themselves hears it where it stands in their calendar, so that it leaves.

The page has told them already; the letter is for the calendar, which only a mail reaches.
"""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Select, and_, func, or_, select

from brigades.db import session
from brigades.outbox.kinds import Kind
from brigades.outbox.letters import Content, letter, now
from brigades.outbox.models import Fate, Letter
from brigades.people.models import Person
from brigades.reminders.of_places import content, in_again, place_of
from brigades.schedule.models import Participation
from brigades.schedule.moves import tell
from brigades.schedule.states import State

# Letters that put a place into its reader's calendar, and those that take it out again.
PUT_IN = frozenset(
    {
        "clocks-changed",
        "place-confirmed",
        "place-free",
        "place-offered",
        "slot-moved",
        "swap-done",
    }
)
TAKEN_OUT = frozenset(
    {
        "place-covered",
        "place-given-up",
        "place-lapsed",
        "place-removed",
        "place-requested",
        "place-waitlisted",
        "slot-cancelled",
        "swap-given",
    }
)


def confirm(place: Participation, at: datetime) -> None:
    """Tell whoever gave a place up, where a letter has put it into their calendar before."""
    if _in_calendar(place):
        tell("place-given-up", place, session.get_one(Person, place.person_id), at)


def _in_calendar(place: Participation) -> bool:
    """Whether the last letter that said something to their calendar about this slot put it in."""
    return session.scalar(_said(place)) in PUT_IN


def _said(place: Participation) -> Select[tuple[str]]:
    """Names of what was sent to a person about a slot, the latest first.

    What a worker has in hand may just be leaving, and counts as sent. Each round of coming and
    going is a place of its own.
    """
    rounds = select(Participation.id).where(
        Participation.slot_id == place.slot_id, Participation.person_id == place.person_id
    )
    in_hand = and_(Letter.fate == Fate.WAITING, Letter.leased_until.is_not(None))
    return (
        select(Letter.name)
        .where(
            Letter.person_id == place.person_id,
            Letter.name.in_(sorted(PUT_IN | TAKEN_OUT)),
            Letter.about["participation"].as_integer().in_(rounds),
            or_(Letter.fate == Fate.SENT, in_hand),
        )
        .order_by(func.coalesce(Letter.sent_at, Letter.leased_until).desc(), Letter.id.desc())
        .limit(1)
    )


@letter("place-given-up", Kind.PLACE)
def place_given_up(to: Letter) -> Content | None:
    """They do not come; the event disappears. Dropped if they are in again, or it has begun."""
    place = place_of(to)
    if place is None or place.state not in (State.WITHDRAWN, State.DECLINED):
        return None
    if place.slot.starts_at <= now() or in_again(place):
        return None
    why = _("You get this because you gave up a place that stands in your calendar.")
    declined = place.state is State.DECLINED
    return content(place, why, calendar="CANCEL", declined=declined)
