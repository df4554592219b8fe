"""Checking in by oneself: the lead shows a code, whoever has a place scans it and presses once."""

from datetime import datetime
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from brigades import clock, texts
from brigades.access import Can, Scope, acting
from brigades.attendance import codes, counting, printed, service, words
from brigades.attendance.blueprint import AT, bp, happened_at
from brigades.attendance.codes import Code
from brigades.schedule import attendance
from brigades.schedule.attendance import Unfit
from brigades.schedule.models import Participation
from brigades.schedule.states import State
from brigades.web import get_or_404, limiter, link, needs

GUESSES = "20 per 15 minutes"


@bp.get(f"{AT}/code")
@needs(Can.TAKE_PART)
def code(scope: Scope, where: str, slot_id: int) -> str:
    """The code on the lead's screen, large enough for a hall; another one every minute."""
    return _code(scope, where, slot_id, stays=False)


@bp.get(f"{AT}/code/printed")
@needs(Can.TAKE_PART)
def printed_code(scope: Scope, where: str, slot_id: int) -> str:
    """A code that stays as it is, to be printed by who has no screen there."""
    return _code(scope, where, slot_id, stays=True)


@bp.post(f"{AT}/code/printed")
@needs(Can.TAKE_PART)
def renew_printed_code(scope: Scope, where: str, slot_id: int) -> Any:
    """Another code to print: those that hang somewhere or were sent round open nothing more."""
    slot = get_or_404(service.find(scope, where, slot_id))
    printed.renew(slot.id, by=acting(scope), now=clock.now())
    flash(_("This is the new code. Those from before are of no use any more."), "success")
    return redirect(url_for(".printed_code", where=where, slot_id=slot_id), 303)


def _code(scope: Scope, where: str, slot_id: int, *, stays: bool) -> str:
    slot, now = get_or_404(service.find(scope, where, slot_id)), clock.now()
    number = slot.printed_code
    return render_template(
        "attendance/code.html",
        where=where,
        slot=slot,
        printed=stays,
        picture=codes.picture(slot.id, printed=number if stays else None),
        letters=codes.printed_letters(slot.id, number) if stays else codes.letters(slot.id, now),
        made_at=now,
        time_in=texts.time_at,
        seconds=int(codes.EVERY.total_seconds()),
        typed_at=link("attendance.type_code").partition("://")[2],
        counts=counting.counts(service.people(slot.id)),
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
    now = clock.now()
    for slot_id, number in service.around(acting(scope), now):
        if (token := codes.token_for(typed, slot_id, number, now)) is not None:
            return redirect(url_for(".here", token=token), 303)
    return render_template("attendance/type.html", typed=typed, wrong=True), 422


@bp.get("/here/<token>")
@needs(Can.SIGNED_IN)
def here(scope: Scope, token: str) -> str:
    """The reader's own place and one button. Looking changes nothing."""
    return _page(scope, token, _opened(token))


@bp.post("/here/<token>")
@needs(Can.SIGNED_IN)
def say_here(scope: Scope, token: str) -> Any:
    """The reader came, or leaves. Said twice it counts once, and hears so.

    Only of a code that is shown just now, or was when the page was opened, or the device scanned.
    """
    code, said, at = _opened(token), request.form.get("said", ""), happened_at()
    bad = 422 if at is None else 400
    if said not in ("in", "out"):
        abort(400)
    place = service.mine_in(code.slot_id, acting(scope))
    if place is None:
        return _page(scope, token, code), 422
    if not _stood_before(code, place, at):
        return _page(scope, token, code), bad
    do = attendance.check_in if said == "in" else attendance.check_out
    try:
        changed = do(place, by=acting(scope), now=clock.now(), at=at)
    except Unfit as unfit:
        return _page(scope, token, code, problem=words.why(unfit.why)), bad
    if not changed:
        return _page(scope, token, code, already=_already(place))
    flash(_("You are checked in.") if said == "in" else _("You are checked out."), "success")
    return redirect(url_for(".here", token=token), 303)


def _stood_before(code: Code, place: Participation, scanned_at: datetime | None) -> bool:
    now = clock.now()
    if code.replaced(place.slot.printed_code):
        return False
    if code.fresh(now) if scanned_at is None else code.told(scanned_at, now):
        return True
    if scanned_at is not None and scanned_at < now - codes.LATE:
        return False
    return codes.was_seen(request.form.get("seen", ""), code.slot_id, place.person_id)


def _opened(token: str) -> Code:
    return get_or_404(codes.opened(token))


def _already(place: Participation) -> str:
    if place.left_at is not None:
        return str(_("You are checked out already. Nothing was changed."))
    return str(_("You are already checked in. Nothing was changed."))


def _page(scope: Scope, token: str, code: Code, problem: str = "", already: str = "") -> str:
    place = service.mine_in(code.slot_id, acting(scope))
    replaced = place is not None and code.replaced(place.slot.printed_code)
    fresh = code.fresh(clock.now()) and not replaced
    mine = place if place is not None and place.state in attendance.TICKABLE else None
    return render_template(
        "attendance/here.html",
        token=token,
        fresh=fresh,
        replaced=replaced,
        # A printed one may be called back: what is kept of it would outlive that.
        seen=codes.seen(code.slot_id, acting(scope)) if fresh and code.printed is None else "",
        place=mine,
        slot=mine.slot if mine else None,
        where=service.ADDRESSES[mine.slot.type] if mine else "",
        phase=service.phase(mine.slot, clock.now()).value if mine else "",
        problem=problem,
        already=already,
        time_in=texts.time_at,
        State=State,
    )
