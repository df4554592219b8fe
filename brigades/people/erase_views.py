"""Erasing somebody who asks for it, after saying what goes and what stays."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from brigades import clock
from brigades.access import Can, Scope, acting
from brigades.people import appointments, erasing
from brigades.people.blueprint import bp
from brigades.people.edit_views import ID, person_in_scope
from brigades.people.erase_forms import EraseForm
from brigades.people.models import Person
from brigades.web import needs


@bp.get(f"/people/<{ID}:person_id>/erase")
@needs(Can.ERASE_PEOPLE)
def ask_erase(scope: Scope, person_id: int) -> Any:
    """What goes, what stays, and that it cannot be undone."""
    person = person_in_scope(scope, person_id)
    return _erased(person) if person.erased_on else _page(person, EraseForm())


@bp.post(f"/people/<{ID}:person_id>/erase")
@needs(Can.ERASE_PEOPLE, form=True)
def erase(scope: Scope, person_id: int) -> Any:
    """Erase them; a second time changes nothing."""
    person = person_in_scope(scope, person_id)
    if person.erased_on:
        return _erased(person)
    form = EraseForm()
    if not form.validate_on_submit():
        return _page(person, form), 422
    if person.id == scope.person_id:
        form.sure.errors = [_("Ask another administrator to erase you.")]
        return _page(person, form), 422
    try:
        erasing.erase(person, by=acting(scope), now=clock.now(), why=form.why.data or "")
    except appointments.LastAdministrator:
        form.sure.errors = [_("This is the last administrator. Appoint another one first.")]
        return _page(person, form), 422
    flash(_("The person was erased. What they took part in still counts under a number."), "info")
    return redirect(url_for("people.show", person_id=person_id), 303)


def _erased(person: Person) -> Any:
    flash(_("This person was erased before. Nothing was changed."), "info")
    return redirect(url_for("people.show", person_id=person.id), 303)


def _page(person: Person, form: EraseForm) -> str:
    return render_template("people/erase.html", person=person, form=form)
