"""One's own page: what we know of oneself, and changing it."""

from typing import Any

from flask import abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from brigades import clock
from brigades.access import Can, Scope, acting
from brigades.people import age, away, details, parts
from brigades.people.blueprint import bp
from brigades.people.day_forms import AwayForm
from brigades.people.day_views import add_away
from brigades.people.edit_views import ID
from brigades.people.forms import DetailsForm, LanguageForm, SkillForm
from brigades.people.levels import Level
from brigades.people.models import Person
from brigades.web import get_or_404, needs


@bp.get("/profile")
@needs(Can.SIGNED_IN)
def me(scope: Scope) -> str:
    """All of it on one page."""
    return _page(_myself(scope))


@bp.get("/profile/edit")
@needs(Can.SIGNED_IN)
def edit_me(scope: Scope) -> str:
    """The form with everything as it is."""
    person = _myself(scope)
    form = DetailsForm(obj=person, today=clock.now().date())
    return render_template("people/edit_me.html", form=form, person=person)


@bp.post("/profile/edit")
@needs(Can.SIGNED_IN, form=True)
def change_me(scope: Scope) -> Any:
    """Keep what was typed."""
    person = _myself(scope)
    now = clock.now()
    form = DetailsForm(today=now.date())
    if not form.validate_on_submit():
        return render_template("people/edit_me.html", form=form, person=person), 422
    details.change(person, form.details, by=person.id, now=now)
    if form.born.data:
        age.set_born(person, form.born.data, by=person.id, now=now)
    flash(_("Your details were saved."), "success")
    return redirect(url_for(".me"))


@bp.post("/profile/away")
@needs(Can.SIGNED_IN, form=True)
def add_my_away(scope: Scope) -> Any:
    """Add days on which one cannot come."""
    person = _myself(scope)
    form = AwayForm()
    if not form.validate_on_submit() or not add_away(form, person, by=person.id):
        return _page(person, away_form=form), 422
    return redirect(url_for(".me", _anchor="away"))


@bp.post(f"/profile/away/<{ID}:away_id>/remove")
@needs(Can.SIGNED_IN)
def remove_my_away(scope: Scope, away_id: int) -> Any:
    """Take days away back."""
    person = _myself(scope)
    if not away.remove(person, away_id, by=person.id, now=clock.now()):
        abort(404)
    flash(_("The days were removed."), "success")
    return redirect(url_for(".me", _anchor="away"))


@bp.post("/profile/skills")
@needs(Can.SIGNED_IN, form=True)
def add_my_skill(scope: Scope) -> Any:
    """Add a skill, or change its years; what was verified is then to be verified again."""
    person = _myself(scope)
    form = SkillForm()
    if not form.validate_on_submit():
        return _page(person, skill_form=form), 422
    details.set_skill(person, form.skill.data, form.years.data, by=person.id, now=clock.now())
    flash(_("The skill was saved."), "success")
    return redirect(url_for(".me", _anchor="skills"))


@bp.post(f"/profile/skills/<{ID}:skill_id>/remove")
@needs(Can.SIGNED_IN)
def remove_my_skill(scope: Scope, skill_id: int) -> Any:
    """Remove a skill."""
    person = _myself(scope)
    if not details.remove_skill(person, skill_id, by=person.id, now=clock.now()):
        abort(404)
    flash(_("The skill was removed."), "success")
    return redirect(url_for(".me", _anchor="skills"))


@bp.post("/profile/languages")
@needs(Can.SIGNED_IN, form=True)
def add_my_language(scope: Scope) -> Any:
    """Add a language, or change its level."""
    person = _myself(scope)
    form = LanguageForm()
    if not form.validate_on_submit():
        return _page(person, language_form=form), 422
    level = Level(form.level.data)
    details.set_language(person, form.language.data, level, by=person.id, now=clock.now())
    flash(_("The language was saved."), "success")
    return redirect(url_for(".me", _anchor="languages"))


@bp.post(f"/profile/languages/<{ID}:language_id>/remove")
@needs(Can.SIGNED_IN)
def remove_my_language(scope: Scope, language_id: int) -> Any:
    """Remove a language."""
    person = _myself(scope)
    if not details.remove_language(person, language_id, by=person.id, now=clock.now()):
        abort(404)
    flash(_("The language was removed."), "success")
    return redirect(url_for(".me", _anchor="languages"))


def _myself(scope: Scope) -> Person:
    return get_or_404(details.in_full(select(Person).where(Person.id == acting(scope))))


def _page(
    person: Person,
    *,
    away_form: AwayForm | None = None,
    skill_form: SkillForm | None = None,
    language_form: LanguageForm | None = None,
) -> str:
    now = clock.now()
    links = [
        (icon, text, url_for(endpoint))
        for icon, text, endpoint in (
            ("key", _("Change password"), "accounts.change_password"),
            ("pencil", _("Change your address"), "accounts.change_address"),
            ("calendar3", _("Calendar feed"), "calendars.settings"),
            ("envelope", _("How you want your mail"), "people.mail_settings"),
            ("bell", _("Messages on your device"), "push.settings"),
            ("box-arrow-right", _("End your membership"), "people.ask_leave"),
            ("download", _("What we keep, and how long"), "keeping.privacy"),
        )
        if endpoint in current_app.view_functions
    ]
    return render_template(
        "people/me.html",
        person=person,
        today=now.date(),
        parts=parts.load(person.id, now),
        links=links,
        away=away.coming(person.id, now.date()),
        adult=age.adult(),
        away_form=away_form or AwayForm(formdata=None),
        skill_form=skill_form or SkillForm(formdata=None),
        language_form=language_form or LanguageForm(formdata=None),
    )
