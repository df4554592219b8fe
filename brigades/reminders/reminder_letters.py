"""Letters to people with a place, or in line for one, before a start or before an answer is due."""

from flask_babel import gettext as _
from sqlalchemy import or_

from brigades.accounts.models import Account
from brigades.clock import to_wall
from brigades.db import session
from brigades.outbox.kinds import Kind
from brigades.outbox.letters import Content, letter, now
from brigades.outbox.models import Letter
from brigades.people.models import STILL_HERE, Person
from brigades.reminders.keys import tells_start_of
from brigades.reminders.of_places import ahead, answer_link, content, place_of, places
from brigades.reminders.readers import STATES
from brigades.reminders.rules import Audience
from brigades.schedule.models import Participation
from brigades.schedule.states import State
from brigades.schedule.waitlist import position_of
from brigades.texts import ahead_words


@letter("reminder", Kind.REMINDER)
def reminder(to: Letter) -> Content | None:
    """They have a place and it starts soon; with the page to say that they cannot come."""
    place = _reminded(to, Audience.COMING)
    if place is None:
        return None
    return content(
        place,
        _("You get this because you have a place."),
        starts=ahead_words(place.slot.starts_at - now()),
        say_so=answer_link(place),
    )


@letter("reminder-waitlisted", Kind.REMINDER)
def reminder_waitlisted(to: Letter) -> Content | None:
    """They wait, at which position, and nothing is certain yet."""
    place = _reminded(to, Audience.WAITLISTED)
    if place is None:
        return None
    return content(
        place,
        _("You get this because you are on the waiting list."),
        starts=ahead_words(place.slot.starts_at - now()),
        position=position_of(place),
        say_so=answer_link(place),
    )


@letter("offer-ends", Kind.OFFER)
def offer_ends(to: Letter) -> Content | None:
    """Their answer is awaited until when; dropped once they gave it, or were asked anew."""
    place = place_of(to)
    if place is None or place.state is not State.OFFERED or not ahead(place.slot):
        return None
    if place.answer_by is None or place.answer_by <= now() or _asked_anew(to, place):
        return None
    return content(
        place,
        _("You get this because a place was offered to you."),
        answer=answer_link(place),
        answer_by=to_wall(place.answer_by, place.slot.zone),
    )


def _asked_anew(to: Letter, place: Participation) -> bool:
    sequence: int = to.about["sequence"]
    return sequence != place.sequence


def _reminded(to: Letter, audience: Audience) -> Participation | None:
    """The place that somebody is reminded of, if that is still to be told as it was meant."""
    place: Participation | None = session.scalar(
        places()
        .outerjoin(Account, Account.person_id == Person.id)
        .where(
            Participation.slot_id == to.about["slot"],
            Participation.person_id == to.about["person"],
            Participation.state.in_(STATES[audience]),
            or_(Account.id.is_(None), Account.active),
        )
    )
    if place is None or place.person.standing not in STILL_HERE or not ahead(place.slot):
        return None
    # Moved since: the new start has a letter of its own.
    return place if tells_start_of(to.key, place.slot) else None
