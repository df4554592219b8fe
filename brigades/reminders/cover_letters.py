"""Letters about cover: who is asked, whose place was taken, and that nobody is left to ask."""

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from brigades import tokens
from brigades.calendars import ical
from brigades.db import session
from brigades.outbox.kinds import Kind
from brigades.outbox.letters import Content, letter
from brigades.outbox.models import Letter
from brigades.people.models import Person, Standing
from brigades.reminders.of_places import ahead, content, place_of
from brigades.schedule.models import CoverAsk, Participation, Slot
from brigades.schedule.states import State
from brigades.web import link


@letter("cover-asked", Kind.OFFER)
def cover_asked(to: Letter) -> Content | None:
    """Somebody cannot come; with the page that takes the answer. Dropped once it is covered."""
    ask = session.scalar(
        select(CoverAsk)
        .where(CoverAsk.id == to.about["ask"])
        .options(
            joinedload(CoverAsk.person),
            joinedload(CoverAsk.place).joinedload(Participation.slot).joinedload(Slot.section),
        )
    )
    if ask is None or ask.answered_at is not None:
        return None
    if to.about.get("wave", ask.wave) != ask.wave:  # asked anew since: the later letter goes
        return None
    slot = ask.place.slot
    if ask.place.state is not State.SEEKING_COVER or not ahead(slot):
        return None
    if ask.person.standing is not Standing.ACTIVE:
        return None
    token = tokens.sign("cover", [ask.id, ask.person.mailbox_mark])
    return Content(
        why=_("You get this because you could take this place."),
        context={
            "slot": slot,
            "person": ask.person,
            "section": slot.section,
            "answer": link("schedule.answer_cover", token=token),
        },
        reply_to=slot.section.contact,
    )


@letter("place-covered", Kind.CHANGE)
def place_covered(to: Letter) -> Content | None:
    """Somebody took their place; the event disappears."""
    place = place_of(to)
    if place is None or place.state is not State.WITHDRAWN or not ahead(place.slot):
        return None
    taker = session.get(Person, to.about["taker"])
    return content(
        place,
        _("You get this because you asked for cover."),
        calendar="CANCEL",
        taker=taker.name if taker else "",
    )


@letter("cover-nobody", Kind.DUTY)
def cover_nobody(to: Letter) -> Content | None:
    """To who answers for the slot: everybody who could take the place was asked."""
    place, reader = place_of(to), session.get(Person, to.person_id)
    if place is None or reader is None or not ahead(place.slot):
        return None
    if place.state is not State.SEEKING_COVER or reader.standing is not Standing.ACTIVE:
        return None
    declined = func.count(CoverAsk.id).filter(CoverAsk.said_yes.is_(False))
    asked, no = session.execute(
        select(func.count(CoverAsk.id), declined).where(CoverAsk.place_id == place.id)
    ).one()
    page = ical.slot_link(place.slot)
    return Content(
        why=_("You get this because you answer for this."),
        context={
            "slot": place.slot,
            "section": place.slot.section,
            "person": reader,
            "holder": place.person.name,
            "asked": asked,
            "declined": no,
            "page": page + ("/board" if place.slot.type == "shift" else ""),
        },
        reply_to=place.slot.section.contact,
    )
