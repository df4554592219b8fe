"""Keeping somebody who left longer, and letting them go; what they do about it themselves."""

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _

from brigades import clock
from brigades.access import Can, Scope, acting
from brigades.keeping import holding, service, staying
from brigades.keeping.blueprint import bp
from brigades.keeping.forms import HoldForm
from brigades.keeping.rules import KEPT_LONGER, Ground
from brigades.keeping.staying import Leaving
from brigades.locales import read_as_mailed
from brigades.people.edit_views import ID, person_in_scope
from brigades.texts import day_words
from brigades.web import get_or_404, needs

STAY = "/stay/<token>"


@bp.get(f"/keeping/members/<{ID}:person_id>")
@needs(Can.HOLD_BACK)
def ask_hold(scope: Scope, person_id: int) -> Any:
    """When somebody who left is erased, and until when to keep them instead."""
    found = _left(scope, person_id)
    said = holding.of(person_id)
    today = clock.now().date()
    form = HoldForm(today)
    if said is not None and said.kept_until and said.kept_until >= today:
        given = {"until": said.kept_until, "ground": said.ground, "words": said.words}
        form = HoldForm(today, data=given)
    return _page(found, form)


@bp.post(f"/keeping/members/<{ID}:person_id>")
@needs(Can.HOLD_BACK, form=True)
def hold(scope: Scope, person_id: int) -> Any:
    """Keep them until then; stands in their trail."""
    found = _left(scope, person_id)
    now = clock.now()
    form = HoldForm(now.date())
    if not form.validate_on_submit():
        return _page(found, form), 422
    until, ground = form.until.data, Ground(form.ground.data)
    assert until is not None  # the form asks for it
    holding.hold_back(found.person, until, ground, form.words.data or "", by=acting(scope), now=now)
    found = _left(scope, person_id)  # unless they were erased in this moment
    name, day = found.person.name, day_words(until)
    flash(_("%(name)s is kept until %(day)s.", name=name, day=day), "success")
    return redirect(url_for(".members"), 303)


@bp.post(f"/keeping/members/<{ID}:person_id>/let-go")
@needs(Can.HOLD_BACK)
def let_go(scope: Scope, person_id: int) -> Any:
    """Hold them back no longer; a second time changes nothing."""
    found = _left(scope, person_id)
    if holding.let_go(found.person, by=acting(scope), now=clock.now()):
        flash(_("%(name)s is no longer kept longer.", name=found.person.name), "success")
    else:
        flash(_("It was like that already. Nothing was changed."), "info")
    return redirect(url_for(".members"), 303)


def _left(scope: Scope, person_id: int) -> Leaving:
    person_in_scope(scope, person_id)
    return get_or_404(staying.leaving(person_id, clock.now()))


def _page(found: Leaving, form: HoldForm) -> str:
    today = clock.now().date()
    until = found.facts.kept_until
    return render_template(
        "keeping/hold.html",
        person=found.person,
        facts=found.facts,
        goes_on=found.goes_on,
        kept=until if until and until >= today else None,
        form=form,
    )


@bp.get(STAY)
@needs(Can.ANYONE)
def ask_stay(_scope: Scope, token: str) -> Any:
    """What is kept and when it goes. Mail scanners open this: it changes nothing."""
    return _stay_page(token, _opened(token))


@bp.post(STAY)
@needs(Can.ANYONE, csrf_exempt=True)
def stay(_scope: Scope, token: str) -> Any:
    """Keep them a year longer; twice is as once."""
    found = _opened(token)
    now = clock.now()
    if found is not None and found.facts.is_near(service.keep(), now.date()):
        holding.stay(found.person, now=now)
        found = staying.leaving(found.person.id, now)
    return _stay_page(token, found)


def _opened(token: str) -> Leaving | None:
    found = staying.opened(token, clock.now())
    if found is not None:
        read_as_mailed(found.person.locale)
    return found


def _stay_page(token: str, found: Leaving | None) -> Response:
    if found is None:
        page = make_response(render_template("keeping/no_stay.html"), 404)
    else:
        today = clock.now().date()
        page = make_response(
            render_template(
                "keeping/stay.html",
                person=found.person,
                facts=found.facts,
                goes_on=found.goes_on,
                near=found.facts.is_near(service.keep(), today),
                today=today,
                days=KEPT_LONGER,
                token=token,
            )
        )
    page.headers["Cache-Control"] = "no-store"
    return page
