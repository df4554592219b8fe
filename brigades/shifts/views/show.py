"""The list of shifts, and one of them."""

from typing import Any

from flask import render_template, request
from flask_login import current_user

from brigades import clock
from brigades.access import Can, Scope
from brigades.asking import as_day, as_id
from brigades.paging import Page, page_number, paged
from brigades.people.models import Person
from brigades.people.phones import grouped
from brigades.people.skills import SKILL_LABELS, Skill
from brigades.schedule import in_series
from brigades.schedule.rules import Refusal
from brigades.sections import service as sections
from brigades.shifts import listing, service
from brigades.shifts.views.blueprint import bp
from brigades.web import get_or_404, needs

PER_PAGE = 50


@bp.get("/shifts")
@needs(Can.TAKE_PART)
def index(scope: Scope) -> str:
    """The shifts that are coming, by start."""
    filters, now = _filters(scope), clock.now()
    person: Person = current_user.person
    if filters.mine:
        found = listing.could_take(scope, person, filters, now)
        number = min(page_number(), max(1, -(-len(found) // PER_PAGE)))
        rows = found[(number - 1) * PER_PAGE : number * PER_PAGE]
        page: Page[Any] = Page([row.shift for row in rows], number, PER_PAGE, len(found))
    else:
        page = paged(*listing.asked_for(scope, filters, now), per=PER_PAGE)
        rows = listing.rows(page.items, person.id)
    return render_template(
        "shifts/index.html",
        page=page,
        rows=rows,
        filters=filters,
        sections=sections.names(scope, Can.TAKE_PART),
        skills=[(skill.value, str(text)) for skill, text in SKILL_LABELS.items()],
        staff=scope.may(Can.RUN_SHIFTS),
        series=in_series.standing(page.items, drafts=scope.may(Can.RUN_SHIFTS)),
        now=now,
    )


def _filters(scope: Scope) -> listing.Filters:
    """What the address asks for; anything odd filters nothing."""
    args = request.args
    skill, state = args.get("skill", ""), args.get("state", "")
    staff = scope.may(Can.RUN_SHIFTS)
    return listing.Filters(
        q=args.get("q", "").strip()[:200],
        section_id=as_id(args.get("section")),
        skill=Skill(skill) if skill in list(Skill) else None,
        day=as_day(args.get("day")),
        state=state if staff and state in listing.STAFF_STATES else "",
        gaps=bool(args.get("gaps")),
        mine=bool(args.get("mine")),
        series_id=as_id(args.get("series")),
        file_id=as_id(args.get("file")),
    )


@bp.get("/shifts/<int:shift_id>")
@needs(Can.TAKE_PART)
def show(scope: Scope, shift_id: int) -> str:
    """What a shift needs, and the reader's place in it."""
    return page_of(scope, shift_id)


def page_of(scope: Scope, shift_id: int, reasons: list[Refusal] | None = None) -> str:
    """The page of a shift; ``reasons``: why what was just asked for was refused."""
    now = clock.now()
    shown = get_or_404(service.show(scope, shift_id, current_user.person, now))
    return render_template(
        "shifts/show.html",
        shown=shown,
        stand=shown.stand,
        shift=shown.shift,
        slot=shown.shift,
        series=shown.series,
        reasons=reasons,
        runs=shown.staff,
        grouped=grouped,
        now=now,
    )
