"""The coordinators' desk: the queue of applications, one of them, and deciding on it."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from brigades import clock, sheets
from brigades.access import Can, Scope, acting
from brigades.paging import paged
from brigades.people.languages import country_name
from brigades.people.phones import grouped
from brigades.people.skills import SKILL_LABELS, TRADES, Skill, trades_of
from brigades.recruiting import decisions, desk
from brigades.recruiting.blueprint import bp
from brigades.recruiting.desk_forms import DeclineForm, MoveForm
from brigades.recruiting.models import WAITING_STAGES, Application, Stage
from brigades.recruiting.rules import waiting_days
from brigades.recruiting.words import entry_words, stage_words, waiting_words, years_words
from brigades.sections import service as sections
from brigades.web import get_or_404, needs

# PostgreSQL's integers end here; a larger id is simply not there.
ONE = "/applications/<int(max=2147483647):application_id>"


@bp.get("/applications")
@needs(Can.REVIEW_APPLICATIONS)
def index(scope: Scope) -> Any:
    """What waits, the oldest first."""
    filters = _filters()
    return render_template(
        "recruiting/index.html",
        page=paged(desk.listing(scope, filters)),
        filters=filters,
        narrowed=filters != desk.Filters(),
        sections=sections.slugs(scope),
        stages=[(str(stage), stage_words(stage)) for stage in Stage] + [(desk.ANY, _("All"))],
        skills=_skill_choices(),
        now=clock.now(),
        days=waiting_days,
        chased=desk.chased_after().days,
        **_words(),
    )


@bp.get("/applications.csv")
@needs(Can.REVIEW_APPLICATIONS)
def sheet(scope: Scope) -> Response:
    """The same list as a sheet, all pages of it."""
    rows = (_row(application) for application in desk.all_of(scope, _filters()))
    response = Response(sheets.csv_bytes(_head(), rows), mimetype="text/csv")
    name = f"applications-{clock.now().date()}.csv"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@bp.get(ONE)
@needs(Can.REVIEW_APPLICATIONS)
def show(scope: Scope, application_id: int) -> Any:
    """All that was typed, what happened since, and what can be decided."""
    return _show(scope, application_id)


@bp.post(f"{ONE}/review")
@needs(Can.REVIEW_APPLICATIONS)
def review(scope: Scope, application_id: int) -> Any:
    """Look after this one."""
    application = get_or_404(desk.locked(scope, application_id))
    try:
        decisions.take(application, by=acting(scope), now=clock.now())
    except decisions.NotWaiting:
        return _show(scope, application_id, late=True), 409
    return _back(application_id)


@bp.post(f"{ONE}/accept")
@needs(Can.REVIEW_APPLICATIONS)
def accept(scope: Scope, application_id: int) -> Any:
    """Say yes."""
    application = get_or_404(desk.locked(scope, application_id))
    try:
        decisions.accept(application, by=acting(scope), now=clock.now())
    except decisions.NotWaiting:
        return _show(scope, application_id, late=True), 409
    flash(_("%(name)s is accepted and gets a mail.", name=application.name), "success")
    return _back(application_id)


@bp.post(f"{ONE}/decline")
@needs(Can.REVIEW_APPLICATIONS, form=True)
def decline(scope: Scope, application_id: int) -> Any:
    """Say no, with a reason."""
    application = get_or_404(desk.locked(scope, application_id))
    form = DeclineForm()
    if not form.validate():
        return _show(scope, application_id, decline_form=form), 422
    try:
        decisions.decline(application, form.reason.data or "", by=acting(scope), now=clock.now())
    except decisions.NotWaiting:
        return _show(scope, application_id, decline_form=form, late=True), 409
    flash(_("%(name)s is declined and gets a mail.", name=application.name), "success")
    return _back(application_id)


@bp.post(f"{ONE}/move")
@needs(Can.REVIEW_APPLICATIONS, form=True)
def move(scope: Scope, application_id: int) -> Any:
    """Hand it to another section in this scope."""
    application = get_or_404(desk.locked(scope, application_id))
    others = [s for s in sections.within(scope) if s.id != application.section_id]
    form = MoveForm().prepare(others)
    if not form.validate():
        return _show(scope, application_id, move_form=form), 422
    section = next(s for s in others if str(s.id) == form.section.data)
    try:
        decisions.move(
            application, section, by=acting(scope), now=clock.now(), why=form.why.data or ""
        )
    except decisions.NotWaiting:
        return _show(scope, application_id, move_form=form, late=True), 409
    flash(_("The application now lies with %(section)s.", section=section.name), "success")
    return _back(application_id)


def _show(
    scope: Scope,
    application_id: int,
    *,
    decline_form: DeclineForm | None = None,
    move_form: MoveForm | None = None,
    late: bool = False,
) -> str:
    shown = get_or_404(desk.shown(scope, application_id))
    now = clock.now()
    return render_template(
        "recruiting/show.html",
        application=shown.application,
        trail=shown.trail,
        known=shown.known,
        late=late,
        form=decline_form or move_form,
        decline_form=decline_form or DeclineForm(formdata=None),
        move_form=move_form or MoveForm(formdata=None).prepare(shown.sections),
        movable=bool(shown.sections),
        waits=shown.application.stage in WAITING_STAGES,
        days=waiting_days(shown.application.waits_since, now),
        **_words(),
    )


def _back(application_id: int) -> Any:
    return redirect(url_for("recruiting.show", application_id=application_id), 303)


def _filters() -> desk.Filters:
    typed = {name: request.args.get(name, "").strip()[:200] for name in ("q", "section", "stage")}
    skill = request.args.get("skill", "")
    known = skill in TRADES or skill in SKILL_LABELS
    return desk.Filters(**typed, skill=skill if known else "")


def _words() -> dict[str, Any]:
    return {
        "stage_words": stage_words,
        "waiting_words": waiting_words,
        "years_words": years_words,
        "entry_words": entry_words,
        "grouped": grouped,
    }


def _skill_choices() -> list[tuple[str, str]]:
    choices: list[tuple[str, str]] = []
    for skill in Skill:
        name = SKILL_LABELS[skill]
        choices.append((skill, str(name)))
        # Interpreting is a skill and its only trade under one code.
        under = [trade for trade in trades_of(skill) if trade.code != skill]
        choices += [(trade.code, f"{name}: {trade.label}") for trade in under]
    return choices


def _head() -> list[str]:
    return [
        _("Given name"),
        _("Family name"),
        _("Email"),
        _("Phone"),
        _("Country"),
        _("Section"),
        _("Stage"),
        _("Sent"),
        _("Address confirmed"),
        _("Skills"),
        _("Languages"),
        _("Available from"),
        _("Available until"),
        _("More about when they can come"),
        _("Why they want to join"),
    ]


def _row(application: Application) -> list[sheets.Cell]:
    skills = [
        f"{entry_words(kept)} ({years})" if (years := kept.get("years")) else entry_words(kept)
        for kept in application.skills
    ]
    return [
        application.given_name,
        application.family_name,
        application.email,
        application.phone,
        country_name(application.country),
        application.section.name,
        stage_words(application.stage),
        application.sent_at,
        application.confirmed_at,
        "; ".join(skills),
        "; ".join(f"{kept['language']} {kept['level']}".strip() for kept in application.languages),
        application.available_from,
        application.available_until,
        application.availability_note,
        application.why,
    ]
