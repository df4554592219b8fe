"""What a letter says to somebody whose place is in question: why, judged as it is sent."""

from flask_babel import gettext as _

from brigades.outbox.kinds import Kind
from brigades.outbox.letters import Content, letter, now
from brigades.outbox.models import Letter
from brigades.reminders.of_places import ahead, content, place_of
from brigades.schedule.again import LOOKED_AT, judged
from brigades.schedule.rules import blocking
from brigades.schedule.words import say


@letter("place-in-question", Kind.CHANGE)
def place_in_question(to: Letter) -> Content | None:
    """Something stands against their place by now; they keep it. Dropped once nothing does."""
    place = place_of(to)
    if place is None or place.state not in LOOKED_AT or not ahead(place.slot):
        return None
    reasons = blocking(judged([place], now())[place.id])
    if not reasons:
        return None
    why = _("You get this because you have a place.")
    return content(place, why, reasons=[say(reason) for reason in reasons])
