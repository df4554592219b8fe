"""The tree of sections, the public page of each, and changing them."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from brigades import clock
from brigades.access import Can, Scope, acting
from brigades.audit import service as audit
from brigades.sections import parts, service, tree, words
from brigades.sections.forms import DeleteForm, SectionForm, zones
from brigades.sections.models import Section
from brigades.web import get_or_404, needs

bp = Blueprint("sections", __name__)


@bp.get("/sections")
@needs(Can.ANYONE)
def index(scope: Scope) -> str:
    """The tree, or what a search finds in it."""
    typed = request.args.get("q", "")[:200].strip()
    recruiting = request.args.get("recruits") == "1"
    sections = words.found(service.tree(), typed, recruiting=recruiting)
    return render_template(
        "sections/index.html",
        sections=sections,
        typed=typed,
        recruiting=recruiting,
        count=ngettext("%(num)s section", "%(num)s sections", len(sections)),
    )


@bp.get("/sections/<slug>")
@needs(Can.ANYONE)
def show(scope: Scope, slug: str) -> str:
    """What everybody may know of a section; for who looks after it, its people as well."""
    section = get_or_404(service.by_slug(slug))
    sees = scope.may(Can.SEE_PEOPLE, section.id)
    return render_template(
        "sections/show.html",
        section=section,
        children=service.children_of(section),
        parts=parts.load(scope, section, clock.now().date()) if sees else {},
        sees=sees,
        edits=scope.may(Can.EDIT_SECTIONS, section.id),
        appoints=scope.may(Can.APPOINT, section.id),
    )


@bp.get("/sections/<slug>/trail")
@needs(Can.SEE_TRAIL)
def trail(scope: Scope, slug: str) -> str:
    """What was changed in a section."""
    section = get_or_404(_in_scope(scope, slug))
    return render_template(
        "sections/trail.html", section=section, entries=audit.trail(section_id=section.id)
    )


@bp.get("/sections/new")
@needs(Can.EDIT_SECTIONS)
def new(scope: Scope) -> str:
    """The form for another section."""
    form = SectionForm(
        service.within(scope), recruits=True, parent_id=request.args.get("parent", "")
    )
    return _form(form)


@bp.post("/sections/new")
@needs(Can.EDIT_SECTIONS, form=True)
def create(scope: Scope) -> Any:
    """Add a section below one within the scope."""
    form = SectionForm(service.within(scope))
    if not form.validate_on_submit():
        return _form(form), 422
    assert scope.person_id is not None and form.under is not None
    try:
        section = tree.create(form.values, form.under, by=scope.person_id, now=clock.now())
    except tree.SlugTaken:
        return _taken(form), 422
    flash(_("%(section)s was added.", section=section.name), "success")
    return redirect(url_for(".show", slug=section.slug))


@bp.get("/sections/<slug>/edit")
@needs(Can.EDIT_SECTIONS)
def edit(scope: Scope, slug: str) -> str:
    """The form with everything as it is."""
    section = get_or_404(_in_scope(scope, slug))
    form = SectionForm(
        service.within(scope),
        obj=section,
        section=section,
    )
    return _form(form)


@bp.post("/sections/<slug>/edit")
@needs(Can.EDIT_SECTIONS, form=True)
def change(scope: Scope, slug: str) -> Any:
    """Keep what was typed; a move takes along all that is below."""
    section = get_or_404(_in_scope(scope, slug))
    form = SectionForm(service.within(scope), section=section)
    if not form.validate_on_submit():
        return _form(form), 422
    try:
        section = tree.change(
            section.id, form.values, form.under, by=acting(scope), now=clock.now()
        )
    except tree.SlugTaken:
        return _taken(form), 422
    except tree.UnderItself:
        form.parent_id.errors = [_("A section cannot belong to itself or to one below it.")]
        return _form(form), 422
    flash(_("The section was saved."), "success")
    return redirect(url_for(".show", slug=section.slug))


@bp.get("/sections/<slug>/delete")
@needs(Can.EDIT_SECTIONS)
def ask_delete(scope: Scope, slug: str) -> str:
    """Asks once more, or says what still belongs to it."""
    section = get_or_404(_in_scope(scope, slug))
    return _delete_page(section, tree.belongings(section.id))


@bp.post("/sections/<slug>/delete")
@needs(Can.EDIT_SECTIONS, form=True)
def delete(scope: Scope, slug: str) -> Any:
    """Delete a section to which nothing belongs any more."""
    section = get_or_404(_in_scope(scope, slug))
    if not DeleteForm().validate_on_submit():
        return _delete_page(section, []), 422
    name = section.name
    try:
        tree.delete(section.id, by=acting(scope), now=clock.now())
    except tree.Occupied as occupied:
        return _delete_page(section, occupied.by), 422
    flash(_("%(section)s was deleted.", section=name), "success")
    return redirect(url_for(".index"))


def _in_scope(scope: Scope, slug: str) -> Section | None:
    section = service.by_slug(slug)
    return section if section and scope.may(scope.can, section.id) else None


def _form(form: SectionForm) -> str:
    return render_template("sections/edit.html", form=form, section=form.section, zones=zones())


def _taken(form: SectionForm) -> str:
    form.slug.errors = [_("This address is taken. Choose another one.")]
    return _form(form)


def _delete_page(section: Section, used: list[str]) -> str:
    return render_template(
        "sections/delete.html", section=section, used=words.tables(used), form=DeleteForm()
    )
