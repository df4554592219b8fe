"""Letters to who asked for a place: the request was passed on or declined, an offer lapsed."""

from flask_babel import gettext as _

from brigades.outbox.kinds import Kind
from brigades.outbox.letters import Content, letter
from brigades.outbox.models import Letter
from brigades.reminders.of_places import ahead, as_before, content, place_of
from brigades.schedule.states import State


@letter("place-requested", Kind.PLACE)
def place_requested(to: Letter) -> Content | None:
    """They asked, the coordinator decides. No event: nothing is certain, none of before holds."""
    place = place_of(to)
    if place is None or place.state is not State.REQUESTED or not ahead(place.slot):
        return None
    why = _("You get this because you asked for a place.")
    return content(place, why, calendar=as_before(place))


@letter("request-declined", Kind.PLACE)
def request_declined(to: Letter) -> Content | None:
    """The coordinator said no, and why."""
    place = place_of(to)
    if place is None or place.state is not State.DECLINED or not ahead(place.slot):
        return None
    return content(place, _("You get this because you asked for a place."), said=to.about["why"])


@letter("place-lapsed", Kind.PLACE)
def place_lapsed(to: Letter) -> Content | None:
    """They did not answer in time; the event disappears."""
    place = place_of(to)
    if place is None or place.state is not State.LAPSED or not ahead(place.slot):
        return None
    return content(place, _("You get this because a place was offered to you."), calendar="CANCEL")
