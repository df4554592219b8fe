"""Adding, verifying, correcting and removing people's qualifications; and one's own."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from brigades import clock
from brigades.access import Can, Scope, acting
from brigades.db import session
from brigades.people.models import Person
from brigades.qualifications import kinds, service
from brigades.qualifications.blueprint import bp
from brigades.qualifications.forms import CheckedPaperForm, PaperForm, RemoveForm
from brigades.qualifications.models import Qualification
from brigades.web import get_or_404, needs

ID = "int(max=2147483647)"


@bp.get(f"/people/<{ID}:person_id>/qualifications/new")
@needs(Can.EDIT_PEOPLE)
def new(scope: Scope, person_id: int) -> str:
    """The form for a qualification of somebody."""
    person = get_or_404(_person(scope, person_id))
    return _form(CheckedPaperForm(kinds.everything(), clock.now().date()), person)


@bp.post(f"/people/<{ID}:person_id>/qualifications/new")
@needs(Can.EDIT_PEOPLE, form=True)
def create(scope: Scope, person_id: int) -> Any:
    """Note it for them, verified where the coordinator has seen it."""
    person = get_or_404(_person(scope, person_id))
    now = clock.now()
    form = CheckedPaperForm(kinds.everything(), now.date())
    if not form.validate_on_submit():
        return _form(form, person), 422
    service.add(person.id, form.paper, by=acting(scope), now=now, verified=form.seen.data)
    flash(_("The qualification was added."), "success")
    return redirect(url_for("people.show", person_id=person.id))


@bp.post(f"/qualifications/<{ID}:qualification_id>/verify")
@needs(Can.EDIT_PEOPLE)
def verify(scope: Scope, qualification_id: int) -> Any:
    """Say that it was seen; twice changes nothing."""
    held = get_or_404(service.in_scope(scope, qualification_id))
    if service.verify(held, by=acting(scope), now=clock.now()):
        flash(_("%(kind)s is verified.", kind=held.kind.name), "success")
    else:
        flash(_("Somebody else has to verify what you hold yourself."), "error")
    return redirect(url_for("people.show", person_id=held.person_id))


@bp.get(f"/qualifications/<{ID}:qualification_id>/edit")
@needs(Can.EDIT_PEOPLE)
def edit(scope: Scope, qualification_id: int) -> str:
    """The form with everything as it is."""
    held = get_or_404(service.in_scope(scope, qualification_id))
    data = {"seen": held.verified_on is not None}
    form = CheckedPaperForm(kinds.everything(), clock.now().date(), obj=held, data=data)
    return _form(form, held.person, held)


@bp.post(f"/qualifications/<{ID}:qualification_id>/edit")
@needs(Can.EDIT_PEOPLE, form=True)
def change(scope: Scope, qualification_id: int) -> Any:
    """Keep what was corrected."""
    held = get_or_404(service.in_scope(scope, qualification_id))
    now = clock.now()
    form = CheckedPaperForm(kinds.everything(), now.date())
    if not form.validate_on_submit():
        return _form(form, held.person, held), 422
    service.correct(held, form.paper, by=acting(scope), now=now, verified=form.seen.data)
    flash(_("The qualification was saved."), "success")
    return redirect(url_for("people.show", person_id=held.person_id))


@bp.get(f"/qualifications/<{ID}:qualification_id>/remove")
@needs(Can.EDIT_PEOPLE)
def ask_remove(scope: Scope, qualification_id: int) -> str:
    """Asks once more, and why."""
    held = get_or_404(service.in_scope(scope, qualification_id))
    return _remove_page(held, RemoveForm())


@bp.post(f"/qualifications/<{ID}:qualification_id>/remove")
@needs(Can.EDIT_PEOPLE, form=True)
def remove(scope: Scope, qualification_id: int) -> Any:
    """Remove it with a reason."""
    held = get_or_404(service.in_scope(scope, qualification_id))
    form = RemoveForm()
    if not form.validate_on_submit():
        return _remove_page(held, form), 422
    person_id = held.person_id
    service.remove(held, by=acting(scope), now=clock.now(), why=form.why.data or "")
    flash(_("The qualification was removed."), "success")
    return redirect(url_for("people.show", person_id=person_id))


@bp.get("/profile/qualifications/new")
@needs(Can.SIGNED_IN)
def new_own(scope: Scope) -> str:
    """The form for a qualification of one's own."""
    return _form(PaperForm(kinds.everything(), clock.now().date()))


@bp.post("/profile/qualifications/new")
@needs(Can.SIGNED_IN, form=True)
def create_own(scope: Scope) -> Any:
    """Note it; a coordinator verifies it."""
    now = clock.now()
    form = PaperForm(kinds.everything(), now.date())
    if not form.validate_on_submit():
        return _form(form), 422
    service.add(acting(scope), form.paper, by=acting(scope), now=now)
    flash(_("Your qualification was added. Your section's coordinator verifies it."), "success")
    return redirect(url_for("people.me"))


@bp.post(f"/profile/qualifications/<{ID}:qualification_id>/remove")
@needs(Can.SIGNED_IN)
def remove_own(scope: Scope, qualification_id: int) -> Any:
    """Take back what nobody has verified yet; what was verified is a coordinator's to remove."""
    held = get_or_404(service.own(acting(scope), qualification_id))
    if held.verified_on is not None:
        flash(_("This one is verified. Ask your coordinator to remove it."), "error")
    else:
        service.remove(held, by=acting(scope), now=clock.now())
        flash(_("The qualification was removed."), "success")
    return redirect(url_for("people.me"))


def _person(scope: Scope, person_id: int) -> Person | None:
    person: Person | None = session.scalar(scope.select(Person).where(Person.id == person_id))
    return person


def _form(form: PaperForm, person: Person | None = None, held: Qualification | None = None) -> str:
    return render_template("qualifications/edit.html", form=form, person=person, held=held)


def _remove_page(held: Qualification, form: RemoveForm) -> str:
    return render_template("qualifications/remove.html", held=held, form=form)
