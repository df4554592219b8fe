"""What letters about places need to be written: offers and changes.

Each reads the rows as they are when it is sent and is dropped where it no longer holds.
"""

from flask_babel import gettext as _

from brigades.clock import to_wall
from brigades.outbox.kinds import Kind
from brigades.outbox.letters import Content, letter, now
from brigades.outbox.models import Letter
from brigades.reminders.of_places import (
    ahead,
    answer_link,
    as_before,
    content,
    holds_again,
    place_of,
)
from brigades.schedule.models import Status
from brigades.schedule.states import COMING, LIVE, State
from brigades.schedule.waitlist import position_of


@letter("place-offered", Kind.OFFER)
def place_offered(to: Letter) -> Content | None:
    """A coordinator asks; with the page that takes the answer, and until when."""
    return _offer(to, _("You get this because your coordinator would like you to come."))


@letter("place-free", Kind.OFFER)
def place_free(to: Letter) -> Content | None:
    """A place became free for somebody who waits."""
    return _offer(to, _("You get this because you are on the waiting list."))


def _offer(to: Letter, why: str) -> Content | None:
    place = place_of(to)
    if place is None or place.state is not State.OFFERED or not ahead(place.slot):
        return None
    if place.answer_by is None or place.answer_by <= now():
        return None
    return content(
        place,
        why,
        calendar="REQUEST",
        answer=answer_link(place),
        answer_by=to_wall(place.answer_by, place.slot.zone),
    )


@letter("place-confirmed", Kind.PLACE)
def place_confirmed(to: Letter) -> Content | None:
    """They have the place; the event goes along."""
    place = place_of(to)
    if place is None or place.state not in COMING or not ahead(place.slot):
        return None
    return content(place, _("You get this because you have a place."), calendar="REQUEST")


@letter("place-waitlisted", Kind.PLACE)
def place_waitlisted(to: Letter) -> Content | None:
    """They wait, at which position. No event: nothing is certain yet, and none of before holds."""
    place = place_of(to)
    if place is None or place.state is not State.WAITLISTED or not ahead(place.slot):
        return None
    why = _("You get this because you signed up and all places were taken.")
    return content(place, why, calendar=as_before(place), position=position_of(place))


@letter("place-removed", Kind.CHANGE)
def place_removed(to: Letter) -> Content | None:
    """A coordinator took them off; the event disappears. Dropped if they are in again."""
    place = place_of(to)
    if place is None or place.state in LIVE or not ahead(place.slot) or holds_again(place):
        return None
    return content(place, _("You get this because you had a place."), calendar="CANCEL")


@letter("slot-cancelled", Kind.CHANGE)
def slot_cancelled(to: Letter) -> Content | None:
    """It does not happen; the event disappears."""
    place = place_of(to)
    if place is None or place.slot.status is not Status.CANCELLED:
        return None
    return content(place, _("You get this because you were signed up."), calendar="CANCEL")
