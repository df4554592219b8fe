"""A coordinator adding, verifying and removing skills and languages of somebody."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from brigades import clock
from brigades.access import Can, Scope, acting
from brigades.people import details
from brigades.people.blueprint import bp
from brigades.people.edit_views import ID, person_in_scope
from brigades.people.forms import LanguageForm, SkillForm
from brigades.people.levels import Level
from brigades.people.models import Person
from brigades.web import needs


@bp.get(f"/people/<{ID}:person_id>/skills")
@needs(Can.EDIT_PEOPLE)
def skills(scope: Scope, person_id: int) -> str:
    """What they can do, and the forms to add more."""
    return _page(person_in_scope(scope, person_id))


@bp.post(f"/people/<{ID}:person_id>/skills")
@needs(Can.EDIT_PEOPLE, form=True)
def add_skill(scope: Scope, person_id: int) -> Any:
    """Add a skill, or change its years."""
    person = person_in_scope(scope, person_id)
    form = SkillForm()
    if not form.validate_on_submit():
        return _page(person, skill_form=form), 422
    details.set_skill(person, form.skill.data, form.years.data, by=acting(scope), now=clock.now())
    flash(_("The skill was saved."), "success")
    return _back(person_id)


@bp.post(f"/people/<{ID}:person_id>/skills/<{ID}:skill_id>/verify")
@needs(Can.EDIT_PEOPLE)
def verify_skill(scope: Scope, person_id: int, skill_id: int) -> Any:
    """Say that it was checked."""
    person = person_in_scope(scope, person_id)
    if person.id == scope.person_id:
        flash(_("Somebody else has to verify your own skills."), "error")
    elif not details.verify_skill(person, skill_id, by=acting(scope), now=clock.now()):
        abort(404)
    else:
        flash(_("The skill is verified."), "success")
    return redirect(url_for(".show", person_id=person_id))


@bp.post(f"/people/<{ID}:person_id>/skills/<{ID}:skill_id>/remove")
@needs(Can.EDIT_PEOPLE)
def remove_skill(scope: Scope, person_id: int, skill_id: int) -> Any:
    """Remove a skill."""
    person = person_in_scope(scope, person_id)
    if not details.remove_skill(person, skill_id, by=acting(scope), now=clock.now()):
        abort(404)
    flash(_("The skill was removed."), "success")
    return _back(person_id)


@bp.post(f"/people/<{ID}:person_id>/languages")
@needs(Can.EDIT_PEOPLE, form=True)
def add_language(scope: Scope, person_id: int) -> Any:
    """Add a language, or change its level."""
    person = person_in_scope(scope, person_id)
    form = LanguageForm()
    if not form.validate_on_submit():
        return _page(person, language_form=form), 422
    level = Level(form.level.data)
    details.set_language(person, form.language.data, level, by=acting(scope), now=clock.now())
    flash(_("The language was saved."), "success")
    return _back(person_id)


@bp.post(f"/people/<{ID}:person_id>/languages/<{ID}:language_id>/remove")
@needs(Can.EDIT_PEOPLE)
def remove_language(scope: Scope, person_id: int, language_id: int) -> Any:
    """Remove a language."""
    person = person_in_scope(scope, person_id)
    if not details.remove_language(person, language_id, by=acting(scope), now=clock.now()):
        abort(404)
    flash(_("The language was removed."), "success")
    return _back(person_id)


def _back(person_id: int) -> Any:
    return redirect(url_for(".skills", person_id=person_id))


def _page(
    person: Person,
    *,
    skill_form: SkillForm | None = None,
    language_form: LanguageForm | None = None,
) -> str:
    return render_template(
        "people/skills.html",
        person=person,
        skill_form=skill_form or SkillForm(formdata=None),
        language_form=language_form or LanguageForm(formdata=None),
    )
