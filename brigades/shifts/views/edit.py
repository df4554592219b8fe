"""Opening a shift, changing it, publishing it, calling it off."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from brigades import clock
from brigades.access import Can, Scope, acting
from brigades.asking import as_id
from brigades.schedule import leads
from brigades.schedule.likewise import Hindered
from brigades.schedule.models import Status
from brigades.schedule.needs import StillUsed, used
from brigades.schedule.terms import papers_of
from brigades.schedule.views import reaching
from brigades.schedule.views.doubting import publish_or_ask, times, warn
from brigades.sections import service as sections
from brigades.shifts import editing, service
from brigades.shifts.forms import CancelForm, ShiftForm, typed_from
from brigades.shifts.models import Shift
from brigades.shifts.views.blueprint import bp
from brigades.web import get_or_404, needs


@bp.get("/shifts/new")
@needs(Can.RUN_SHIFTS)
def new(scope: Scope) -> str:
    """The form of a shift that is to be opened; ?section= proposes one of the reader's."""
    zones = editing.zones(scope)
    asked = as_id(request.args.get("section")) or current_user.person.section_id
    section_id = asked if asked in zones else min(zones)
    form = ShiftForm(data={"section": str(section_id), "zone": zones[section_id]})
    _offer(form, scope, None)
    form.add_need()
    return _page(form, None)


@bp.post("/shifts/new")
@needs(Can.RUN_SHIFTS, form=True)
def create(scope: Scope) -> Any:
    """Open a shift as a draft, or change the rows of the form."""
    form = ShiftForm()
    _offer(form, scope, None)
    if _only_rows(form, set()):
        return _page(form, None)
    now = clock.now()
    if not form.validate_on_submit() or form.must_ask(now, draft=True):
        return _page(form, None), 422
    try:
        shift = editing.create(
            form,
            _rows(form),
            section_id=int(form.section.data),
            lead_id=as_id(form.lead.data),
            by=acting(scope),
            now=now,
        )
    except leads.Gone:
        form.lead.errors = [_gone()]
        return _page(form, None), 422
    flash(_("The shift is a draft. Publish it when people may see it."), "success")
    warn(shift, now)
    return redirect(url_for("shifts.show", shift_id=shift.id), 303)


@bp.get("/shifts/<int:shift_id>/edit")
@needs(Can.RUN_SHIFTS)
def edit(scope: Scope, shift_id: int) -> Any:
    """The form of a shift that is there."""
    shift = get_or_404(service.run_by(scope, shift_id))
    if shift.status is Status.CANCELLED:
        return _cancelled(shift)
    stored = [typed_from(need) for need in editing.needs_of(shift.id)]
    form = ShiftForm(
        data={
            "lead": str(shift.lead_id or ""),
            "lead_was": str(shift.lead_id or ""),
            "needs": stored,
            "zone": shift.zone,
        }
    )
    _offer(form, scope, shift)
    form.fill_from(shift, papers_of(shift.id))
    return _page(form, shift)


@bp.post("/shifts/<int:shift_id>/edit")
@needs(Can.RUN_SHIFTS, form=True)
def change(scope: Scope, shift_id: int) -> Any:
    """Write what was typed; who has a place hears of a new time or place at once."""
    shift = get_or_404(service.run_by(scope, shift_id))
    form = ShiftForm()
    _offer(form, scope, shift)
    if _only_rows(form, used(_ids(form))):
        return _page(form, shift), 422 if form.needs.errors else 200
    now, public, before = clock.now(), shift.status is Status.PUBLISHED, times(shift)
    if not form.validate_on_submit() or form.must_ask(now, before, draft=not public):
        return _page(form, shift), 422
    by, lead_id, touched = acting(scope), as_id(form.lead.data), form.lead_touched

    def write() -> bool:
        return editing.change(
            shift, form, _rows(form), lead_id=lead_id, lead_touched=touched, by=by, now=now
        )

    try:
        changed = reaching.change(
            shift,
            write,
            keep_over=True,
            sure=bool(form.sure.data),
            also=[] if lead_id is None else [lead_id],
            by=by,
            now=now,
        )
    except leads.Gone:
        form.lead.errors = [_gone()]
        return _page(form, get_or_404(service.run_by(scope, shift_id))), 422
    except Hindered as stop:
        reaching.say(form, stop)
        return _page(form, get_or_404(service.run_by(scope, shift_id))), 422
    except editing.Cancelled:
        return _cancelled(shift)
    except StillUsed as still:
        for need in still.needs:
            form.add_need(typed_from(need))
        form.needs.errors = [_still_used()]
        # It was read anew under its lock: load it whole again.
        return _page(form, get_or_404(service.run_by(scope, shift_id))), 422
    flash(_("Saved.") if changed else _("Nothing was changed."), "success")
    if not public and times(shift) != before:
        warn(shift, now)
    return redirect(url_for("shifts.show", shift_id=shift.id), 303)


