"""Choosing whom to ask for a swap, and asking."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from brigades import clock
from brigades.access import Can, Scope
from brigades.asking import MOST_ID, as_day, as_id
from brigades.schedule import swap_partners, swaps
from brigades.schedule.models import Participation, Status
from brigades.schedule.states import State
from brigades.schedule.swap_partners import Wanted
from brigades.swaps.blueprint import bp, say_nothing_changed
from brigades.web import get_or_404, needs


@bp.get("/places/<int:place_id>/swap")
@needs(Can.TAKE_PART)
def choose(scope: Scope, place_id: int) -> Any:
    """The places that the reader's could be swapped for, and those for which it cannot."""
    mine = _mine(scope, place_id)
    return _page(scope, mine) if _can_swap(mine) else _not_now(mine)


@bp.post("/places/<int:place_id>/swap")
@needs(Can.TAKE_PART)
def ask(scope: Scope, place_id: int) -> Any:
    """Ask the holder of one of these places; a second click asks nothing more."""
    mine, now = _mine(scope, place_id), clock.now()
    theirs_id = get_or_404(as_id(request.form.get("theirs")))
    if not _can_swap(mine):
        return _not_now(mine)
    if not swap_partners.can_be_asked(scope, mine, theirs_id, now):
        flash(_("This place cannot be swapped for any more. Nothing was changed."), "info")
        return redirect(url_for("swaps.choose", place_id=mine.id), 303)
    try:
        swap = swaps.ask(mine.id, theirs_id, now=now)
    except swaps.NoSwap as refused:
        if refused.answered or refused.fallen is not None:
            say_nothing_changed(refused)
            return redirect(url_for("swaps.choose", place_id=mine.id), 303)
        return _page(scope, _mine(scope, place_id), refused), 422
    if swap.mine_id == mine.id:
        flash(_("Asked. They get a mail, and you hear what they say."), "success")
    else:
        flash(_("They have asked you the same already. You can say yes here."), "info")
    return redirect(url_for("swaps.show", swap_id=swap.id), 303)


def _mine(scope: Scope, place_id: int) -> Participation:
    found = swap_partners.my_place(place_id, scope.person_id) if place_id <= MOST_ID else None
    return get_or_404(found)


def _can_swap(mine: Participation) -> bool:
    slot = mine.slot
    ahead = slot.status is Status.PUBLISHED and slot.starts_at > clock.now()
    return ahead and mine.state is State.CONFIRMED


def _not_now(mine: Participation) -> Any:
    flash(_("Only a confirmed place in something to come can be swapped."), "info")
    if mine.slot.type == "session":
        return redirect(url_for("trainings.show", session_id=mine.slot_id), 303)
    return redirect(url_for("shifts.show", shift_id=mine.slot_id), 303)


def _page(scope: Scope, mine: Participation, refused: swaps.NoSwap | None = None) -> str:
    wanted = Wanted(
        q=request.args.get("q", "").replace("\x00", "").strip()[:200],
        since=as_day(request.args.get("since", "")),
    )
    return render_template(
        "swaps/choose.html",
        mine=mine,
        shown=swap_partners.partners(scope, mine, wanted, clock.now()),
        wanted=wanted,
        refused=refused,
    )
