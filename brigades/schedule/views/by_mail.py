"""The page behind the link in a mail about somebody's place. Looking changes nothing."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from brigades import clock
from brigades.access import Can
from brigades.clock import to_wall
from brigades.schedule import answer_links
from brigades.schedule.answering import Act, act, acts, stands
from brigades.schedule.leaving import free_until, leaves_freely
from brigades.schedule.models import Participation
from brigades.schedule.moves import Refused
from brigades.schedule.rules import Code, Refusal
from brigades.schedule.states import State
from brigades.schedule.views.behind_link import behind_link
from brigades.schedule.views.blueprint import bp, only, said
from brigades.schedule.views.taking import answered, back_again, left, reason_given
from brigades.schedule.waitlist import position_of
from brigades.web import needs


@bp.get("/answer/<token>")
@needs(Can.ANYONE)
@behind_link(answer_links.opened, whose=lambda place: place.person)
def answer_by_mail(place: Participation, token: str) -> Any:
    """How the place stands, with a button for what its person can say now."""
    return _page(place, token)


@bp.post("/answer/<token>")
@needs(Can.ANYONE, csrf_exempt=True)
@behind_link(answer_links.opened, whose=lambda place: place.person)
def take_answer_by_mail(place: Participation, token: str) -> Any:
    """The answer; the same one again changes nothing and hears how it stands."""
    what, now = _asked(), clock.now()
    if what is None:
        return _page(place, token), 422
    if what not in acts(place, now):
        return _page(place, token, again=what), 409
    was = place.state
    try:
        act(place, what, now=now, why=reason_given(request.form))
    except Refused as refused:
        anew = answer_links.opened(token, now) or place
        if only(refused.reasons, Code.NO_PLACE):  # said at the same moment elsewhere
            return _page(anew, token, again=what), 409
        return _page(anew, token, reasons=refused.reasons), 422
    flash(_done(what, was, place.state), "success")
    return redirect(url_for(".answer_by_mail", token=token), 303)


def _asked() -> Act | None:
    """What the pressed button says; None where it says nothing that is known."""
    yes = said(request.form)
    if yes is not None:
        return Act.ACCEPT if yes else Act.DECLINE
    return {"leave": Act.LEAVE, "come": Act.COME}.get(request.form.get("say", ""))


def _done(what: Act, was: State, state: State) -> str:
    if what is Act.LEAVE:
        return left(was, state)
    return back_again() if what is Act.COME else answered(what is Act.ACCEPT)


def _already(what: Act | None, state: State) -> str:
    """That this was said before, for whoever says it again; empty where the page says enough."""
    if what is None or state in (State.LAPSED, State.CANCELLED):
        return ""
    words: dict[tuple[Act, State], str] = {
        (Act.ACCEPT, State.CONFIRMED): _("You have answered already: the place is yours."),
        (Act.COME, State.CONFIRMED): _("You have answered already: the place is yours."),
        (Act.DECLINE, State.DECLINED): _("You have answered already: you said no."),
        (Act.LEAVE, State.DECLINED): _("You have answered already: you said no."),
        (Act.LEAVE, State.WITHDRAWN): _("You have answered already: you gave it up."),
        (Act.LEAVE, State.SEEKING_COVER): _(
            "You have answered already: you said that you cannot come."
        ),
    }
    return words.get((what, state)) or _("This was answered already. Nothing was changed.")


def _page(
    place: Participation,
    token: str,
    *,
    again: Act | None = None,
    reasons: list[Refusal] | None = None,
) -> str:
    now, slot, zone = clock.now(), place.slot, place.person.zone
    state = stands(place, now)
    return render_template(
        "schedule/answer.html",
        place=place,
        state=state,
        slot=slot,
        token=token,
        reasons=reasons or [],
        already=_already(again, state),
        acts=acts(place, now),
        position=position_of(place) if state is State.WAITLISTED else None,
        freely=leaves_freely(place, slot, now),
        free_until=free_until(slot),
        here=[to_wall(at, zone) for at in (slot.starts_at, slot.ends_at)] if zone else None,
        started=slot.starts_at <= now,
    )
