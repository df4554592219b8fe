"""Pages of one's mail: how each kind is wanted, and the page behind a letter's link to stop it."""

from datetime import datetime, time
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from brigades import clock, texts
from brigades.access import Can, Scope, acting
from brigades.clock import Wall
from brigades.locales import read_in
from brigades.outbox.kinds import MUST, How, Kind
from brigades.outbox.wishes import quiet, stopping
from brigades.outbox.wishes import service as wishes
from brigades.outbox.wishes import words as wish_words
from brigades.people import mail
from brigades.people.blueprint import bp
from brigades.people.mail_forms import MailForm
from brigades.people.models import Person
from brigades.web import get_or_404, needs

STOP = "/mail/stop/<token>"


@bp.get("/me/mail")
@needs(Can.SIGNED_IN)
def mail_settings(scope: Scope) -> str:
    """Every kind as it is wanted now."""
    person = get_or_404(mail.reader(acting(scope)))
    wanted = {kind.value: how.value for kind, how in wishes.of(person.id).items()}
    form = _form(person, data={**wanted, "zone": person.zone or ""})
    return _page(form, person)


@bp.post("/me/mail")
@needs(Can.SIGNED_IN, form=True)
def set_mail(scope: Scope) -> Any:
    """Keep it; each change stands in the person's trail."""
    person = get_or_404(mail.reader(acting(scope)))
    form = _form(person)
    if not form.validate_on_submit():
        return _page(form, person), 422
    now = clock.now()
    changed = wishes.wish(person, form.wishes, by=person.id, now=now)
    zone = mail.set_zone(person, form.zone.data or None, by=person.id, now=now)
    if changed or zone:
        flash(_("Your mail will come as you chose."), "success")
    else:
        flash(_("It was like that already. Nothing was changed."), "info")
    return redirect(url_for(".mail_settings"), 303)


@bp.get(STOP)
@needs(Can.ANYONE)
def stop_mail(_scope: Scope, token: str) -> Any:
    """Asks whether to stop one kind of letters. Mail scanners open this: it changes nothing."""
    person, kind = _meant(token)
    return _stop_page(person, kind, token, how=wishes.of(person.id)[kind])


@bp.post(STOP)
@needs(Can.ANYONE, csrf_exempt=True)
def stop_mail_now(_scope: Scope, token: str) -> Any:
    """Stop them, or have them again as ``how`` says; twice is the same as once.

    A mail program posts here by itself, with no cookie and no other field (RFC 8058).
    """
    person, kind = _meant(token)
    wanted = request.form.get("how", How.NEVER.value)
    if wanted not in list(How):
        return _stop_page(person, kind, token, how=wishes.of(person.id)[kind]), 422
    how = How(wanted)
    before = wishes.wish(person, {kind: how}, by=person.id, now=clock.now())
    return _stop_page(person, kind, token, how=how, answered=True, before=before.get(kind))


def _meant(token: str) -> tuple[Person, Kind]:
    """Whose letters, of which kind, a link means; the page is in their language. Or 404."""
    person_id, kind = get_or_404(stopping.opened(token))
    person = get_or_404(mail.reader(person_id))
    read_in(person.locale)
    return person, kind


def _form(person: Person, **given: Any) -> MailForm:
    duty = mail.has_duties(person.id, clock.now().date())
    return MailForm(person.section.zone, duty=duty, **given)


def _page(form: MailForm, person: Person) -> str:
    hours, day = quiet.hours(), clock.now().date()

    def said(hour: int) -> str:
        return texts.time_words(Wall(datetime.combine(day, time(hour % 24)), "UTC"))

    return render_template(
        "people/mail.html",
        form=form,
        person=person,
        always=[(wish_words.kind_words(kind), wish_words.about_words(kind)) for kind in _ALWAYS],
        quiet=(said(hours.begin), said(hours.end)) if hours else None,
        daily=said(quiet.DAILY),
    )


_ALWAYS = tuple(kind for kind in Kind if kind in MUST)


def _stop_page(
    person: Person,
    kind: Kind,
    token: str,
    *,
    how: How,
    answered: bool = False,
    before: How | None = None,
) -> str:
    stopped = how is How.NEVER
    again = before or mail.before_stopping(person.id, kind) if stopped else None
    return render_template(
        "people/stop_mail.html",
        person=person,
        kind=wish_words.kind_words(kind),
        about=wish_words.about_words(kind),
        token=token,
        stopped=stopped,
        answered=answered,
        how_words=wish_words.how_words(how),
        again=again,
        again_words=wish_words.how_words(again) if again else "",
    )
