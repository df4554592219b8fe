"""What a letter says about a slot's new time: to everybody, and to whom it conflicts with."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from brigades.clock import to_wall
from brigades.db import session
from brigades.outbox.kinds import Kind
from brigades.outbox.letters import Content, letter, now
from brigades.outbox.models import Fate, Letter
from brigades.reminders.of_places import ahead, answer_link, content, place_of
from brigades.schedule.models import Participation
from brigades.schedule.moved import conflicts_of
from brigades.schedule.states import HOLDING, LIVE, State
from brigades.schedule.when_where import WhenWhere
from brigades.schedule.words import say


@letter("slot-moved", Kind.CHANGE)
def slot_moved(to: Letter) -> Content | None:
    """Another time or place; only the last of several changes is told.

    Whose place is offered is asked whether they come, with what stands against the new time. It
    says how it stood when its reader last heard of it.
    """
    place = place_of(to)
    if place is None or place.state not in LIVE or not ahead(place.slot):
        return None
    moved_at = place.slot.moved_at
    if moved_at is not None and to.posted_at < moved_at:
        return None
    calendar = "REQUEST" if place.state in HOLDING else None
    why = _("You get this because you are signed up.")
    return content(place, why, calendar=calendar, **_question(place), **_until_now(to, place))


@letter("clocks-changed", Kind.CHANGE)
def clocks_changed(to: Letter) -> Content | None:
    """The rules of the zone moved the slot, and with it how this place stands: asked, or settled.

    Dropped where it stands otherwise by now, or the slot was moved since, of which all are told.
    """
    place = place_of(to)
    if place is None or place.state != to.about["state"] or not ahead(place.slot):
        return None
    moved_at = place.slot.moved_at
    if moved_at is not None and to.posted_at < moved_at:
        return None
    asks = _question(place)
    if place.state is State.OFFERED and not asks["answer"]:
        return None
    why = _("You get this because you are signed up.")
    return content(place, why, calendar="REQUEST", **asks)


def _until_now(to: Letter, place: Participation) -> dict[str, Any]:
    """The former time and place where they are others: None, and empty where not."""
    nothing = {"was": None, "was_place": ""}
    kept = _last_known(to)
    if kept is None:
        return nothing
    was, is_ = WhenWhere.read(kept), WhenWhere.of(place.slot)
    return {
        "was": None if was.same_time(is_) else was,
        "was_place": "" if was.place == is_.place else was.place,
    }


def _last_known(to: Letter) -> dict[str, Any] | None:
    """How it stood before the first change of which no letter told; None of letters of before."""
    earlier = session.execute(
        select(Letter.fate, Letter.about)
        .where(Letter.person_id == to.person_id, Letter.name == "slot-moved", Letter.id < to.id)
        .order_by(Letter.id.desc())
        .limit(50)
    )
    known: dict[str, Any] | None = to.about.get("was")
    for fate, about in earlier:
        if about["participation"] != to.about["participation"]:
            continue
        if fate is Fate.SENT:
            break
        known = about.get("was") or known
    return known


def _question(place: Participation) -> dict[str, Any]:
    """What an offered place asks its person; nothing where there is no answer to wait for."""
    if place.state is not State.OFFERED or place.answer_by is None or place.answer_by <= now():
        return {"answer": ""}
    return {
        "answer": answer_link(place),
        "answer_by": to_wall(place.answer_by, place.slot.zone),
        "reasons": [say(reason) for reason in conflicts_of(place, now())],
    }
