"""Writing down by hand when somebody was there."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from brigades import clock
from brigades.access import Can, Scope, acting
from brigades.attendance import service, words
from brigades.attendance.blueprint import AT, bp
from brigades.attendance.forms import TimesForm
from brigades.schedule import attendance
from brigades.schedule.attendance import Unfit
from brigades.schedule.models import Participation, Slot
from brigades.schedule.rules.presence import Why
from brigades.schedule.states import COMING
from brigades.web import get_or_404, needs

# The field at which each reason is said; any other is said at the time of coming.
_AT = {Why.TOO_LONG: "more", Why.BEFORE_COMING: "left", Why.NO_REASON: "why"}


@bp.get(f"{AT}/<int:place_id>/times")
@needs(Can.TAKE_PART)
def times(scope: Scope, where: str, slot_id: int, place_id: int) -> str:
    """The form with what is known."""
    slot, place = _found(scope, where, slot_id, place_id)
    form = TimesForm(slot)
    form.fill_from(place, slot)
    return _page(where, slot, place, form)


@bp.post(f"{AT}/<int:place_id>/times")
@needs(Can.TAKE_PART, form=True)
def write_times(scope: Scope, where: str, slot_id: int, place_id: int) -> Any:
    """Keep what was typed."""
    slot, place = _found(scope, where, slot_id, place_id)
    form = TimesForm(slot)
    if not form.validate_on_submit():
        return _page(where, slot, place, form), 422
    name = place.person.name
    try:
        attendance.by_hand(place, form.times, by=acting(scope), now=clock.now())
    except Unfit as unfit:
        field = form[_AT.get(unfit.why, "came")]
        field.errors = [*field.errors, words.why(unfit.why)]
        return _page(where, *_found(scope, where, slot_id, place_id), form), 422
    flash(_("The times of %(name)s were saved.", name=name), "success")
    return redirect(
        url_for(".people", where=where, slot_id=slot_id, _anchor=f"place-{place_id}"), 303
    )


def _found(scope: Scope, where: str, slot_id: int, place_id: int) -> tuple[Slot, Participation]:
    slot = get_or_404(service.find(scope, where, slot_id))
    return slot, get_or_404(service.place_in(slot.id, place_id))


def _page(where: str, slot: Slot, place: Participation, form: TimesForm) -> str:
    return render_template(
        "attendance/times.html",
        where=where,
        slot=slot,
        place=place,
        form=form,
        corrects=place.state not in COMING,
    )
