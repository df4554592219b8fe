"""Choosing whom a mailing goes to: filters, the list before it is sent, taking people out."""

from datetime import datetime
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from brigades import clock, sheets
from brigades.access import Can, Scope, acting
from brigades.asking import as_id
from brigades.locales import own_name
from brigades.mailings import recipients, service, words
from brigades.mailings.blueprint import ONE, bp, found, steps, under_way
from brigades.mailings.choices import choices
from brigades.mailings.chosen import Chosen, asked, from_kept
from brigades.mailings.forms import ChooseForm
from brigades.mailings.models import Mailing, Stage
from brigades.mailings.recipients import Candidate
from brigades.outbox.kinds import Kind
from brigades.paging import page_number
from brigades.sections import service as sections
from brigades.web import needs


@bp.route("/mailings/new", methods=["GET", "POST"])
@needs(Can.WRITE_MAILINGS, form=True)
def new(scope: Scope) -> Any:
    """Begin one: to whom, as the address or the form says; posting it makes a draft."""
    now = clock.now()
    typed = request.form if request.method == "POST" else request.args
    chosen = asked(typed)
    offered = choices(scope, now, chosen.slot)
    if request.method == "GET":
        form = ChooseForm(offered, now, formdata=chosen.typed())
        return _page(scope, form, chosen, None, now)
    form = ChooseForm(offered, now)
    if not form.validate_on_submit():
        return _page(scope, form, chosen, None, now), 422
    home = current_user.person.section_id
    reach = sections.within(scope)
    section_id = service.in_whose_name(reach, home, offered.slot(chosen.slot))
    made = service.create(section_id, chosen, by=acting(scope), now=now)
    return _go_on(made.id)


@bp.route(f"{ONE}/people", methods=["GET", "POST"])
@needs(Can.WRITE_MAILINGS, form=True)
def people(scope: Scope, mailing_id: int) -> Any:
    """Whom a draft goes to; the address can ask for others, posting keeps them."""
    mailing, now = found(scope, mailing_id), clock.now()
    if mailing.stage is not Stage.DRAFT:
        return redirect(url_for(".show", mailing_id=mailing.id), 303)
    chosen = from_kept(mailing.chosen)
    if request.method == "GET":
        if request.args.keys() - {"page", "out"}:
            chosen = asked(request.args, chosen)
        form = ChooseForm(choices(scope, now, chosen.slot), now, formdata=chosen.typed())
        return _page(scope, form, chosen, mailing, now)
    chosen = asked(request.form, chosen)
    form = ChooseForm(choices(scope, now, chosen.slot), now)
    if not form.validate_on_submit():
        return _page(scope, form, chosen, mailing, now), 422
    try:
        service.choose(mailing.id, chosen, by=acting(scope), now=now)
    except service.UnderWay:
        flash(under_way(), "info")
        return redirect(url_for(".show", mailing_id=mailing.id), 303)
    return _go_on(mailing.id)


def _go_on(mailing_id: int) -> Any:
    if request.form.get("go") == "next":
        return redirect(url_for(".text", mailing_id=mailing_id), 303)
    return redirect(url_for(".people", mailing_id=mailing_id, _anchor="list"), 303)


def _page(
    scope: Scope, form: ChooseForm, chosen: Chosen, mailing: Mailing | None, now: datetime
) -> str:
    kind = Kind.PLACE if chosen.about_place else Kind.NEWS
    left_out = bool(request.args.get("out"))
    counted = recipients.counts(scope, chosen, kind, now)
    page = recipients.page_of(
        scope, chosen, kind, now, counted, left_out=left_out, number=page_number()
    )
    return render_template(
        "mailings/people.html",
        form=form,
        mailing=mailing,
        counted=counted,
        page=page,
        left_out=left_out,
        repeats=bool(chosen.after),
        steps_to=steps(mailing),
        own_name=own_name,
        words=words,
    )


@bp.post(f"{ONE}/without")
@needs(Can.WRITE_MAILINGS)
def without(scope: Scope, mailing_id: int) -> Any:
    """Take single people out of the list, or back in."""
    mailing = found(scope, mailing_id)
    back = bool(request.form.get("back"))
    ids = {id for raw in request.form.getlist("person") if (id := as_id(raw)) is not None}
    try:
        service.take_out(mailing.id, ids, back=back, by=acting(scope), now=clock.now())
    except service.TooMany:
        flash(_("So many cannot be taken out one by one. Use the filters instead."), "error")
    except service.UnderWay:
        flash(under_way(), "info")
        return redirect(url_for(".show", mailing_id=mailing_id), 303)
    shown = "1" if back else None
    return redirect(url_for(".people", mailing_id=mailing_id, out=shown, _anchor="list"), 303)


@bp.get(f"{ONE}/people.csv")
@needs(Can.WRITE_MAILINGS)
def export_csv(scope: Scope, mailing_id: int) -> Response:
    """Everybody who fits, with why somebody is left out."""
    rows = _rows(scope, found(scope, mailing_id))
    return _file(sheets.csv_bytes(_head(), rows), "csv")


@bp.get(f"{ONE}/people.xlsx")
@needs(Can.WRITE_MAILINGS)
def export_xlsx(scope: Scope, mailing_id: int) -> Response:
    """The same as a workbook."""
    tables = [(_("Mailing"), _rows(scope, found(scope, mailing_id)))]
    return _file(sheets.xlsx_bytes(_head(), tables), "xlsx")


def _head() -> list[str]:
    return [_("Name"), _("Email"), _("Phone"), _("Section"), _("Language"), _("Left out")]


def _rows(scope: Scope, mailing: Mailing) -> list[list[sheets.Cell]]:
    chosen, now = from_kept(mailing.chosen), clock.now()
    return [_row(one) for one in recipients.everybody(scope, chosen, mailing.kind, now)]


def _row(one: Candidate) -> list[sheets.Cell]:
    person = one.person
    why = words.left_out_words(one.why) if one.why else ""
    return [
        person.name,
        person.email,
        person.phone,
        person.section.name,
        own_name(person.locale),
        why,
    ]


def _file(content: bytes, ending: str) -> Response:
    name = _("Mailing %(day)s", day=clock.now().date().isoformat())
    return sheets.download(content, name, ending)
