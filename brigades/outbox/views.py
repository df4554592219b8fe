"""Pages of letters: what was sent, to whom, what waits, what failed and why."""

import logging
from pathlib import Path
from typing import Any, cast

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from flask_babel import ngettext

from brigades import clock
from brigades.access import Can, Scope, acting
from brigades.asking import as_id
from brigades.db import session
from brigades.glances import Quiet
from brigades.outbox import mailboxes, reasons, words
from brigades.outbox.letters_page import exporting, listing, resending
from brigades.outbox.letters_page.preview import preview
from brigades.outbox.standstill import banner
from brigades.paging import paged
from brigades.web import get_or_404, needs

log = logging.getLogger(__name__)

bp = Blueprint("outbox", __name__)

LARGEST_ID = 2**31 - 1  # what the database's column holds
ONE = f"/letters/<int(max={LARGEST_ID}):letter_id>"


@bp.record_once
def _add_banner(state: BlueprintSetupState) -> None:
    state.app.extensions["banners"].append(kept_as_files)
    banner.init_app(cast(Flask, state.app))


def kept_as_files() -> Quiet | None:
    """Says on every page that no mail leaves this installation, where that is so."""
    if current_app.config["MAIL_URL"]:
        return None
    folder = f"{Path(current_app.config['INSTANCE_PATH']).name}/letters"
    return Quiet(
        short=_("No mail goes out"),
        text=_(
            "Mail is not sent from here. Letters are kept as files in the folder %(folder)s.",
            folder=folder,
        ),
    )


@bp.get("/letters")
@needs(Can.SEE_LETTERS)
def index(scope: Scope) -> str:
    """The letters within the scope, newest first."""
    ask = _asked()
    page = paged(listing.letters(scope, ask))
    zones = listing.zones_of(page.items)
    return render_template(
        "outbox/index.html",
        page=page,
        ask=ask,
        standing=listing.standing(scope, ask),
        bouncing=mailboxes.bouncing(letter.to_address for letter in page.items),
        key=mailboxes.key,
        zones={letter.id: listing.zone_of(zones, letter) for letter in page.items},
        names=words.names(),
        fates=words.fates(),
        words=words,
        reasons=reasons,
    )


def _asked() -> listing.Ask:
    """What the address asks for; anything odd asks for nothing."""
    return listing.Ask(
        q=request.args.get("q", "").strip()[:200],
        fate=request.args.get("fate", ""),
        name=request.args.get("name", ""),
        mailing_id=as_id(request.args.get("mailing")),
        back=request.args.get("back") == "1",
    )


@bp.get("/letters.csv")
@needs(Can.SEE_LETTERS)
def export_csv(scope: Scope) -> Response:
    """The letters that the list would show, over its pages."""
    return exporting.as_csv(scope, _asked())


@bp.get("/letters.xlsx")
@needs(Can.SEE_LETTERS)
def export_xlsx(scope: Scope) -> Response:
    """The same as a workbook."""
    return exporting.as_xlsx(scope, _asked())


@bp.post("/letters/again")
@needs(Can.SEE_LETTERS)
def all_again(scope: Scope) -> Any:
    """Try every failed letter once more that fits what the address asks for."""
    ask = _asked()
    sent = resending.all_again(scope, ask, by=acting(scope), now=clock.now())
    if sent:
        flash(
            ngettext(
                "%(num)s letter will be tried again.", "%(num)s letters will be tried again.", sent
            ),
            "success",
        )
    else:
        flash(_("No letter that fits has failed. Nothing was changed."), "info")
    return redirect(url_for(".index", **(ask.address | {"fate": ""})), 303)


@bp.get(ONE)
@needs(Can.SEE_LETTERS)
def show(scope: Scope, letter_id: int) -> str:
    """One letter: what became of it, and its text with what is secret covered."""
    shown = get_or_404(listing.shown(scope, letter_id))
    letter = shown.letter
    session.expunge(letter)
    written, broken = None, ""
    try:  # last of all: a failing statement ends the page's transaction
        written = preview(letter, clock.now())
    except Exception as error:  # whatever keeps the letter from being written, this page says it
        log.warning("letter %s cannot be shown: %s", letter.id, error)
        broken = f"{type(error).__name__}: {error}"
    return render_template(
        "outbox/show.html",
        letter=letter,
        zone=shown.zone,
        box=shown.box,
        written=written,
        broken=broken,
        words=words,
        reasons=reasons,
    )


@bp.post(f"{ONE}/again")
@needs(Can.SEE_LETTERS)
def again(scope: Scope, letter_id: int) -> Any:
    """Try a failed letter once more."""
    get_or_404(listing.letter_of(scope, letter_id))
    if resending.again(scope, letter_id, by=acting(scope), now=clock.now()):
        flash(_("The letter will be tried again within a minute."), "success")
    else:
        flash(_("This letter has not failed. Nothing was changed."), "info")
    return redirect(url_for(".show", letter_id=letter_id), 303)
