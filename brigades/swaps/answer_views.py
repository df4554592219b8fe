"""The page behind the link in the mail about a swap. Looking changes nothing, needs no sign-in."""

from datetime import timedelta
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from brigades import clock, tokens
from brigades.access import Can, Scope
from brigades.schedule import open_swaps, swaps
from brigades.schedule.models import SwapState
from brigades.schedule.open_swaps import Asked
from brigades.swaps.blueprint import bp, say_done, stands, why_fallen
from brigades.web import needs

LIFETIME = timedelta(days=180)  # the question itself falls away earlier, and then the page says so


@bp.get("/swaps/answer/<token>")
@needs(Can.ANYONE)
def answer_by_mail(_scope: Scope, token: str) -> Any:
    """The question, with a button for yes and one for no."""
    return _page(_asked_of(token), token)


@bp.post("/swaps/answer/<token>")
@needs(Can.ANYONE)
def take_answer_by_mail(_scope: Scope, token: str) -> Any:
    """The answer; a second one changes nothing and hears how it stands."""
    asked = _asked_of(token)
    accept = {"yes": True, "no": False}.get(request.form.get("accept", ""))
    if accept is None or asked.swap.state is not SwapState.ASKED:
        return _page(asked, token), 422 if accept is None else 409
    try:
        swap = swaps.answer(asked.swap.id, accept, now=clock.now())
    except swaps.NoSwap as refused:
        judged = bool(refused.mine or refused.theirs)
        return _page(_asked_of(token), token, refused), 422 if judged else 409
    if accept:
        say_done(swap.state)
    else:
        flash(_("You have said no. Your place stays yours."), "info")
    return redirect(url_for("swaps.answer_by_mail", token=token), 303)


def _asked_of(token: str) -> Asked:
    swap_id = tokens.read("swap", token, LIFETIME)
    asked = open_swaps.find(swap_id, clock.now()) if isinstance(swap_id, int) else None
    if asked is None:
        abort(404)
    return asked


def _page(asked: Asked, token: str, refused: swaps.NoSwap | None = None) -> str:
    return render_template(
        "swaps/answer.html",
        asked=asked,
        swap=asked.swap,
        token=token,
        refused=refused,
        stands=stands,
        why_fallen=why_fallen,
    )
