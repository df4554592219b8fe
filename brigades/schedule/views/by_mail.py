"""The pages behind the links in mails. Looking changes nothing, and needs no sign-in."""

from datetime import timedelta
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from brigades import clock, tokens
from brigades.access import Can, Scope
from brigades.schedule import answer_links, cover, finding
from brigades.schedule import service as schedule
from brigades.schedule.models import CoverAsk, Participation
from brigades.schedule.rules import Code, Refusal
from brigades.schedule.states import State
from brigades.schedule.views.blueprint import bp, only, said
from brigades.schedule.views.taking import answered
from brigades.web import needs

LIFETIME = timedelta(days=180)  # what is asked is over earlier, and then the page says so


@bp.get("/answer/<token>")
@needs(Can.ANYONE)
def answer_by_mail(_scope: Scope, token: str) -> Any:
    """The offer, with a button for yes and one for no."""
    return _offer(_place_of(token), token)


@bp.post("/answer/<token>")
@needs(Can.ANYONE)
def take_answer_by_mail(_scope: Scope, token: str) -> Any:
    """The answer to the offer; a second one changes nothing and hears how it stands."""
    place = _place_of(token)
    accept = said(request.form)
    if accept is None or place.state is not State.OFFERED:
        return _offer(place, token), 422 if accept is None else 409
    try:
        schedule.answer(place, accept, now=clock.now())
    except schedule.Refused as refused:
        if only(refused.reasons, Code.NO_PLACE):  # answered at the same moment elsewhere
            return _offer(_place_of(token), token), 409
        return _offer(_place_of(token), token, refused.reasons), 422
    flash(answered(accept), "success")
    return redirect(url_for(".answer_by_mail", token=token), 303)


@bp.get("/cover/<token>")
@needs(Can.ANYONE)
def answer_cover(_scope: Scope, token: str) -> Any:
    """The place that somebody is asked to take over, or what has become of it."""
    return _cover(_ask_of(token), token)


@bp.post("/cover/<token>")
@needs(Can.ANYONE)
def take_answer_cover(_scope: Scope, token: str) -> Any:
    """The answer; who comes second hears that somebody was faster."""
    ask = _ask_of(token)
    accept = said(request.form)
    if accept is None:
        return _cover(ask, token), 422
    try:
        cover.answer_ask(ask, accept, now=clock.now())
    except schedule.Refused as refused:
        if only(refused.reasons, Code.NO_PLACE):
            return _cover(_ask_of(token), token), 409
        return _cover(_ask_of(token), token, refused.reasons), 422
    flash(answered(accept), "success")
    return redirect(url_for(".answer_cover", token=token), 303)


def _place_of(token: str) -> Participation:
    place = answer_links.opened(token, clock.now())
    if place is None:
        abort(404)
    return place


def _ask_of(token: str) -> CoverAsk:
    ask_id = tokens.read("cover", token, LIFETIME)
    ask = finding.whole_ask(ask_id) if isinstance(ask_id, int) else None
    if ask is None:
        abort(404)
    return ask


def _offer(place: Participation, token: str, reasons: list[Refusal] | None = None) -> str:
    now = clock.now()
    state = place.state
    if state is State.OFFERED and schedule.too_late(place, now):
        state = State.LAPSED  # the next pass writes it down
    return render_template(
        "schedule/answer.html",
        place=place,
        state=state,
        slot=place.slot,
        token=token,
        reasons=reasons or [],
        open=state is State.OFFERED,
        its_reader=_reads() == place.person_id,
        now=now,
    )


def _cover(ask: CoverAsk, token: str, reasons: list[Refusal] | None = None) -> str:
    slot, now = ask.place.slot, clock.now()
    sought = ask.place.state is State.SEEKING_COVER and slot.starts_at > now
    return render_template(
        "schedule/cover.html",
        ask=ask,
        slot=slot,
        token=token,
        reasons=reasons or [],
        open=sought and ask.answered_at is None,
        its_reader=_reads() == ask.person_id,
        now=now,
    )


def _reads() -> int | None:
    """Who is signed in, if anybody."""
    return current_user.person.id if current_user.is_authenticated else None
