"""The list of kinds, and changing them."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from brigades import clock
from brigades.access import Can, Scope, acting
from brigades.qualifications import kinds, words
from brigades.qualifications.blueprint import bp
from brigades.qualifications.forms import KindForm
from brigades.qualifications.models import Kind
from brigades.sections import service as sections
from brigades.web import get_or_404, needs


@bp.get("/kinds")
@needs(Can.SEE_PEOPLE)
def list_kinds(scope: Scope) -> str:
    """What there is, how long each holds, and what it includes."""
    return render_template("qualifications/kinds.html", kinds=kinds.listed(), lasting=words.lasting)


@bp.get("/kinds/new")
@needs(Can.EDIT_SECTIONS)
def new_kind(scope: Scope) -> str:
    """The form for another kind."""
    get_or_404(sections.body_within(scope))  # every section uses these kinds
    return _form(KindForm(kinds.everything()))


@bp.post("/kinds/new")
@needs(Can.EDIT_SECTIONS, form=True)
def create_kind(scope: Scope) -> Any:
    """Add a kind."""
    get_or_404(sections.body_within(scope))
    return _save(scope, KindForm(kinds.everything()))


@bp.get("/kinds/<int(max=2147483647):kind_id>")
@needs(Can.EDIT_SECTIONS)
def edit_kind(scope: Scope, kind_id: int) -> str:
    """The form with everything as it is."""
    get_or_404(sections.body_within(scope))
    kind = get_or_404(kinds.find(kind_id))
    lasts = "endless"
    if kind.year_end is not None:
        lasts = "year_end"
    elif kind.months is not None:
        lasts = "months"
    includes = [str(other) for other in kinds.included_by(kind.id)]
    return _form(
        KindForm(kinds.everything(), kind, obj=kind, data={"lasts": lasts, "includes": includes})
    )


@bp.post("/kinds/<int(max=2147483647):kind_id>")
@needs(Can.EDIT_SECTIONS, form=True)
def change_kind(scope: Scope, kind_id: int) -> Any:
    """Keep what was typed; qualifications that people hold keep their last day."""
    get_or_404(sections.body_within(scope))
    return _save(scope, KindForm(kinds.everything(), get_or_404(kinds.find(kind_id))))


def _save(scope: Scope, form: KindForm) -> Any:
    if not form.validate_on_submit():
        return _form(form), 422
    try:
        kind = kinds.save(
            form.record,
            form.name.data or "",
            form.kept_months,
            form.kept_year_end,
            [int(other) for other in form.includes.data or []],
            form.asks,
            by=acting(scope),
            now=clock.now(),
        )
    except kinds.IncludesItself:
        form.includes.errors = [_("One of these includes this kind already. Leave it out.")]
        return _form(form), 422
    flash(_("%(kind)s was saved.", kind=kind.name), "success")
    return redirect(url_for(".list_kinds"))


def _form(form: KindForm) -> str:
    kind: Kind | None = form.record
    return render_template("qualifications/kind.html", form=form, kind=kind)
