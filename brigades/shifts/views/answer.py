"""The page behind the link in an offer's mail. Looking changes nothing, and needs no sign-in."""

from datetime import timedelta
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from brigades import clock, tokens
from brigades.access import Can, Scope
from brigades.schedule import service as schedule
from brigades.schedule.models import Participation
from brigades.schedule.rules import Code, Refusal
from brigades.schedule.states import State
from brigades.shifts import service
from brigades.shifts.views.blueprint import bp
from brigades.web import needs

LIFETIME = timedelta(days=180)  # an offer itself lapses earlier, and then the page says so


@bp.get("/answer/<token>")
@needs(Can.ANYONE)
def answer_by_mail(_scope: Scope, token: str) -> Any:
    """The offer, with a button for yes and one for no."""
    return _page(_place_of(token), token)


@bp.post("/answer/<token>")
@needs(Can.ANYONE)
def take_answer_by_mail(_scope: Scope, token: str) -> Any:
    """The answer to the offer; a second one changes nothing and hears how it stands."""
    place = _place_of(token)
    accept = {"yes": True, "no": False}.get(request.form.get("accept", ""))
    if accept is None or place.state is not State.OFFERED:
        return _page(place, token), 422 if accept is None else 409
    try:
        schedule.answer(place, accept, now=clock.now())
    except schedule.Refused as refused:
        if service.only(refused.reasons, Code.NO_PLACE):  # answered at the same moment elsewhere
            return _page(_place_of(token), token), 409
        return _page(_place_of(token), token, refused.reasons), 422
    flash(
        _("You have a place.") if accept else _("You have said no. Thank you for answering."),
        "success",
    )
    return redirect(url_for("shifts.answer_by_mail", token=token), 303)


def _place_of(token: str) -> Participation:
    place_id = tokens.read("answer", token, LIFETIME)
    place = service.offer_of(place_id) if isinstance(place_id, int) else None
    if place is None:
        abort(404)
    return place


def _page(place: Participation, token: str, reasons: list[Refusal] | None = None) -> str:
    reader = current_user.person.id if current_user.is_authenticated else None
    return render_template(
        "shifts/answer.html",
        place=place,
        slot=place.slot,
        token=token,
        reasons=reasons or [],
        open=place.state is State.OFFERED,
        its_reader=reader == place.person_id,
        now=clock.now(),
    )
