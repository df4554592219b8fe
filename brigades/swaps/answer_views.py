"""The page behind the link in the mail about a swap. Looking changes nothing, needs no sign-in."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from brigades import clock, tokens
from brigades.access import Can
from brigades.clock import DAY
from brigades.schedule import open_swaps, swaps
from brigades.schedule.models import SwapState
from brigades.schedule.open_swaps import Asked
from brigades.schedule.views.behind_link import behind_link
from brigades.swaps.blueprint import bp, say_done, stands, why_fallen
from brigades.web import needs

LIFETIME = 180 * DAY  # the question itself falls away earlier, and then the page says so


def _opened(token: str, now: datetime) -> Asked | None:
    swap_id, mark = tokens.bound(tokens.read("swap", token, LIFETIME))
    asked = open_swaps.find(swap_id, now) if swap_id is not None else None
    if asked is None or mark not in (None, asked.swap.theirs.person.mailbox_mark):
        return None
    return asked


@bp.get("/swaps/answer/<token>")
@needs(Can.ANYONE)
@behind_link(_opened, whose=lambda asked: asked.swap.theirs.person)
def answer_by_mail(asked: Asked, token: str) -> Any:
    """The question, with a button for yes and one for no."""
    return _page(asked, token)


@bp.post("/swaps/answer/<token>")
@needs(Can.ANYONE, csrf_exempt=True)
@behind_link(_opened, whose=lambda asked: asked.swap.theirs.person)
def take_answer_by_mail(asked: Asked, token: str) -> Any:
    """The answer; a second one changes nothing and hears how it stands."""
    now = clock.now()
    accept = {"yes": True, "no": False}.get(request.form.get("accept", ""))
    if accept is None or asked.swap.state is not SwapState.ASKED:
        return _page(asked, token), 422 if accept is None else 409
    try:
        swap = swaps.answer(asked.swap.id, accept, now=now)
    except swaps.NoSwap as refused:
        judged = bool(refused.mine or refused.theirs)
        return _page(_opened(token, now) or asked, token, refused), 422 if judged else 409
    if accept:
        say_done(swap.state)
    else:
        flash(_("You have said no. Your place stays yours."), "info")
    return redirect(url_for("swaps.answer_by_mail", token=token), 303)


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
