"""What a coordinator does with a place that somebody has: confirm, promote, take off."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from brigades import clock
from brigades.access import Can, Scope
from brigades.schedule import by_hand
from brigades.schedule import service as schedule
from brigades.schedule.models import Participation
from brigades.schedule.states import LIVE
from brigades.schedule.words import say
from brigades.shifts import service
from brigades.shifts.forms import RemoveForm
from brigades.shifts.models import Shift
from brigades.shifts.views.blueprint import bp
from brigades.web import get_or_404, needs


def _found(scope: Scope, shift_id: int, place_id: int) -> tuple[Shift, Participation]:
    shift = get_or_404(service.run_by(scope, shift_id))
    return shift, get_or_404(service.place_in(shift.id, place_id))


@bp.post("/shifts/<int:shift_id>/places/<int:place_id>/confirm")
@needs(Can.RUN_SHIFTS)
def confirm(scope: Scope, shift_id: int, place_id: int) -> Any:
    """Accept an offer on somebody's behalf."""
    shift, place = _found(scope, shift_id, place_id)
    done = _("%(name)s has the place and gets a mail now.", name=place.person.name)
    return _by_hand(by_hand.confirm, scope, shift, place, done)


@bp.post("/shifts/<int:shift_id>/places/<int:place_id>/promote")
@needs(Can.RUN_SHIFTS)
def promote(scope: Scope, shift_id: int, place_id: int) -> Any:
    """Offer a free place to somebody who waits."""
    shift, place = _found(scope, shift_id, place_id)
    done = _("Offered to %(name)s, who gets a mail now.", name=place.person.name)
    return _by_hand(by_hand.promote, scope, shift, place, done)


def _by_hand(
    act: Callable[..., Any], scope: Scope, shift: Shift, place: Participation, done: str
) -> Any:
    try:
        act(place, by=scope.person_id, now=clock.now())
    except schedule.Refused as refused:
        for reason in refused.reasons:
            flash(f"{place.person.name}: {say(reason)}", "error")
    else:
        flash(done, "success")
    return _back(shift, place)


@bp.get("/shifts/<int:shift_id>/places/<int:place_id>/remove")
@needs(Can.RUN_SHIFTS)
def ask_remove(scope: Scope, shift_id: int, place_id: int) -> Any:
    """Whether somebody is really to be taken off, and what they are told."""
    shift, place = _found(scope, shift_id, place_id)
    if place.state not in LIVE:
        return _gone(shift, place)
    return render_template("shifts/remove.html", shift=shift, place=place, form=RemoveForm())


@bp.post("/shifts/<int:shift_id>/places/<int:place_id>/remove")
@needs(Can.RUN_SHIFTS, form=True)
def remove(scope: Scope, shift_id: int, place_id: int) -> Any:
    """Take somebody off; they are told why, and the place goes on."""
    shift, place = _found(scope, shift_id, place_id)
    if place.state not in LIVE:
        return _gone(shift, place)
    form = RemoveForm()
    if not form.validate_on_submit():
        return render_template("shifts/remove.html", shift=shift, place=place, form=form), 422
    try:
        schedule.remove(place, by=scope.person_id, now=clock.now(), why=form.reason.data or "")
    except schedule.Refused:
        return _gone(shift, place)
    flash(_("%(name)s is off this shift.", name=place.person.name), "success")
    return _back(shift, place)


def _gone(shift: Shift, place: Participation) -> Any:
    flash(_("%(name)s is not on this shift any more.", name=place.person.name), "info")
    return _back(shift, place)


def _back(shift: Shift, place: Participation) -> Any:
    address = url_for("shifts.board", shift_id=shift.id, _anchor=f"need-{place.need_id}")
    return redirect(address, 303)
