"""Pages for whoever takes part: the list, a session, and what they do about their place."""

from flask import render_template, request, url_for
from flask_login import current_user

from brigades import clock
from brigades.access import Can, Scope
from brigades.asking import MOST_ID
from brigades.paging import paged
from brigades.people.phones import grouped
from brigades.schedule import in_series
from brigades.schedule.models import Slot
from brigades.schedule.rules import Refusal
from brigades.schedule.views import copying, deciding, repeating, taking
from brigades.schedule.views.blueprint import Kind
from brigades.sections import service as sections
from brigades.trainings import (
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
from brigades.web import get_or_404, needs

__all__ = ["bp", "course_views", "people_views", "plan_views"]


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
        now=now,
        wanted=filters,
        sections=sections.names(scope, Can.TAKE_PART),
        courses=listing.courses(scope),
        plans=listing.plans(scope),
        series=in_series.standing(shown.items, drafts=listing.plans(scope)),
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
        series_id=_small(request.args.get("series")),
        file_id=_small(request.args.get("file")),
    )


def _small(raw: str | None) -> int | None:
    number = id_of(raw)
    return None if number is None else min(number, MOST_ID)


@bp.get("/trainings/<int:session_id>")
@needs(Can.TAKE_PART)
def show(scope: Scope, session_id: int) -> str:
    """A session: when, where, how many places, and where the reader stands."""
    return _page(scope, session_id)


def _page(scope: Scope, session_id: int, refused: list[Refusal] | None = None) -> str:
    now = clock.now()
    shown = get_or_404(page.look(scope, current_user.person, session_id, now=now))
    return render_template(
        "trainings/show.html",
        shown=shown,
        one=shown.session,
        refused=refused or [],
        here=clock.to_wall(shown.session.starts_at, shown.home_zone),
        here_ends=clock.to_wall(shown.session.ends_at, shown.home_zone),
        stand=shown.stand,
        slot=shown.session,
        series=shown.series,
        runs=shown.runs,
        grouped=grouped,
        now=now,
    )


def _people(one: Slot, _need_id: int) -> str:
    return url_for("trainings.show", session_id=one.id)


KIND = Kind(
    bp=bp,
    address="/trainings",
    run=Can.RUN_TRAININGS,
    find=service.find,
    find_to_run=service.find_to_run,
    page=_page,
    people=_people,
)
taking.add_to(KIND)
deciding.add_to(KIND)
repeating.add_to(KIND)
copying.add_to(KIND, "session")
