"""Signing up, in steps that keep what was typed: what other steps hold travels as hidden fields.

A named button, ``go``, says what to do. A POST without it sends everything, as scripts do.
"""

from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address
from limits import parse

from brigades import clock
from brigades.access import Can, Scope
from brigades.locales import LOCALES, read_in, remember
from brigades.people.languages import language_names
from brigades.people.phones import grouped
from brigades.people.skills import SKILL_ICONS, SKILL_LABELS, Skill, trades_of
from brigades.recruiting import service
from brigades.recruiting.blueprint import bp
from brigades.recruiting.fields import Row
from brigades.recruiting.forms import FIELDS, STEPS, JoinForm, Step
from brigades.recruiting.words import (
    entry_words,
    level_choices,
    step_words,
    years_choices,
    years_words,
)
from brigades.web import limiter, needs

# A hall full of people at one address may sign up on the same evening; a script may not for long.
SENDINGS = parse("60 per hour")


@bp.get("/join")
@needs(Can.ANYONE)
def join(scope: Scope) -> Any:
    """The first step, with the section that the address names."""
    form = _form(formdata=None)
    if not form.sections:
        return render_template("recruiting/closed.html")
    form.section.data = request.args.get("section", "")
    return _page(form, Step.YOU)


@bp.post("/join")
@needs(Can.ANYONE, form=True)
def go(scope: Scope) -> Any:
    """Another step, one language more or less, or all of it sent."""
    wanted = request.form.get("go", "send")
    locale = wanted.removeprefix("in-")
    if locale != wanted and locale in LOCALES:
        read_in(locale)
    form = _form()
    here = _step(request.form.get("step")) or Step.YOU
    if locale in LOCALES:
        return remember(make_response(_page(form, here)), locale)
    if wanted == "add":
        form.languages.rows.append(Row("", ""))
        return _page(form, Step.SKILLS)
    if wanted.startswith("drop-"):
        number = wanted.removeprefix("drop-")
        form.languages.rows = [
            row for index, row in enumerate(form.languages.rows) if str(index) != number
        ]
        return _page(form, Step.SKILLS)
    if wanted == "send" or (wanted == "next" and here is Step.REVIEW):
        return _send(form)
    there = _step(wanted) or _beside(here, -1 if wanted == "back" else 1)
    return _walk(form, here, there)


def _walk(form: JoinForm, here: Step, there: Step) -> Any:
    """Go to another step; on the way forward what lies between must be in order."""
    if Step.YOU is here and form.country.data:
        form.propose()
    wrong = form.first_wrong(STEPS[STEPS.index(here) : STEPS.index(there)])
    return _page(form, wrong or there)


def _send(form: JoinForm) -> Any:
    wrong = form.first_wrong(STEPS)
    if form.is_stale() or wrong is not None:
        return _page(form, wrong or Step.REVIEW, refused=True)
    if limiter.enabled and not limiter.limiter.hit(SENDINGS, "join", get_remote_address()):
        reason = _("Many applications came from this connection. Send yours again in an hour.")
        return _page(form, Step.REVIEW, reasons=[reason], status=429)
    service.apply(_typed(form), clock.now())
    cookie["applied"] = form.email.data
    return redirect(url_for("recruiting.sent"), 303)


@bp.get("/join/sent")
@needs(Can.ANYONE)
def sent(scope: Scope) -> Any:
    """What comes next; the same whether or not the address was known."""
    return render_template("recruiting/sent.html", address=cookie.pop("applied", ""))


@bp.get("/join/confirm/<token>")
@needs(Can.ANYONE)
def confirm(scope: Scope, token: str) -> Any:
    """Where the applicant's link leads. Opening it changes nothing: mail scanners do that."""
    return _own(token)


# Both need no form token: whoever has the link may do this, and nobody else has it.
@bp.post("/join/confirm/<token>")
@needs(Can.ANYONE, csrf_exempt=True)
def confirmed(scope: Scope, token: str) -> Any:
    """The address is theirs."""
    application = service.by_token(token, lock=True)
    if application is None:
        return _gone()
    if not service.confirm(application, clock.now()):
        return _own(token, again=True)
    return redirect(url_for("recruiting.confirm", token=token), 303)


@bp.post("/join/confirm/<token>/withdraw")
@needs(Can.ANYONE, csrf_exempt=True)
def withdrawn(scope: Scope, token: str) -> Any:
    """The applicant has changed their mind."""
    application = service.by_token(token, lock=True)
    if application is None:
        return _gone()
    if not service.withdraw(application, clock.now()):
        return _own(token, again=True)
    return redirect(url_for("recruiting.confirm", token=token), 303)


def _own(token: str, *, again: bool = False) -> Any:
    application = service.by_token(token)
    if application is None:
        return _gone()
    return render_template("recruiting/own.html", application=application, token=token, again=again)


def _gone() -> Any:
    return render_template("recruiting/gone.html"), 404


def _form(**given: Any) -> JoinForm:
    form = JoinForm(**given)
    sections = service.recruiting_sections()
    return form.prepare(sections, str(get_locale() or "en"), clock.now().date())


def _step(name: str | None) -> Step | None:
    return Step(name) if name in STEPS else None


def _beside(here: Step, by: int) -> Step:
    return STEPS[min(max(STEPS.index(here) + by, 0), len(STEPS) - 1)]


def _page(
    form: JoinForm,
    step: Step,
    *,
    refused: bool = False,
    reasons: list[str] | None = None,
    status: int = 200,
) -> Any:
    """One step. What is wrong on others is shown there, not here."""
    wrong = refused or any(form[name].errors for name in FIELDS[step])
    if not form.languages.rows:
        form.languages.rows = [Row("", "")]
    page = render_template(
        "recruiting/join.html",
        form=form,
        step=step,
        number=STEPS.index(step) + 1,
        steps=[(each, step_words(each)) for each in STEPS],
        reasons=reasons or [],
        skills=[
            (skill, SKILL_LABELS[skill], SKILL_ICONS[skill], trades_of(skill)) for skill in Skill
        ],
        years=years_choices(),
        levels=level_choices(),
        tongues=list(language_names(str(get_locale() or "en")).items()),
        entry_words=entry_words,
        years_words=years_words,
        grouped=grouped,
    )
    return page, (422 if wrong and status == 200 else status)


def _typed(form: JoinForm) -> service.Typed:
    assert form.chosen is not None
    return service.Typed(
        given_name=form.given_name.data or "",
        family_name=form.family_name.data or "",
        email=form.email.data or "",
        phone=form.phone.data or None,
        country=form.country.data,
        section_id=form.chosen.id,
        locale=str(get_locale() or "en"),
        skills=form.skills.kept(),
        languages=form.languages.kept(),
        available_from=form.available_from.data,
        available_until=form.available_until.data,
        availability_note=form.availability_note.data or "",
        why=form.why.data or "",
    )
