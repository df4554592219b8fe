"""Making a series of a slot, and publishing the drafts of one; the same for every kind of slot."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from brigades import clock
from brigades.access import Scope, acting
from brigades.schedule import series
from brigades.schedule.copying import Copy, digest
from brigades.schedule.models import Slot, Status
from brigades.schedule.series_forms import RepeatForm
from brigades.schedule.series_words import oddities, rhythm
from brigades.schedule.terms_form import doubt_words
from brigades.schedule.views.blueprint import Kind
from brigades.schedule.views.doubting import times
from brigades.web import get_or_404, needs


def add_to(kind: Kind) -> None:
    """Give a kind of slot these pages."""
    slot_at = f"{kind.address}/<int:slot_id>"

    @kind.bp.get(f"{slot_at}/repeat")
    @kind.bp.post(f"{slot_at}/repeat")
    @needs(kind.run, form=True)
    def repeat(scope: Scope, slot_id: int) -> Any:
        """Say how it repeats, look at the dates, then make them all at once."""
        slot = get_or_404(kind.find_to_run(scope, slot_id))
        if (page := _cannot(kind, slot)) is not None:
            return page
        form = RepeatForm(slot.starts_local.date())
        if request.method == "GET":
            form.propose()
            return _page(kind, slot, form)
        if not form.validate_on_submit():
            return _page(kind, slot, form), 422
        now = clock.now()
        copies = series.preview(slot, form.pattern, now)
        if "make" not in request.form:
            return _page(kind, slot, form, copies)
        if (error := not_ready(copies)) is not None:
            return _page(kind, slot, form, copies, error), 422
        try:
            made = series.repeat(
                slot.id,
                form.pattern,
                taken(copies),
                publish=bool(form.publish.data),
                by=acting(scope),
                now=now,
            )
        except series.Repeats:
            return _cannot(kind, get_or_404(kind.find_to_run(scope, slot_id)))
        flash(
            ngettext("%(num)s more was made.", "%(num)s more were made.", len(made)),
            "success",
        )
        return redirect(f"{kind.list()}?series={slot.series_id}", 303)

    @kind.bp.post(f"{slot_at}/series/publish")
    @needs(kind.run)
    def publish_series(scope: Scope, slot_id: int) -> Any:
        """Publish the drafts of the slot's series whose dates nothing makes one doubt."""
        slot = get_or_404(kind.find_to_run(scope, slot_id))
        get_or_404(slot.series_id)
        say_published(*series.publish_all(slot, by=acting(scope), now=clock.now()))
        return redirect(f"{kind.list()}?series={slot.series_id}", 303)


def say_published(done: int, left: int) -> None:
    """Say how many drafts were published at once, and how many stay drafts and why."""
    if done or not left:
        flash(
            ngettext("%(num)s draft is published.", "%(num)s drafts are published.", done),
            "success",
        )
    if left:
        flash(_still_drafts(left), "warning")


def taken(copies: Sequence[Copy]) -> set[str]:
    """The keys of those copies that are ticked."""
    ticked = set(request.form.getlist("take"))
    return {one.key for one in copies if one.key in ticked and one.at.possible}


def not_ready(copies: Sequence[Copy]) -> str | None:
    """Why copies cannot be made yet: they are not those that were looked at, or none is ticked."""
    if request.form.get("make") != digest(copies):
        return str(_("Since you looked the list has changed. Look at it again. Nothing was made."))
    return None if taken(copies) else str(_("Tick at least one."))


def preview(copies: Sequence[Copy] | None) -> dict[str, Any]:
    """What the list of copies on a page needs."""
    now = clock.now()
    same = copies is not None and request.form.get("make") == digest(copies)
    ticked = set(request.form.getlist("take"))
    return {
        "copies": copies,
        "digest": digest(copies or ()),
        "ticked": {one.key for one in copies or () if (one.key in ticked if same else one.plain)},
        "remarks": lambda one: [*oddities(one.at), *doubt_words(*times(one.at), now)],
    }


def _still_drafts(number: int) -> str:
    text: str = ngettext(
        "%(num)s is still a draft, because it starts in the past or lasts more than 14 days. "
        "Publish it on its own page if you mean it.",
        "%(num)s are still drafts, because they start in the past or last more than 14 days. "
        "Publish each on its own page if you mean it.",
        number,
    )
    return text


def _cannot(kind: Kind, slot: Slot) -> Any:
    if slot.series_id is not None:
        flash(_("This is part of a series already. You can copy the series."), "info")
        return redirect(f"{kind.list()}?series={slot.series_id}", 303)
    if slot.status is Status.CANCELLED:
        flash(_("What was cancelled does not repeat."), "info")
        return redirect(kind.to(slot), 303)
    if not clock.is_zone(slot.zone):
        flash(_("Choose its time zone first."), "info")
        return redirect(kind.to(slot), 303)
    return None


def _page(
    kind: Kind,
    slot: Slot,
    form: RepeatForm,
    copies: Sequence[Copy] | None = None,
    error: str = "",
) -> str:
    return render_template(
        "schedule/repeat.html",
        slot=slot,
        form=form,
        back=kind.to(slot),
        says=rhythm(form.pattern) if copies is not None else "",
        error=error,
        **preview(copies),
    )
