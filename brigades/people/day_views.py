"""A coordinator notes days on which somebody is away, and a guardian's consent."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from brigades import clock
from brigades.access import Can, Scope, acting
from brigades.people import age, away
from brigades.people.blueprint import bp
from brigades.people.day_forms import AwayForm, ConsentForm, WithdrawConsentForm
from brigades.people.edit_views import ID, person_in_scope
from brigades.people.models import Person
from brigades.web import needs


@bp.get(f"/people/<{ID}:person_id>/away")
@needs(Can.EDIT_PEOPLE)
def days_away(scope: Scope, person_id: int) -> str:
    """The days to come on which they are away, and the form to add more."""
    return _away_page(person_in_scope(scope, person_id), AwayForm())


@bp.post(f"/people/<{ID}:person_id>/away")
@needs(Can.EDIT_PEOPLE, form=True)
def add_days_away(scope: Scope, person_id: int) -> Any:
    """Add days on which they cannot come."""
    person = person_in_scope(scope, person_id)
    form = AwayForm()
    if not form.validate_on_submit() or not add_away(form, person, by=acting(scope)):
        return _away_page(person, form), 422
    return redirect(url_for(".days_away", person_id=person_id))


@bp.post(f"/people/<{ID}:person_id>/away/<{ID}:away_id>/remove")
@needs(Can.EDIT_PEOPLE)
def remove_days_away(scope: Scope, person_id: int, away_id: int) -> Any:
    """Take days away back."""
    person = person_in_scope(scope, person_id)
    if not away.remove(person, away_id, by=acting(scope), now=clock.now()):
        abort(404)
    flash(_("The days were removed."), "success")
    return redirect(url_for(".days_away", person_id=person_id))


def add_away(form: AwayForm, person: Person, *, by: int) -> bool:
    """Keep what was typed and say so; False with a sentence at the field where it cannot be."""
    first = form.first_day.data
    assert first is not None, "only after the form was found valid"
    now = clock.now()
    if (form.last_day.data or first) < now.date() - clock.DAY:
        form.first_day.errors = [_("These days are over.")]
        return False
    try:
        added = away.add(
            person, first, form.last_day.data or first, form.note.data or "", by=by, now=now
        )
    except away.TooMany:
        form.first_day.errors = [_("These are very many. Remove some first, or join them.")]
        return False
    text = _("The days were saved.") if added else _("These days are known already.")
    flash(text, "success" if added else "info")
    return True


@bp.get(f"/people/<{ID}:person_id>/guardian")
@needs(Can.EDIT_PEOPLE)
def guardian(scope: Scope, person_id: int) -> str:
    """Who agreed and when, as far as it is known."""
    person, today = person_in_scope(scope, person_id), clock.now().date()
    form = ConsentForm(obj=person, today=today)
    form.guardian_consent_on.data = form.guardian_consent_on.data or today
    return _guardian_page(scope, person, form, WithdrawConsentForm(formdata=None))


@bp.post(f"/people/<{ID}:person_id>/guardian")
@needs(Can.EDIT_PEOPLE, form=True)
def record_guardian(scope: Scope, person_id: int) -> Any:
    """Note that a guardian agreed; nobody does it for themselves."""
    person, now = person_in_scope(scope, person_id), clock.now()
    form = ConsentForm(today=now.date())
    good = form.validate_on_submit()
    if good and person.id == scope.person_id:
        form.guardian.errors = [_("Somebody else has to record it for you.")]
        good = False
    on = form.guardian_consent_on.data
    if not good or on is None:
        return _guardian_page(scope, person, form, WithdrawConsentForm(formdata=None)), 422
    age.record_consent(person, form.guardian.data or "", on, by=acting(scope), now=now)
    flash(_("The guardian's consent was recorded."), "success")
    return redirect(url_for(".show", person_id=person_id))


@bp.post(f"/people/<{ID}:person_id>/guardian/withdraw")
@needs(Can.EDIT_PEOPLE, form=True)
def withdraw_guardian(scope: Scope, person_id: int) -> Any:
    """Note that a guardian agrees no more."""
    person, now = person_in_scope(scope, person_id), clock.now()
    form = WithdrawConsentForm()
    if not form.validate_on_submit():
        first = ConsentForm(formdata=None, obj=person, today=now.date())
        return _guardian_page(scope, person, first, form), 422
    age.withdraw_consent(person, by=acting(scope), now=now, why=form.why.data or "")
    flash(_("The consent does not count any more."), "success")
    return redirect(url_for(".show", person_id=person_id))


def _away_page(person: Person, form: AwayForm) -> str:
    coming = away.coming(person.id, clock.now().date())
    return render_template("people/away.html", person=person, away=coming, away_form=form)


def _guardian_page(
    scope: Scope, person: Person, form: ConsentForm, withdraw: WithdrawConsentForm
) -> str:
    return render_template(
        "people/guardian.html",
        person=person,
        form=form,
        withdraw=withdraw,
        today=clock.now().date(),
        adult=age.adult(),
        own=person.id == scope.person_id,
    )
