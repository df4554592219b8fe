"""Copying a slot, a week of slots or a series; the same for every kind of slot."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from brigades import clock
from brigades.access import Scope, acting
from brigades.schedule import copy_sources, series
from brigades.schedule.copying import Copy, copies, make, with_twins
from brigades.schedule.models import Slot
from brigades.schedule.series_forms import CopyForm, SeriesCopyForm, WeekForm, monday
from brigades.schedule.series_words import oddities, week_words
from brigades.schedule.views.blueprint import Kind
from brigades.schedule.views.doubting import warn
from brigades.schedule.views.repeating import not_ready, preview, taken
from brigades.sections import service as sections
from brigades.web import get_or_404, needs


def add_to(kind: Kind, kind_of_slot: str) -> None:
    """Give a kind of slot these pages."""
    _add_one(kind)
    _add_series(kind)
    _add_week(kind, kind_of_slot)


def _add_one(kind: Kind) -> None:
    @kind.bp.get(f"{kind.address}/<int:slot_id>/duplicate")
    @kind.bp.post(f"{kind.address}/<int:slot_id>/duplicate")
    @needs(kind.run, form=True)
    def duplicate(scope: Scope, slot_id: int) -> Any:
        """Copy a slot to another day, as a draft and without its people."""
        slot = get_or_404(kind.find_to_run(scope, slot_id))
        form, day = CopyForm(), slot.starts_local.date()
        said: list[str] = []
        found: list[Copy] = []
        if request.method == "GET":
            form.on.data = date.fromordinal(day.toordinal() + 7)
        elif form.validate_on_submit() and form.on.data:
            now = clock.now()
            copy_sources.hold([slot])
            found = with_twins(copies([(slot, (form.on.data - day).days)], now))
            said = _unasked(form, found)
            if not said:
                made = make(found, publish=False, by=acting(scope), now=now)
                flash(_("Copied as a draft. Nobody sees it until you publish it."), "success")
                warn(found[0].at, now)
                return redirect(f"{kind.list()}/{made[0]}")
        back = kind.to(slot)
        page = render_template(
            "schedule/duplicate.html", form=form, slot=slot, back=back, said=said, found=found
        )
        return page, 200 if request.method == "GET" else 422


def _unasked(form: CopyForm, found: Sequence[Copy]) -> list[str]:
    """What speaks against a copy and was not ticked; a second click finds the first one's copy."""
    if not found:
        return [_("Choose its time zone first.")]
    [one] = found
    odd = [] if form.anyway.data and one.at.possible else oddities(one.at)
    if one.twin and not form.twin.data:
        odd.append(_("There is one of this title and time already."))
    return odd


def _add_series(kind: Kind) -> None:
    @kind.bp.get(f"{kind.address}/<int:slot_id>/series/copy")
    @kind.bp.post(f"{kind.address}/<int:slot_id>/series/copy")
    @needs(kind.run, form=True)
    def copy_series(scope: Scope, slot_id: int) -> Any:
        """Copy a whole series so that it begins on another day."""
        slot = get_or_404(kind.find_to_run(scope, slot_id))
        found = copy_sources.of_series(scope, kind.run, get_or_404(slot.series_id))
        form = SeriesCopyForm()
        if not found:  # all of it was cancelled
            flash(_("All of this series was cancelled."), "info")
            return redirect(kind.to(slot), 303)
        first, last = (found[n].starts_local.date().toordinal() for n in (0, -1))
        if request.method == "GET":
            form.on.data = date.fromordinal(last + 7 - (last - first) % 7)
            return _series_page(kind, slot, form)
        if not form.validate_on_submit() or not form.on.data:
            return _series_page(kind, slot, form), 422
        step = form.on.data.toordinal() - first
        if "make" in request.form:
            copy_sources.hold(found)
        now = clock.now()
        wanted = with_twins(copies(((one, step) for one in found), now))
        if "make" not in request.form:
            return _series_page(kind, slot, form, wanted)
        if (error := not_ready(wanted)) is not None:
            return _series_page(kind, slot, form, wanted, error), 422
        chosen = taken(wanted)
        made = series.copy(
            copy_sources.series(get_or_404(slot.series_id)),
            [one for one in wanted if one.key in chosen],
            step=step,
            publish=bool(form.publish.data),
            by=acting(scope),
            now=now,
        )
        _say_copied(len(made))
        return redirect(f"{kind.list()}/{made[0]}", 303)


def _add_week(kind: Kind, kind_of_slot: str) -> None:
    @kind.bp.get(f"{kind.address}/copy-week")
    @needs(kind.run)
    def week(scope: Scope) -> Any:
        """Choose a week and where it goes; with both, the list of what would be copied."""
        form = _week_form(scope, kind)
        if not any(name in request.args for name in ("week", "to")):
            _propose(form)
            return _week_page(kind, form)
        good = form.validate()
        return _week_page(kind, form, _of_week(scope, kind, kind_of_slot, form) if good else None)

    @kind.bp.post(f"{kind.address}/copy-week")
    @needs(kind.run)
    def copy_week(scope: Scope) -> Any:
        """Copy what is ticked."""
        form = _week_form(scope, kind)
        if not form.validate():
            return _week_page(kind, form), 422
        wanted = _of_week(scope, kind, kind_of_slot, form, hold=True)
        if (error := not_ready(wanted)) is not None:
            return _week_page(kind, form, wanted, error), 422
        chosen = taken(wanted)
        made = make(
            [one for one in wanted if one.key in chosen],
            publish=bool(request.form.get("publish")),
            by=acting(scope),
            now=clock.now(),
        )
        _say_copied(len(made))
        return redirect(kind.list(), 303)


def _week_form(scope: Scope, kind: Kind) -> WeekForm:
    given = request.form if request.method == "POST" else request.args
    form = WeekForm(formdata=given or None, meta={"csrf": False})  # the door checks the token
    form.offer(sections.names(scope, kind.run))
    return form


def _propose(form: WeekForm) -> None:
    form.week.data = monday(clock.now().date())
    form.to.data = date.fromordinal(form.week.data.toordinal() + 7)
    home = str(current_user.person.section_id)
    if home in form.offered:
        form.section.data = home


def _of_week(
    scope: Scope, kind: Kind, kind_of_slot: str, form: WeekForm, *, hold: bool = False
) -> list[Copy]:
    assert form.week.data and form.to.data, "only after the form was found valid"
    start, to = monday(form.week.data), monday(form.to.data)
    found = copy_sources.of_week(scope, kind.run, kind_of_slot, int(form.section.data), start)
    if hold:
        copy_sources.hold(found)
    return with_twins(copies(((one, (to - start).days) for one in found), clock.now()))


def _say_copied(number: int) -> None:
    flash(ngettext("%(num)s copy was made.", "%(num)s copies were made.", number), "success")


def _series_page(
    kind: Kind,
    slot: Slot,
    form: SeriesCopyForm,
    wanted: Sequence[Copy] | None = None,
    error: str = "",
) -> str:
    return render_template(
        "schedule/copy_series.html",
        form=form,
        slot=slot,
        back=kind.to(slot),
        error=error,
        **preview(wanted),
    )


def _week_page(
    kind: Kind, form: WeekForm, wanted: Sequence[Copy] | None = None, error: str = ""
) -> str:
    to = form.to.data
    return render_template(
        "schedule/copy_week.html",
        form=form,
        back=kind.list(),
        to_week=week_words(monday(to)) if wanted is not None and to else "",
        error=error,
        **preview(wanted),
    )
