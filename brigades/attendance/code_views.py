"""Checking in by oneself: the lead shows a code, whoever has a place scans it and presses once."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from brigades import clock, texts
from brigades.access import Can, Scope
from brigades.attendance import codes, service, words
from brigades.attendance.blueprint import AT, acting, bp, happened_at
from brigades.schedule import attendance
from brigades.schedule.attendance import Unfit
from brigades.schedule.models import Participation
from brigades.schedule.states import State
from brigades.web import get_or_404, limiter, link, needs

GUESSES = "20 per 15 minutes"


@bp.get(f"{AT}/code")
@needs(Can.TAKE_PART)
def code(scope: Scope, where: str, slot_id: int) -> str:
    """The code on the lead's screen, large enough for a hall."""
    slot = get_or_404(service.find(scope, where, slot_id))
    return render_template(
        "attendance/code.html",
        where=where,
        slot=slot,
        picture=codes.picture(slot.id),
        letters=codes.letters(slot.id),
        typed_at=link("attendance.type_code").partition("://")[2],
        counts=service.counts(service.people(slot.id)),
    )


@bp.get("/here")
@needs(Can.SIGNED_IN)
def type_code(_scope: Scope) -> str:
    """Where the six letters are typed."""
    return render_template("attendance/type.html", typed="", wrong=False)


@bp.post("/here")
@limiter.limit(GUESSES, deduct_when=lambda response: response.status_code == 422)
@needs(Can.SIGNED_IN)
def typed_code(scope: Scope) -> Any:
    """Find which of the reader's own shifts and trainings the letters belong to."""
    typed = request.form.get("code", "")[:40]
    for slot_id in service.around(acting(scope), clock.now()):
        if codes.is_of(typed, slot_id):
            return redirect(url_for(".here", token=codes.token(slot_id)), 303)
    return render_template("attendance/type.html", typed=typed, wrong=True), 422


@bp.get("/here/<token>")
@needs(Can.SIGNED_IN)
def here(scope: Scope, token: str) -> str:
    """The reader's own place and one button. Looking changes nothing."""
    return _page(scope, token, _slot_of(token))


@bp.post("/here/<token>")
@needs(Can.SIGNED_IN)
def say_here(scope: Scope, token: str) -> Any:
    """The reader came, or leaves. Said twice it counts once, and hears so."""
    slot_id, said = _slot_of(token), request.form.get("said", "")
    if said not in ("in", "out"):
        abort(400)
    place = service.mine_in(slot_id, acting(scope))
    if place is None:
        return _page(scope, token, slot_id), 422
    do = attendance.check_in if said == "in" else attendance.check_out
    try:
        changed = do(place, by=acting(scope), now=clock.now(), at=happened_at())
    except Unfit as unfit:
        page = _page(scope, token, slot_id, problem=words.why(unfit.why))
        return page, 400 if "scanned_at" in request.form else 422
    if not changed:
        return _page(scope, token, slot_id, already=_already(place))
    flash(_("You are checked in.") if said == "in" else _("You are checked out."), "success")
    return redirect(url_for(".here", token=token), 303)


def _slot_of(token: str) -> int:
    return get_or_404(codes.slot_of(token))


def _already(place: Participation) -> str:
    if place.left_at is not None:
        return str(_("You are checked out already. Nothing was changed."))
    return str(_("You are already checked in. Nothing was changed."))


def _page(scope: Scope, token: str, slot_id: int, problem: str = "", already: str = "") -> str:
    place = service.mine_in(slot_id, acting(scope))
    mine = place if place is not None and place.state in attendance.TICKABLE else None
    return render_template(
        "attendance/here.html",
        token=token,
        place=mine,
        slot=mine.slot if mine else None,
        where=service.ADDRESSES[mine.slot.type] if mine else "",
        phase=service.phase(mine.slot, clock.now()).value if mine else "",
        problem=problem,
        already=already,
        time_in=texts.time_at,
        State=State,
    )
