"""The list in the lead's hand: who is here, who left, who did not come; one tap a person."""

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from brigades import clock, texts
from brigades.access import Can, Scope, acting
from brigades.attendance import counting, service, words
from brigades.attendance.blueprint import AT, bp, happened_at, swaps
from brigades.attendance.service import Phase
from brigades.people.phones import grouped
from brigades.schedule import attendance, came_after_all
from brigades.schedule.attendance import Unfit
from brigades.schedule.models import Participation, Slot
from brigades.schedule.rules.presence import Why
from brigades.schedule.states import State
from brigades.web import get_or_404, needs

SAID = ("in", "out", "came", "absent", "undo")


@bp.get(AT)
@needs(Can.TAKE_PART)
def people(scope: Scope, where: str, slot_id: int) -> str:
    """Everybody with a place, by name."""
    return _page(scope, where, get_or_404(service.find(scope, where, slot_id)))


@bp.post(f"{AT}/<int:place_id>")
@needs(Can.TAKE_PART)
def tap(scope: Scope, where: str, slot_id: int, place_id: int) -> Any:
    """Say that one person came, left, was there, did not come, or take the last word back."""
    slot = get_or_404(service.find(scope, where, slot_id))
    place = get_or_404(service.place_in(slot.id, place_id))
    said = request.form.get("said", "")
    if said not in SAID:
        abort(400)
    try:
        changed = _say(said, place, by=acting(scope))
    except Unfit as unfit:
        code = 400 if "scanned_at" in request.form else 422
        # htmx shows nothing of a 4xx: it is told to load the page anew, which says why.
        page = _page(scope, where, _anew(scope, where, slot_id), unfit.why)
        return page, code, {"HX-Refresh": "true"} if swaps() else {}
    if swaps():
        return _row(scope, where, slot_id, place)
    if not changed:
        return _page(scope, where, _anew(scope, where, slot_id), already=place)
    return redirect(url_for(".people", where=where, slot_id=slot_id, _anchor=f"place-{place.id}"))


def _say(said: str, place: Participation, *, by: int) -> bool:
    """Do it; False where it had been said already and nothing changed."""
    now = clock.now()
    if said == "in":
        return attendance.check_in(place, by=by, now=now, at=happened_at())
    if said == "out":
        return attendance.check_out(place, by=by, now=now, at=happened_at())
    if said == "undo":
        attendance.undo(place, by=by, now=now)
    else:
        attendance.tick(place, said == "came", by=by, now=now)
    return True


@bp.get(f"{AT}/all")
@needs(Can.TAKE_PART)
def ask_all(scope: Scope, where: str, slot_id: int) -> Any:
    """Whether really all the others are here."""
    slot = get_or_404(service.find(scope, where, slot_id))
    return _ask_all(where, slot)


@bp.post(f"{AT}/all")
@needs(Can.TAKE_PART)
def say_all(scope: Scope, where: str, slot_id: int) -> Any:
    """All of whom nothing was said are here."""
    slot = get_or_404(service.find(scope, where, slot_id))
    try:
        number = attendance.everybody(slot.id, by=acting(scope), now=clock.now())
    except Unfit as unfit:
        return _ask_all(where, _anew(scope, where, slot_id), unfit.why), 422
    flash(ngettext("%(num)s person was ticked.", "%(num)s people were ticked.", number), "success")
    return redirect(url_for(".people", where=where, slot_id=slot_id))


@bp.get("/attendance")
@needs(Can.TAKE_PART)
def unsaid(scope: Scope) -> str:
    """What is over, and nobody has said of everybody whether they came."""
    return render_template(
        "attendance/unsaid.html", found=service.unsaid(scope, clock.now()), keeps=_keeps(scope)
    )


def _keeps(scope: Scope) -> bool:
    return scope.may(Can.TICK_ATTENDANCE)


def _anew(scope: Scope, where: str, slot_id: int) -> Slot:
    """The slot with all that the page shows: the lock read it bare."""
    return get_or_404(service.find(scope, where, slot_id))


def _page(
    scope: Scope,
    where: str,
    slot: Slot,
    unfit: Why | None = None,
    already: Participation | None = None,
) -> str:
    places = service.people(slot.id)
    now = clock.now()
    return render_template(
        "attendance/people.html",
        **_shared(where, slot),
        places=places,
        **_counted(slot, places),
        unfit=words.why(unfit) if unfit else "",
        already=_already(already) if already else "",
        adds=scope.may(Can.RUN_TRAININGS if where == "trainings" else Can.RUN_SHIFTS),
        course=getattr(slot, "course", None),
        now=now,
    )


def _row(scope: Scope, where: str, slot_id: int, place: Participation) -> str:
    """The row anew, and the count on top beside it."""
    slot = _anew(scope, where, slot_id)
    places = service.people(slot.id)
    return render_template(
        "attendance/_row.html",
        **_shared(where, slot),
        place=next((one for one in places if one.id == place.id), place),
        **_counted(slot, places),
        swapped=True,
    )


def _counted(slot: Slot, places: Sequence[Participation]) -> dict[str, Any]:
    counts = counting.counts(places)
    return {"counts": counts, "after_all": came_after_all.who(slot.id) if counts.over else []}


def _shared(where: str, slot: Slot) -> dict[str, Any]:
    now = clock.now()
    return {
        "where": where,
        "slot": slot,
        "phase": service.phase(slot, now).value,
        "started": slot.starts_at <= now,
        "grouped": grouped,
        "time_in": texts.time_at,
        "State": State,
    }


def _ask_all(where: str, slot: Slot, unfit: Why | None = None) -> str:
    places = service.people(slot.id)
    return render_template(
        "attendance/all.html",
        where=where,
        slot=slot,
        over=service.phase(slot, clock.now()) is Phase.OVER,
        expected=[place for place in places if place.state is State.CONFIRMED],
        unfit=words.why(unfit) if unfit else "",
    )


def _already(place: Participation) -> str:
    name = place.person.name
    if place.left_at is not None:
        return str(_("%(name)s is checked out already. Nothing was changed.", name=name))
    return str(_("%(name)s is already checked in. Nothing was changed.", name=name))
