"""The list of shifts, and one of them: join, leave, answer."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from brigades import clock
from brigades.access import Can, Scope
from brigades.people.models import Person
from brigades.people.skills import SKILL_LABELS, Skill
from brigades.schedule import service as schedule
from brigades.schedule.rules import Code, Refusal
from brigades.schedule.states import State
from brigades.shifts import listing, service
from brigades.shifts.models import Shift
from brigades.shifts.views.blueprint import as_id, bp
from brigades.web import Page, get_or_404, needs, page_number, paged

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
        sections=listing.sections_of(scope, Can.TAKE_PART),
        skills=[(skill.value, str(text)) for skill, text in SKILL_LABELS.items()],
        staff=scope.may(Can.RUN_SHIFTS),
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
        day=_day(args.get("day", "")),
        state=state if staff and state in listing.STAFF_STATES else "",
        gaps=bool(args.get("gaps")),
        mine=bool(args.get("mine")),
    )


def _day(raw: str) -> date | None:
    try:
        day = date.fromisoformat(raw.strip())
    except ValueError:
        return None
    return day if 1900 < day.year < 2200 else None


@bp.get("/shifts/<int:shift_id>")
@needs(Can.TAKE_PART)
def show(scope: Scope, shift_id: int) -> str:
    """What a shift needs, and the reader's place in it."""
    return page_of(scope, get_or_404(service.visible(scope, shift_id)))


def page_of(scope: Scope, shift: Shift, reasons: list[Refusal] | None = None) -> str:
    """The page of a shift; ``reasons``: why what was just asked for was refused."""
    now = clock.now()
    shown = service.show(scope, shift, current_user.person, now)
    return render_template("shifts/show.html", shown=shown, shift=shift, reasons=reasons, now=now)


def _refused(scope: Scope, shift_id: int, reasons: list[Refusal]) -> Any:
    """The page with the reasons; the shift was read anew under its lock, so load it whole again."""
    return page_of(scope, get_or_404(service.visible(scope, shift_id)), reasons), 422


@bp.post("/shifts/<int:shift_id>/join")
@needs(Can.TAKE_PART)
def join(scope: Scope, shift_id: int) -> Any:
    """Take a place, or hear every reason why not."""
    shift = get_or_404(service.visible(scope, shift_id))
    need_id = None
    if request.form.get("need"):
        need_id = get_or_404(as_id(request.form["need"]))
        get_or_404(schedule.need_of(shift.id, need_id))
    try:
        place = schedule.join(shift.id, current_user.person, now=clock.now(), need_id=need_id)
    except schedule.Refused as refused:
        if service.only(refused.reasons, Code.ALREADY_IN):
            flash(_("You are in this shift already. Nothing was changed."), "info")
            return _back(shift)
        return _refused(scope, shift.id, refused.reasons)
    if place.state is State.WAITLISTED:
        flash(_("You are on the waiting list. We write to you when a place is yours."), "info")
    else:
        flash(_("You have a place."), "success")
    return _back(shift)


@bp.get("/shifts/<int:shift_id>/leave")
@needs(Can.TAKE_PART)
def ask_leave(scope: Scope, shift_id: int) -> Any:
    """Whether somebody really wants to give up their place."""
    shift = get_or_404(service.visible(scope, shift_id))
    place = service.live_place(shift.id, current_user.person.id)
    if place is None:
        return _not_in_it(shift)
    return render_template("shifts/leave.html", shift=shift, place=place)


@bp.post("/shifts/<int:shift_id>/leave")
@needs(Can.TAKE_PART)
def leave(scope: Scope, shift_id: int) -> Any:
    """Give up a place, or the waiting."""
    shift = get_or_404(service.visible(scope, shift_id))
    place = service.live_place(shift.id, current_user.person.id)
    if place is None:
        return _not_in_it(shift)
    try:
        schedule.leave(place, now=clock.now(), why=request.form.get("why", "").strip()[:500])
    except schedule.Refused as refused:
        return _refused(scope, shift.id, refused.reasons)
    flash(_("You have left this shift."), "success")
    # A shift outside the reader's sections is not theirs to see any more.
    return _back(shift) if scope.may(Can.TAKE_PART, shift.section_id) else redirect(_list(), 303)


@bp.post("/shifts/<int:shift_id>/answer")
@needs(Can.TAKE_PART)
def answer(scope: Scope, shift_id: int) -> Any:
    """Accept or decline the place that was offered."""
    shift = get_or_404(service.visible(scope, shift_id))
    accept = {"yes": True, "no": False}.get(request.form.get("accept", ""))
    if accept is None:
        return page_of(scope, shift), 422
    place = service.live_place(shift.id, current_user.person.id)
    if place is None or place.state is not State.OFFERED:
        flash(_("There is no open question to you here any more. Nothing was changed."), "info")
        return _back(shift)
    try:
        schedule.answer(place, accept, now=clock.now())
    except schedule.Refused as refused:
        return _refused(scope, shift.id, refused.reasons)
    flash(
        _("You have a place.") if accept else _("You have said no. Thank you for answering."),
        "success",
    )
    return _back(shift)


def _not_in_it(shift: Shift) -> Any:
    flash(_("You are not in this shift. Nothing was changed."), "info")
    return _back(shift)


def _back(shift: Shift) -> Any:
    return redirect(url_for("shifts.show", shift_id=shift.id), 303)


def _list() -> str:
    return url_for("shifts.index")
