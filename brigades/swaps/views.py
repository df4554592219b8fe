"""Pages of swaps: what is open, one of them; choosing whom to ask and the answer by mail beside."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from brigades import clock
from brigades.access import Can, Scope, acting
from brigades.schedule import open_swaps, swaps
from brigades.schedule.open_swaps import Asked
from brigades.swaps import answer_views, choose_views
from brigades.swaps.blueprint import bp, say_done, say_nothing_changed, stands, why_fallen
from brigades.swaps.forms import DecideForm
from brigades.web import get_or_404, needs

__all__ = ["answer_views", "bp", "choose_views"]


@bp.get("/swaps")
@needs(Can.SIGNED_IN)
def index(scope: Scope) -> str:
    """What waits for the reader's answer or approval, and what they asked themselves."""
    now = clock.now()
    runs = scope.may(Can.RUN_SHIFTS) or scope.may(Can.RUN_TRAININGS)
    return render_template(
        "swaps/index.html",
        own=open_swaps.of_person(acting(scope), now),
        to_decide=open_swaps.to_decide(scope, now) if runs else [],
        runs=runs,
        reader=acting(scope),
        stands=stands,
    )


@bp.get("/swaps/<int:swap_id>")
@needs(Can.SIGNED_IN)
def show(scope: Scope, swap_id: int) -> str:
    """Both places, where the question stands, and what the reader can do about it."""
    return _page(scope, _found(scope, swap_id), DecideForm())


@bp.post("/swaps/<int:swap_id>/answer")
@needs(Can.SIGNED_IN)
def answer(scope: Scope, swap_id: int) -> Any:
    """Say yes or no to what somebody asked."""
    asked = _found(scope, swap_id)
    if not asked.is_asked(scope.person_id):
        return get_or_404(None)
    accept = {"yes": True, "no": False}.get(request.form.get("accept", ""))
    if accept is None:
        return _page(scope, asked, DecideForm()), 422
    try:
        swap = swaps.answer(swap_id, accept, now=clock.now())
    except swaps.NoSwap as refused:
        return _refused(scope, swap_id, refused)
    if accept:
        say_done(swap.state)
    else:
        flash(_("You have said no. Your place stays yours."), "info")
    return _back(swap_id)


@bp.post("/swaps/<int:swap_id>/withdraw")
@needs(Can.SIGNED_IN)
def withdraw(scope: Scope, swap_id: int) -> Any:
    """Take a question back."""
    asked = _found(scope, swap_id)
    if not asked.is_asker(scope.person_id):
        return get_or_404(None)
    try:
        swaps.withdraw(swap_id, now=clock.now())
    except swaps.NoSwap as refused:
        say_nothing_changed(refused)
    else:
        flash(_("You took the question back. Your place stays yours."), "info")
    return _back(swap_id)


@bp.post("/swaps/<int:swap_id>/decide")
@needs(Can.SIGNED_IN, form=True)
def decide(scope: Scope, swap_id: int) -> Any:
    """Approve a swap that both agreed to, or say no with a reason that both are told."""
    asked = _found(scope, swap_id)
    if not asked.decides(scope):
        return get_or_404(None)
    form = DecideForm()
    approve = {"yes": True, "no": False}.get(request.form.get("accept", ""))
    if not form.validate_on_submit() or approve is None or (not approve and not form.reason.data):
        if approve is False and not form.reason.data:
            form.reason.errors = [_("Say why not. Both of them read it.")]
        return _page(scope, asked, form), 422
    why = form.reason.data or ""
    try:
        swaps.decide(swap_id, approve, by=acting(scope), now=clock.now(), why=why)
    except swaps.NoSwap as refused:
        return _refused(scope, swap_id, refused)
    if approve:
        flash(_("Approved. Both of them get a mail now."), "success")
    else:
        flash(_("Not approved. Both of them get a mail now."), "info")
    return _back(swap_id)


def _found(scope: Scope, swap_id: int) -> Asked:
    """A swap for one of the two, or for whom it is to approve."""
    asked = get_or_404(open_swaps.find(swap_id, clock.now()))
    mine = asked.is_asker(scope.person_id) or asked.is_asked(scope.person_id)
    return get_or_404(asked if mine or asked.decides(scope) else None)


def _page(scope: Scope, asked: Asked, form: DecideForm, refused: swaps.NoSwap | None = None) -> str:
    return render_template(
        "swaps/show.html",
        asked=asked,
        swap=asked.swap,
        form=form,
        refused=refused,
        asker=asked.is_asker(scope.person_id),
        to_answer=asked.is_asked(scope.person_id),
        decides=asked.decides(scope),
        stands=stands,
        why_fallen=why_fallen,
    )


def _refused(scope: Scope, swap_id: int, refused: swaps.NoSwap) -> Any:
    """The page with what stands against it; what was answered before is only said."""
    if refused.answered or refused.fallen is not None:
        say_nothing_changed(refused)
        return _back(swap_id)
    return _page(scope, _found(scope, swap_id), DecideForm(), refused), 422


def _back(swap_id: int) -> Any:
    return redirect(url_for("swaps.show", swap_id=swap_id), 303)
