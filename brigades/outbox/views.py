"""Pages of letters: what was sent, to whom, what waits, what failed and why."""

import logging
from pathlib import Path
from typing import Any, cast

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _

from brigades import clock
from brigades.access import Can, Scope
from brigades.asking import as_id
from brigades.db import session
from brigades.outbox import shelf, still, words
from brigades.outbox.models import Letter
from brigades.outbox.preview import preview
from brigades.web import get_or_404, needs, paged

log = logging.getLogger(__name__)

bp = Blueprint("outbox", __name__)

LARGEST_ID = 2**31 - 1  # what the database's column holds
ONE = f"/letters/<int(max={LARGEST_ID}):letter_id>"


@bp.record_once
def _add_banner(state: BlueprintSetupState) -> None:
    state.app.extensions["banners"].append(kept_as_files)
    still.init_app(cast(Flask, state.app))


def kept_as_files() -> str | None:
    """Says on every page that no mail leaves this installation, where that is so."""
    if current_app.config["MAIL_URL"]:
        return None
    folder = f"{Path(current_app.config['INSTANCE_PATH']).name}/letters"
    says: str = _(
        "Mail is not sent from here. Letters are kept as files in the folder %(folder)s.",
        folder=folder,
    )
    return says


@bp.get("/letters")
@needs(Can.SEE_LETTERS)
def index(scope: Scope) -> str:
    """The letters within the scope, newest first."""
    ask = shelf.Ask(
        q=request.args.get("q", "").strip()[:200],
        fate=request.args.get("fate", ""),
        name=request.args.get("name", ""),
        mailing_id=as_id(request.args.get("mailing")),
    )
    page = paged(shelf.letters(scope, ask))
    zones = shelf.zones_of(page.items)
    return render_template(
        "outbox/index.html",
        page=page,
        ask=ask,
        zones={letter.id: _zone(zones, letter) for letter in page.items},
        names=words.names(),
        fates=words.fates(),
        words=words,
    )


@bp.get(ONE)
@needs(Can.SEE_LETTERS)
def show(scope: Scope, letter_id: int) -> str:
    """One letter: what became of it, and its text with what is secret covered."""
    letter = get_or_404(shelf.letter_of(scope, letter_id))
    zones = shelf.zones_of([letter])
    session.expunge(letter)
    written, broken = None, ""
    try:
        with session.begin_nested():  # a failing statement must not end the page's transaction
            written = preview(letter, clock.now())
    except Exception as error:  # whatever keeps the letter from being written, this page says it
        log.warning("letter %s cannot be shown: %s", letter.id, error)
        broken = f"{type(error).__name__}: {error}"
    return render_template(
        "outbox/show.html",
        letter=letter,
        zone=_zone(zones, letter),
        written=written,
        broken=broken,
        words=words,
    )


@bp.post(f"{ONE}/again")
@needs(Can.SEE_LETTERS)
def again(scope: Scope, letter_id: int) -> Any:
    """Try a failed letter once more."""
    letter = get_or_404(shelf.letter_of(scope, letter_id))
    assert scope.person_id is not None
    if shelf.again(letter, by=scope.person_id, now=clock.now()):
        flash(_("The letter will be tried again within a minute."), "success")
    else:
        flash(_("This letter has not failed. Nothing was changed."), "info")
    return redirect(url_for(".show", letter_id=letter_id), 303)


def _zone(zones: dict[int | None, str], letter: Letter) -> str:
    """The zone in which a letter's times are shown; UTC where its section has no good one."""
    name = zones.get(letter.section_id, "UTC")
    try:
        clock.zone(name)
    except ValueError:
        return "UTC"
    return name
