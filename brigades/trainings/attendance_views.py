"""The page in the trainer's hand: who came, one tap a person."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for

from brigades import clock
from brigades.access import Can, Scope
from brigades.clock import HOUR
from brigades.people.phones import grouped
from brigades.schedule import attendance
from brigades.schedule import service as schedule
from brigades.schedule.rules import Refusal
from brigades.schedule.states import State
from brigades.trainings import page, service
from brigades.trainings.blueprint import acting, bp
from brigades.trainings.models import Session
from brigades.web import get_or_404, needs

SAID = {"yes": True, "no": False, "undo": None}


@bp.get("/trainings/<int:session_id>/attendance")
@needs(Can.TAKE_PART)
def attendance_list(scope: Scope, session_id: int) -> str:
    """Everybody with a place, by name."""
    return _list(scope, get_or_404(service.find_to_tick(scope, session_id)))


@bp.post("/trainings/<int:session_id>/attendance/<int:place_id>")
@needs(Can.TAKE_PART)
def tick(scope: Scope, session_id: int, place_id: int) -> Any:
    """Say that one person came, did not come, or take it back."""
    one = get_or_404(service.find_to_tick(scope, session_id))
    place = get_or_404(service.place_in(one.id, place_id))
    said = request.form.get("came", "")
    if said not in SAID:
        abort(400)
    swaps = request.headers.get("HX-Request") == "true"
    try:
        attendance.tick(place, SAID[said], by=acting(scope), now=clock.now())
    except schedule.Refused as refused:
        # htmx shows nothing of a 4xx: it is told to load the page anew, which says why.
        one = get_or_404(service.find_to_tick(scope, session_id))  # the lock read it anew, bare
        return _list(scope, one, refused.reasons), 422, {"HX-Refresh": "true"} if swaps else {}
    if not swaps:
        return redirect(url_for(".attendance_list", session_id=one.id, _anchor=f"place-{place.id}"))
    people = _expected(one.id)
    return render_template(
        "trainings/_tick.html",
        one=one,
        place=place,
        people=people,
        grouped=grouped,
        State=State,
        swapped=True,
    )


def _expected(session_id: int) -> list[Any]:
    people = [place for place in page.people_of(session_id) if place.state in attendance.TICKABLE]
    return sorted(people, key=lambda place: (place.person.sort_name, place.id))


def _list(scope: Scope, one: Session, refused: list[Refusal] | None = None) -> str:
    return render_template(
        "trainings/attendance.html",
        one=one,
        people=_expected(one.id),
        refused=refused or [],
        early=clock.now() < one.starts_at - HOUR,
        runs=service.runs(scope, one),
        grouped=grouped,
        State=State,
    )
