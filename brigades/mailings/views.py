"""Pages of mailings: the list, and how far one has come; choosing, writing and sending beside."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from brigades import clock
from brigades.access import Can, Scope, acting
from brigades.mailings import (
    choose_views,
    copying,
    holding,
    progress,
    recipients,
    send_views,
    service,
    text_views,
    words,
)
from brigades.mailings.blueprint import ONE, bp, found, under_way
from brigades.mailings.chosen import from_kept
from brigades.mailings.models import Mailing, Stage
from brigades.mailings.progress import DONE, Far
from brigades.mailings.recipients import LeftOut
from brigades.mailings.rules import complete
from brigades.outbox import reasons
from brigades.paging import paged
from brigades.web import needs

__all__ = ["bp", "choose_views", "send_views", "text_views"]


@bp.get("/mailings")
@needs(Can.WRITE_MAILINGS)
def index(scope: Scope) -> str:
    """The mailings of one's sections, newest first, with how far each has come."""
    ask = progress.Asked(
        q=request.args.get("q", "").strip()[:200], stage=request.args.get("stage", "")[:32]
    )
    now = clock.now()
    page = paged(progress.listed(scope, ask))
    far = progress.far([mailing.id for mailing in page.items], now)
    return render_template(
        "mailings/index.html",
        page=page,
        ask=ask,
        far={mailing.id: far.get(mailing.id, Far()) for mailing in page.items},
        stages=words.stages(),
        stage_of=progress.stage_of,
        words=words,
    )


@bp.get(ONE)
@needs(Can.WRITE_MAILINGS)
def show(scope: Scope, mailing_id: int) -> Any:
    """How far a mailing has come; a draft opens where it is to be gone on with."""
    mailing = found(scope, mailing_id)
    if mailing.stage is Stage.DRAFT:
        return redirect(url_for(f".{_next_step(mailing)}", mailing_id=mailing.id))
    now = clock.now()
    far = progress.far([mailing.id], now).get(mailing.id, Far())
    stage = progress.stage_of(mailing, far)
    return render_template(
        "mailings/show.html",
        mailing=mailing,
        far=far,
        stage=stage,
        look_again=_look_again(far) if stage == Stage.SENDING else None,
        done=stage == DONE,
        failed=progress.failed(scope, mailing.id) if far.failed or far.doubtful else [],
        written=complete(mailing.texts),
        words=words,
        reasons=reasons,
    )


def _look_again(far: Far) -> int | None:
    """After how many seconds a page is out of date; None where nothing moves before morning."""
    if far.waiting > far.later:
        return 4
    return 60 if far.waiting else None


def _next_step(mailing: Mailing) -> str:
    if complete(mailing.texts):
        return "send"
    return "text" if mailing.texts else "people"


@bp.post(f"{ONE}/pause")
@needs(Can.WRITE_MAILINGS)
def pause(scope: Scope, mailing_id: int) -> Any:
    """Hold back what has not left yet."""
    mailing = found(scope, mailing_id)
    if holding.pause(mailing.id, by=acting(scope), now=clock.now()):
        flash(_("Paused. What waits goes out when you let it go on."), "success")
    else:
        flash(_("This mailing is not under way. Nothing was changed."), "info")
    return redirect(url_for(".show", mailing_id=mailing_id), 303)


@bp.post(f"{ONE}/resume")
@needs(Can.WRITE_MAILINGS)
def resume(scope: Scope, mailing_id: int) -> Any:
    """Let what was held back go on."""
    mailing = found(scope, mailing_id)
    if holding.resume(mailing.id, by=acting(scope), now=clock.now()):
        flash(_("The mailing goes on."), "success")
    else:
        flash(_("This mailing is not paused. Nothing was changed."), "info")
    return redirect(url_for(".show", mailing_id=mailing_id), 303)


@bp.get(f"{ONE}/stop")
@needs(Can.WRITE_MAILINGS)
def ask_stop(scope: Scope, mailing_id: int) -> Any:
    """Ask before what waits is dropped for good."""
    mailing = found(scope, mailing_id)
    if mailing.stage not in (Stage.SENDING, Stage.PAUSED):
        return redirect(url_for(".show", mailing_id=mailing.id))
    far = progress.far([mailing.id], clock.now()).get(mailing.id, Far())
    return render_template("mailings/stop.html", mailing=mailing, far=far)


@bp.post(f"{ONE}/stop")
@needs(Can.WRITE_MAILINGS)
def stop(scope: Scope, mailing_id: int) -> Any:
    """Drop what waits, for good."""
    mailing = found(scope, mailing_id)
    stopped = holding.stop(mailing.id, by=acting(scope), now=clock.now())
    if stopped is None:
        flash(_("This mailing is not under way. Nothing was changed."), "info")
    else:
        text = ngettext(
            "Stopped. %(num)s letter will not be sent.",
            "Stopped. %(num)s letters will not be sent.",
            stopped.dropped,
        )
        flash(text, "success")
        if stopped.in_hand:
            text = ngettext(
                "%(num)s letter was just being sent: it may have arrived, or still will.",
                "%(num)s letters were just being sent: they may have arrived, or still will.",
                stopped.in_hand,
            )
            flash(text, "info")
    return redirect(url_for(".show", mailing_id=mailing_id), 303)


@bp.post(f"{ONE}/copy")
@needs(Can.WRITE_MAILINGS)
def copy(scope: Scope, mailing_id: int) -> Any:
    """A new draft to the same filters with the same text; of a stopped one to who lacks it."""
    mailing, now = found(scope, mailing_id), clock.now()
    made = copying.copy(mailing, by=acting(scope), now=now)
    if mailing.stage is Stage.STOPPED:
        counted = recipients.counts(scope, from_kept(made.chosen), made.kind, now)
        text = ngettext(
            "This is a copy. It goes to the %(num)s person who has not got the first one yet.",
            "This is a copy. It goes to the %(num)s people who have not got the first one yet.",
            counted.reached,
        )
        if doubtful := counted.left_out.get(LeftOut.MAY_HAVE_IT):
            text += " " + ngettext(
                "%(num)s person may have got it and is left out, unless you tick that below.",
                "%(num)s people may have got it and are left out, unless you tick that below.",
                doubtful,
            )
    else:
        text = _("This is a copy. It goes to everybody who fits, also to those who got the first.")
    flash(text, "info")
    return redirect(url_for(".people", mailing_id=made.id), 303)


@bp.post(f"{ONE}/discard")
@needs(Can.WRITE_MAILINGS)
def discard(scope: Scope, mailing_id: int) -> Any:
    """Throw a draft away."""
    try:
        service.discard(found(scope, mailing_id).id, by=acting(scope), now=clock.now())
    except service.UnderWay:
        flash(under_way(), "info")
        return redirect(url_for(".show", mailing_id=mailing_id), 303)
    flash(_("The draft is thrown away."), "success")
    return redirect(url_for(".index"), 303)
