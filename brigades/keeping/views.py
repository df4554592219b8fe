"""What is kept of people, and for how long; all that is kept of one, for whoever asks."""

import json
from typing import Any

from flask import Response, render_template
from sqlalchemy import select

from brigades import clock
from brigades.access import Can, Scope, acting
from brigades.db import session
from brigades.keeping import giving_out, going_views, hold_views, service
from brigades.keeping.blueprint import bp
from brigades.keeping.rules import TELL_BEFORE
from brigades.people.edit_views import ID, person_in_scope
from brigades.people.models import Person
from brigades.recruiting.rules import UNCONFIRMED_FOR
from brigades.web import get_or_404, needs

__all__ = ["bp", "going_views", "hold_views"]


@bp.get("/privacy")
@needs(Can.ANYONE)
def privacy(_scope: Scope) -> str:
    """What is kept how long, as this installation does it."""
    return render_template(
        "keeping/privacy.html",
        keep=service.keep(),
        unconfirmed=UNCONFIRMED_FOR.days,
        before=TELL_BEFORE,
    )


# Both by POST: they write into the trail, and nobody follows a link to them by mistake.
@bp.post("/profile/data")
@needs(Can.SIGNED_IN, fresh=True)
def my_data(scope: Scope) -> Response:
    """All that is kept of oneself, as a file."""
    person = get_or_404(session.scalar(select(Person).where(Person.id == acting(scope))))
    return _file(person, by=person.id)


@bp.post(f"/people/<{ID}:person_id>/data")
@needs(Can.ERASE_PEOPLE)
def data_of(scope: Scope, person_id: int) -> Response:
    """All that is kept of somebody who asked for it in another way."""
    return _file(person_in_scope(scope, person_id), by=acting(scope))


def _file(person: Person, *, by: int) -> Response:
    found: dict[str, Any] = giving_out.all_of(person, by=by, now=clock.now())
    answer = Response(json.dumps(found, ensure_ascii=False, indent=1), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="person-{person.id}.json"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
