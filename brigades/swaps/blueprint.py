"""The blueprint of the pages of swaps, and what several of them need."""

from flask import Blueprint, flash
from flask_babel import gettext as _

from brigades.schedule.models import SwapState
from brigades.schedule.open_swaps import Asked
from brigades.schedule.rules.swapping import Fallen
from brigades.schedule.swaps import NoSwap

bp = Blueprint("swaps", __name__)


def why_fallen(fallen: Fallen) -> str:
    """Why a question stands no longer, as a sentence."""
    words: dict[Fallen, str] = {
        Fallen.GIVEN_UP: _("One of the two places is not confirmed any more."),
        Fallen.MOVED: _("The time or the place of one of them has changed since."),
        Fallen.STARTED: _("One of the two has started already."),
        Fallen.CANCELLED: _("One of the two was cancelled."),
    }
    return words[fallen]


def stands(asked: Asked) -> tuple[str, str, str]:
    """Tone, icon and words of where a swap stands, for the macro ``badge``."""
    if asked.fallen is not None:
        return "is-off", "dash-circle", _("Not possible any more")
    words: dict[SwapState, tuple[str, str, str]] = {
        SwapState.ASKED: ("is-call", "hourglass-split", _("Asked")),
        SwapState.AGREED: ("is-wait", "hourglass-split", _("Waits for the coordinator")),
        SwapState.DONE: ("is-ok", "check-circle-fill", _("Swapped")),
        SwapState.DECLINED: ("is-off", "x-lg", _("Declined")),
        SwapState.WITHDRAWN: ("is-off", "dash-circle", _("Withdrawn")),
    }
    return words[asked.swap.state]


def say_done(swap_state: SwapState) -> None:
    """Tell what a yes has led to."""
    if swap_state is SwapState.DONE:
        flash(_("Swapped. Both of you get a mail now."), "success")
    else:
        flash(_("You agreed. The coordinator has to approve it and gets a mail now."), "info")


def say_nothing_changed(refused: NoSwap) -> None:
    """Tell that a question was answered before, or stands no longer."""
    if refused.fallen is not None:
        flash(f"{why_fallen(refused.fallen)} {_('Nothing was changed.')}", "info")
    else:
        flash(_("This was answered before. Nothing was changed."), "info")
