"""Adding people to a session, for whoever plans it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from brigades import characters, clock
from brigades.access import Can, Scope, acting
from brigades.people.models import Person
from brigades.schedule import service as schedule
from brigades.schedule.states import State
from brigades.trainings import people, sessions
from brigades.trainings.blueprint import bp
from brigades.trainings.forms import id_of
from brigades.trainings.models import Session
from brigades.trainings.plan_views import to_change
from brigades.web import get_or_404, needs


@bp.get("/trainings/<int:session_id>/add")
@needs(Can.RUN_TRAININGS)
def add(scope: Scope, session_id: int) -> str:
    """Find somebody to give a place to."""
    return _adding(scope, to_change(scope, session_id))


@bp.post("/trainings/<int:session_id>/add")
@needs(Can.RUN_TRAININGS)
def assign(scope: Scope, session_id: int) -> Any:
    """Offer somebody a place, or confirm it at once where they have agreed."""
    one = to_change(scope, session_id)
    person = get_or_404(people.find(scope, id_of(request.form.get("person")) or 0))
    why = characters.text(request.form.get("why"))[:1000]
    need = sessions.need_of(one.id)
    try:
        place = schedule.assign(
            one.id,
            need.id,
            person,
            by=acting(scope),
            now=clock.now(),
            agreed=request.form.get("agreed") == "1",
            override=why,
        )
    except schedule.Refused as refused:
        return _adding(scope, one, person, refused), 422
    flash(_added(place.state, person.name), "success")
    return redirect(url_for(".show", session_id=one.id))


def _added(state: State, name: str) -> str:
    if state is State.WAITLISTED:
        return str(_("%(name)s is on the waiting list.", name=name))
    if state is State.OFFERED:
        return str(_("Offered to %(name)s, who is asked by mail.", name=name))
    return str(_("%(name)s has a place.", name=name))


def _adding(
    scope: Scope,
    one: Session,
    person: Person | None = None,
    refused: schedule.Refused | None = None,
) -> str:
    q = (request.args.get("q") or request.form.get("q") or "").replace("\x00", "").strip()[:200]
    return render_template(
        "trainings/add.html",
        one=one,
        q=q,
        search=people.search(scope, one, q, now=clock.now()),
        person=person,
        refused=refused.reasons if refused else [],
    )
