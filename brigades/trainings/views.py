"""Pages for whoever takes part: the list, a session, enrolling, leaving, answering."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from brigades import clock
from brigades.access import Can, Scope
from brigades.people.phones import grouped
from brigades.schedule import service as schedule
from brigades.schedule.rules import Code, Refusal
from brigades.schedule.states import LIVE, State
from brigades.trainings import (
    attendance_views,
    course_views,
    listing,
    page,
    people_views,
    plan_views,
    service,
)
from brigades.trainings.blueprint import bp
from brigades.trainings.forms import id_of
from brigades.trainings.listing import Filters, Which
from brigades.web import get_or_404, needs, paged

__all__ = ["attendance_views", "bp", "course_views", "people_views", "plan_views"]


@bp.get("/trainings")
@needs(Can.TAKE_PART)
def index(scope: Scope) -> str:
    """Sessions to come; for their staff also drafts, past and cancelled ones."""
    now, filters = clock.now(), _filters(scope)
    shown = paged(listing.query(scope, filters, now))
    return render_template(
        "trainings/index.html",
        page=shown,
        rows=listing.rows(shown.items, scope.person_id),
        wanted=filters,
        sections=listing.sections(scope),
        courses=listing.courses(scope),
        plans=listing.plans(scope),
        Which=Which,
    )


def _filters(scope: Scope) -> Filters:
    asked = request.args.get("state", "")
    known = listing.plans(scope) and asked in {which.value for which in Which}
    return Filters(
        q=request.args.get("q", "").strip()[:200],
        section_id=_small(request.args.get("section")),
        course_id=_small(request.args.get("course")),
        places=request.args.get("places") == "1",
        which=Which(asked) if known else Which.UPCOMING,
    )


def _small(raw: str | None) -> int | None:
    number = id_of(raw)
    return None if number is None else min(number, service.MOST_ID)


@bp.get("/trainings/<int:session_id>")
@needs(Can.TAKE_PART)
def show(scope: Scope, session_id: int) -> str:
    """A session: when, where, how many places, and where the reader stands."""
    return _page(scope, session_id)


def _page(scope: Scope, session_id: int, refused: list[Refusal] | None = None) -> str:
    seen = page.look(scope, current_user.person, session_id, now=clock.now())
    shown = get_or_404(seen)
    return render_template(
        "trainings/show.html",
        shown=shown,
        one=shown.session,
        refused=refused or [],
        here=clock.to_wall(shown.session.starts_at, shown.home_zone),
        here_ends=clock.to_wall(shown.session.ends_at, shown.home_zone),
        numbers=page.queue(shown.people),
        grouped=grouped,
        State=State,
        LIVE=LIVE,
    )


@bp.post("/trainings/<int:session_id>/join")
@needs(Can.TAKE_PART)
def join(scope: Scope, session_id: int) -> Any:
    """Take a place or a place on the waitlist, or hear every reason why not."""
    one = get_or_404(service.find(scope, session_id))
    need_id = _need_of(request.form.get("need"))
    try:
        place = schedule.join(one.id, current_user.person, now=clock.now(), need_id=need_id)
    except schedule.Refused as refused:
        if {reason.code for reason in refused.reasons} == {Code.ALREADY_IN}:  # pressed twice
            flash(_("You are in this training already. Nothing was changed."), "info")
            return redirect(url_for(".show", session_id=one.id))
        return _page(scope, session_id, refused.reasons), 422
    if place.state is State.WAITLISTED:
        flash(_("You are on the waiting list. We write to you when a place is free."), "info")
    else:
        flash(_("You have a place."), "success")
    return redirect(url_for(".show", session_id=one.id))


def _need_of(raw: str | None) -> int | None:
    if not raw:
        return None
    number = id_of(raw)
    if number is None or number > service.MOST_ID:
        abort(404)
    return number


@bp.post("/trainings/<int:session_id>/leave")
@needs(Can.TAKE_PART)
def leave(scope: Scope, session_id: int) -> Any:
    """Give up a place, an offer or the waiting; it goes to the longest waiting."""
    one = get_or_404(service.find(scope, session_id))
    place = get_or_404(service.my_place(one.id, scope.person_id))
    why = request.form.get("why", "").replace("\x00", "").strip()[:1000]
    try:
        schedule.leave(place, now=clock.now(), why=why)
    except schedule.Refused as refused:
        return _page(scope, session_id, refused.reasons), 422
    flash(_("You gave your place up. Thank you for telling us in time."), "info")
    return redirect(url_for(".show", session_id=one.id))


@bp.post("/trainings/<int:session_id>/answer")
@needs(Can.TAKE_PART)
def answer(scope: Scope, session_id: int) -> Any:
    """Accept or decline a place that was offered."""
    one = get_or_404(service.find(scope, session_id))
    place = get_or_404(service.my_place(one.id, scope.person_id))
    said = request.form.get("answer")
    if said not in ("yes", "no"):
        abort(400)
    try:
        schedule.answer(place, said == "yes", now=clock.now())
    except schedule.Refused as refused:
        return _page(scope, session_id, refused.reasons), 422
    if said == "yes":
        flash(_("You have a place."), "success")
    else:
        flash(_("You declined. We will ask somebody else."), "info")
    return redirect(url_for(".show", session_id=one.id))
