"""Writing a mailing, in one language or several."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from brigades import clock
from brigades.access import Can, Scope, acting
from brigades.locales import LOCALES, direction
from brigades.mailings import service, words
from brigades.mailings.blueprint import ONE, bp, found, steps, under_way
from brigades.mailings.forms import LONGEST_SUBJECT, TextForm
from brigades.mailings.models import Mailing, Stage
from brigades.sections import service as sections
from brigades.web import needs


@bp.route(f"{ONE}/text", methods=["GET", "POST"])
@needs(Can.WRITE_MAILINGS, form=True)
def text(scope: Scope, mailing_id: int) -> Any:
    """What it says; an unfinished text can be kept too."""
    mailing = found(scope, mailing_id)
    if mailing.stage is not Stage.DRAFT:
        return redirect(url_for(".show", mailing_id=mailing.id), 303)
    offered = sections.names(scope)
    about_slot = mailing.slot_id is not None
    if request.method == "GET":
        form = TextForm(offered, formdata=_typed(mailing), about_slot=about_slot)
        return _page(form, mailing)
    form = TextForm(offered, about_slot=about_slot)
    form.finished = request.form.get("go") != "save"
    if not form.validate_on_submit():
        return _page(form, mailing), 422
    try:
        service.write(
            mailing.id, form.texts, int(form.section.data), by=acting(scope), now=clock.now()
        )
    except service.UnderWay:
        flash(under_way(), "info")
        return redirect(url_for(".show", mailing_id=mailing.id), 303)
    if form.finished:
        return redirect(url_for(".send", mailing_id=mailing.id), 303)
    flash(_("Kept as a draft."), "success")
    return redirect(url_for(".text", mailing_id=mailing.id), 303)


def _typed(mailing: Mailing) -> MultiDict[str, str]:
    """What is kept, as the form writes it; the main language of a new one is the writer's own."""
    main = next(iter(mailing.texts), current_user.person.locale)
    pairs = [("section", str(mailing.section_id)), ("main", main)]
    for code, said in mailing.texts.items():
        pairs += [(f"subject_{code}", said["subject"]), (f"body_{code}", said["body"])]
    return MultiDict(pairs)


def _page(form: TextForm, mailing: Mailing) -> str:
    return render_template(
        "mailings/text.html",
        form=form,
        mailing=mailing,
        steps_to=steps(mailing),
        languages=sorted(LOCALES.items(), key=lambda pair: pair[0] != form.main.data),
        direction_of=direction,
        placeholders=words.placeholders(),
        longest=LONGEST_SUBJECT,
    )