@bp.post("/shifts/<int:shift_id>/publish")
@needs(Can.RUN_SHIFTS)
def publish(scope: Scope, shift_id: int) -> Any:
    """Make a draft visible; a second click changes nothing."""
    shift = get_or_404(service.run_by(scope, shift_id))
    if shift.status is Status.CANCELLED:
        return _cancelled(shift)
    now, address = clock.now(), url_for("shifts.show", shift_id=shift.id)
    if (page := publish_or_ask(shift, address, by=acting(scope), now=now)) is not None:
        return page
    flash(_("The shift is published."), "success")
    return redirect(url_for("shifts.show", shift_id=shift.id), 303)


@bp.get("/shifts/<int:shift_id>/cancel")
@needs(Can.RUN_SHIFTS)
def ask_cancel(scope: Scope, shift_id: int) -> Any:
    """Whether a shift is really to be called off, and what everyone is told."""
    shift = get_or_404(service.run_by(scope, shift_id))
    if shift.status is Status.CANCELLED:
        return _cancelled(shift)
    return _ask_cancel(shift, CancelForm())


@bp.post("/shifts/<int:shift_id>/cancel")
@needs(Can.RUN_SHIFTS, form=True)
def cancel(scope: Scope, shift_id: int) -> Any:
    """Call a shift off; everyone with a place is told once."""
    shift = get_or_404(service.run_by(scope, shift_id))
    if shift.status is Status.CANCELLED:
        return _cancelled(shift)
    form = CancelForm()
    if not form.validate_on_submit():
        return _ask_cancel(shift, form), 422
    reaching.cancel(shift, by=acting(scope), now=clock.now(), why=form.reason.data or "")
    flash(_("The shift is cancelled. Everyone with a place gets a mail."), "success")
    return redirect(url_for("shifts.show", shift_id=shift.id), 303)


def _ask_cancel(shift: Shift, form: CancelForm) -> str:
    people = editing.people_in(shift.id)
    return render_template(
        "shifts/cancel.html", shift=shift, form=form, people=people, reach=reaching.form_for(shift)
    )


def _cancelled(shift: Shift) -> Any:
    flash(_("This shift was cancelled and does not change any more."), "info")
    return redirect(url_for("shifts.show", shift_id=shift.id), 303)


def _offer(form: ShiftForm, scope: Scope, shift: Shift | None) -> None:
    if shift is not None:
        del form.section
    offered = sections.names(scope, Can.RUN_SHIFTS) if shift is None else []
    form.offer(offered, editing.leads(scope, shift, clock.now().date()), editing.kinds())


def _rows(form: ShiftForm) -> list[tuple[int | None, Any]]:
    return [(as_id(entry.form.id.data), entry.form) for entry in form.needs]


def _ids(form: ShiftForm) -> list[int]:
    return [need_id for need_id, _row in _rows(form) if need_id is not None]


def _only_rows(form: ShiftForm, used: set[int]) -> bool:
    """Add or leave out a row where that was the button; returns whether it was."""
    if "add" in request.form:
        form.add_need()
        return True
    number = request.form.get("drop", "")
    if not number:
        return False
    if number.isascii() and number.isdigit() and int(number[:4]) < len(form.needs.entries):
        row = form.needs.entries[int(number[:4])]
        if as_id(row.form.id.data) in used:
            form.needs.errors = [_still_used()]
        else:
            form.drop_need(int(number[:4]))
    return True


def _gone() -> str:
    return str(_("They do not take part any more. Choose somebody else."))


def _still_used() -> str:
    text: str = _(
        "People have signed up for this place, so it cannot be removed. "
        "Set the most to 0 to let nobody else in."
    )
    return text


def _page(form: ShiftForm, shift: Shift | None) -> str:
    reach = reaching.form_for(shift)
    return render_template("shifts/edit.html", form=form, shift=shift, reach=reach)
