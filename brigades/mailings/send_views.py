"""Looking at a mailing as it will read, trying it out, and letting it go."""

from collections import defaultdict
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from brigades import clock
from brigades.access import Can, Scope, acting
from brigades.locales import own_name
from brigades.mailings import recipients, sending, service, words
from brigades.mailings.blueprint import ONE, bp, found, steps, under_way
from brigades.mailings.chosen import from_kept
from brigades.mailings.letters import reply_to
from brigades.mailings.models import Mailing, Stage
from brigades.mailings.rules import complete, read_in
from brigades.mailings.saying import say_in
from brigades.mailings.sending import Missing
from brigades.web import needs


@bp.get(f"{ONE}/send")
@needs(Can.WRITE_MAILINGS)
def send(scope: Scope, mailing_id: int) -> Any:
    """How many get it, in which languages, and how it reads."""
    mailing = found(scope, mailing_id)
    if mailing.stage is not Stage.DRAFT:
        return redirect(url_for(".show", mailing_id=mailing.id), 303)
    return _page(scope, mailing)


@bp.post(f"{ONE}/send")
@needs(Can.WRITE_MAILINGS)
def let_go(scope: Scope, mailing_id: int) -> Any:
    """Post one letter a person; pressed again, nothing more happens."""
    mailing, now = found(scope, mailing_id), clock.now()
    slot = service.slot_of(scope, mailing.slot_id)
    try:
        sent = sending.send(scope, mailing.id, slot, by=acting(scope), now=now)
    except sending.NotReady:
        return _page(scope, found(scope, mailing_id)), 422
    if sent.already:
        flash(_("This mailing is under way already. Nobody gets it twice."), "info")
    else:
        text = ngettext(
            "%(num)s letter is on its way.", "%(num)s letters are on their way.", sent.letters
        )
        flash(text, "success")
    return redirect(url_for(".show", mailing_id=mailing_id), 303)


@bp.post(f"{ONE}/test")
@needs(Can.WRITE_MAILINGS)
def test(scope: Scope, mailing_id: int) -> Any:
    """Send it to oneself, in each language that it is written in."""
    mailing, now = found(scope, mailing_id), clock.now()
    if mailing.stage is not Stage.DRAFT:
        flash(under_way(), "info")
        return redirect(url_for(".show", mailing_id=mailing.id), 303)
    slot = service.slot_of(scope, mailing.slot_id)
    lacking = set(sending.missing(mailing, slot, 1, now)) & {
        Missing.TEXT,
        Missing.FAULTS,
        Missing.SLOT,
    }
    person = service.writer(acting(scope))
    if lacking:
        flash(" ".join(words.missing_words(one) for one in sorted(lacking)), "error")
    elif letters := sending.test(mailing, person, now=now):
        flash(
            ngettext(
                "%(num)s test letter is on its way to %(address)s.",
                "%(num)s test letters are on their way to %(address)s.",
                letters,
                address=person.email,
            ),
            "success",
        )
    else:
        flash(_("You have no address of your own to send it to."), "error")
    return redirect(url_for(".send", mailing_id=mailing.id), 303)


def _page(scope: Scope, mailing: Mailing) -> str:
    now = clock.now()
    slot = service.slot_of(scope, mailing.slot_id)
    counted = recipients.counts(scope, from_kept(mailing.chosen), mailing.kind, now)
    lacking = sending.missing(mailing, slot, counted.reached, now)
    person = service.writer(acting(scope))
    written = complete(mailing.texts)
    readable = not {Missing.TEXT, Missing.FAULTS, Missing.SLOT} & set(lacking)
    shown = (
        [say_in(code, mailing.texts, person, person.section.name, slot) for code in written]
        if readable
        else []
    )
    by_language: dict[str, int] = defaultdict(int)
    for locale, number in counted.by_locale.items() if written else ():
        by_language[read_in(mailing.texts, locale)] += number
    return render_template(
        "mailings/send.html",
        mailing=mailing,
        counted=counted,
        by_language=by_language,
        missing=[words.missing_words(one) for one in lacking],
        shown=shown,
        reply_to=reply_to(mailing),
        address=person.email,
        steps_to=steps(mailing),
        own_name=own_name,
        words=words,
    )
