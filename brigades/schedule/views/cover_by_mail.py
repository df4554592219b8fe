"""The page behind the link in a mail that asks somebody to take a place over."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from brigades import clock, tokens
from brigades.access import Can
from brigades.clock import DAY
from brigades.schedule import cover, finding
from brigades.schedule.models import CoverAsk
from brigades.schedule.moves import Refused
from brigades.schedule.rules import Code, Refusal
from brigades.schedule.states import State
from brigades.schedule.views.behind_link import behind_link
from brigades.schedule.views.blueprint import bp, only, said
from brigades.schedule.views.taking import answered
from brigades.web import needs

LIFETIME = 180 * DAY  # what is asked is over earlier, and then the page says so


def _opened(token: str, _now: datetime) -> CoverAsk | None:
    ask_id, mark = tokens.bound(tokens.read("cover", token, LIFETIME))
    ask = finding.whole_ask(ask_id) if ask_id is not None else None
    return ask if ask is not None and mark in (None, ask.person.mailbox_mark) else None


@bp.get("/cover/<token>")
@needs(Can.ANYONE)
@behind_link(_opened, whose=lambda ask: ask.person)
def answer_cover(ask: CoverAsk, token: str) -> Any:
    """The place that somebody is asked to take over, or what has become of it."""
    return _page(ask, token)


@bp.post("/cover/<token>")
@needs(Can.ANYONE, csrf_exempt=True)
@behind_link(_opened, whose=lambda ask: ask.person)
def take_answer_cover(ask: CoverAsk, token: str) -> Any:
    """The answer; who comes second hears that somebody was faster."""
    accept, now = said(request.form), clock.now()
    if accept is None:
        return _page(ask, token), 422
    try:
        cover.answer_ask(ask, accept, now=now)
    except Refused as refused:
        anew = _opened(token, now) or ask
        if only(refused.reasons, Code.NO_PLACE):
            return _page(anew, token), 409
        return _page(anew, token, refused.reasons), 422
    flash(answered(accept), "success")
    return redirect(url_for(".answer_cover", token=token), 303)


def _page(ask: CoverAsk, token: str, reasons: list[Refusal] | None = None) -> str:
    slot, now = ask.place.slot, clock.now()
    sought = ask.place.state is State.SEEKING_COVER and slot.starts_at > now
    return render_template(
        "schedule/cover.html",
        ask=ask,
        slot=slot,
        token=token,
        reasons=reasons or [],
        open=sought and ask.answered_at is None,
        now=now,
    )
