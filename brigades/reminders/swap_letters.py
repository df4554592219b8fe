"""What letters about swaps need: the question, the coordinator's part, and what came of it."""

from typing import Any

from flask_babel import gettext as _

from brigades import tokens
from brigades.calendars.ical import slot_link
from brigades.db import session
from brigades.outbox.kinds import Kind
from brigades.outbox.letters import Content, letter, now
from brigades.outbox.models import Letter
from brigades.people.models import Person
from brigades.people.service import GONE
from brigades.reminders.of_places import ahead, content, place_of
from brigades.schedule import open_swaps
from brigades.schedule.models import Participation, SwapState
from brigades.schedule.open_swaps import Asked
from brigades.schedule.states import State
from brigades.web import link


@letter("swap-asked", Kind.OFFER)
def swap_asked(to: Letter) -> Content | None:
    """Somebody asks for a swap; with the page that takes the answer, which needs no sign-in."""
    asked = _asked(to)
    if asked is None or not asked.open or asked.swap.state is not SwapState.ASKED:
        return None
    why = _("You get this because somebody would like to swap places with you.")
    token = tokens.sign("swap", [asked.swap.id, asked.swap.theirs.person.mailbox_mark])
    return _content(to, asked, why, answer=link("swaps.answer_by_mail", token=token))


@letter("swap-approve", Kind.DUTY)
def swap_approve(to: Letter) -> Content | None:
    """Two agreed to swap, and a slot asks for the coordinator's approval."""
    asked = _asked(to)
    if asked is None or not asked.waits:
        return None
    why = _("You get this because you coordinate or organize.")
    return _content(to, asked, why, page=link("swaps.show", swap_id=asked.swap.id))


@letter("swap-off", Kind.PLACE)
def swap_off(to: Letter) -> Content | None:
    """It comes to nothing: the other or the coordinator said no, or it was taken back."""
    asked = _asked(to)
    if asked is None or asked.swap.state not in (SwapState.DECLINED, SwapState.WITHDRAWN):
        return None
    by_one_of_them = asked.swap.decided_by in (
        asked.swap.mine.person_id,
        asked.swap.theirs.person_id,
    )
    return _content(
        to,
        asked,
        _("You get this because you were about to swap places."),
        by_coordinator=not by_one_of_them,
        withdrawn=asked.swap.state is SwapState.WITHDRAWN,
    )


@letter("swap-done", Kind.CHANGE)
def swap_done(to: Letter) -> Content | None:
    """They have the other's place; its event goes along."""
    place = place_of(to)
    if place is None or place.state is not State.CONFIRMED or not ahead(place.slot):
        return None
    why = _("You get this because you have a place.")
    return content(place, why, calendar="REQUEST", other=_other(to, place))


@letter("swap-given", Kind.CHANGE)
def swap_given(to: Letter) -> Content | None:
    """They gave their own place; its event disappears."""
    place = place_of(to)
    if place is None or place.state is not State.WITHDRAWN or not ahead(place.slot):
        return None
    why = _("You get this because you had a place.")
    return content(place, why, calendar="CANCEL", other=_other(to, place))


def _asked(to: Letter) -> Asked | None:
    return open_swaps.find(to.about["swap"], now())


def _other(to: Letter, place: Participation) -> str:
    """The given name of the one they swapped with."""
    asked = _asked(to)
    if asked is None:
        return ""
    mine, theirs = asked.swap.mine.person, asked.swap.theirs.person
    return (theirs if place.person_id == mine.id else mine).given_name


def _content(to: Letter, asked: Asked, why: str, **more: Any) -> Content | None:
    """A letter about both places; ``mine`` is the reader's own where they hold one of them."""
    person = session.get(Person, to.person_id)
    if person is None or person.standing in GONE:
        return None
    mine, theirs = asked.swap.mine, asked.swap.theirs
    if asked.is_asked(person.id):
        mine, theirs = theirs, mine
    return Content(
        why=why,
        context={
            "person": person,
            "swap": asked.swap,
            "mine": mine,
            "theirs": theirs,
            "page": slot_link(mine.slot),
            **more,
        },
        reply_to=mine.slot.section.contact,
    )
