"""Giving people roles in sections, and ending them."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from brigades import clock
from brigades.access import Can, Role, Scope, acting
from brigades.people import appointments
from brigades.people.blueprint import bp
from brigades.people.edit_views import ID, person_in_scope
from brigades.people.forms import AppointForm
from brigades.people.models import Person
from brigades.sections import service as sections
from brigades.web import get_or_404, needs


@bp.get(f"/people/<{ID}:person_id>/appoint")
@needs(Can.APPOINT)
def ask_appoint(scope: Scope, person_id: int) -> str:
    """The roles that they have and had, and the form for another."""
    person = person_in_scope(scope, person_id)
    data = {"since": clock.now().date(), "section": str(person.section_id)}
    return _page(scope, person, _form(scope, data=data))


@bp.post(f"/people/<{ID}:person_id>/appoint")
@needs(Can.APPOINT, form=True)
def appoint(scope: Scope, person_id: int) -> Any:
    """Give a role in a section within reach."""
    person = person_in_scope(scope, person_id)
    form = _form(scope)
    if not form.validate_on_submit():
        return _page(scope, person, form), 422
    section = next(one for one in sections.within(scope) if str(one.id) == form.section.data)
    assert form.since.data is not None
    try:
        appointments.appoint(
            person,
            section,
            Role(form.role.data),
            form.since.data,
            form.until.data,
            deputy=form.deputy.data,
            by=acting(scope),
            now=clock.now(),
        )
    except appointments.AlreadyGiven:
        form.role.errors = [_("%(name)s has this role there already.", name=person.name)]
        return _page(scope, person, form), 422
    flash(_("The role was given."), "success")
    return redirect(url_for(".ask_appoint", person_id=person_id))


@bp.post(f"/appointments/<{ID}:appointment_id>/end")
@needs(Can.APPOINT)
def end_appointment(scope: Scope, appointment_id: int) -> Any:
    """End a role at once."""
    given = get_or_404(appointments.find(appointment_id))
    get_or_404(given if scope.may(Can.APPOINT, given.section_id) else None)
    slug = given.section.slug
    try:
        appointments.end(given, by=acting(scope), now=clock.now())
        flash(_("The role has ended."), "success")
    except appointments.LastAdministrator:
        flash(_("This is the last administrator. Appoint another one first."), "error")
    return redirect(url_for("sections.show", slug=slug))


def _form(scope: Scope, **given: Any) -> AppointForm:
    roles = [(role, appointments.role_words(role)) for role in Role if role is not Role.VOLUNTEER]
    return AppointForm(sections.within(scope), roles, **given)


def _page(scope: Scope, person: Person, form: AppointForm) -> str:
    given = appointments.of_person(person.id, clock.now().date())
    ends = {one.id for one in given if one.current and scope.may(Can.APPOINT, one.section_id)}
    return render_template("people/appoint.html", form=form, person=person, given=given, ends=ends)
