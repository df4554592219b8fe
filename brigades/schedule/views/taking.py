"""What somebody does about their own place: join, leave, answer, step in, come after all.

The same for every kind of slot; each kind adds these pages to its blueprint.
"""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from brigades import clock
from brigades.access import Can, Scope
from brigades.asking import as_id
from brigades.schedule import cover, finding
from brigades.schedule import service as schedule
from brigades.schedule.leaving import free_until, leaves_freely
from brigades.schedule.models import Slot
from brigades.schedule.rules import Code
from brigades.schedule.states import State
from brigades.schedule.views.blueprint import Kind, only, said
from brigades.web import get_or_404, needs

LONGEST = 500  # of what somebody says when they leave


def add_to(kind: Kind) -> None:
    """Give a kind of slot these pages."""
    slot_at = f"{kind.address}/<int:slot_id>"

    @kind.bp.post(f"{slot_at}/join")
    @needs(Can.TAKE_PART)
    def join(scope: Scope, slot_id: int) -> Any:
        """Take a place, wait for one or ask for one, or hear every reason why not."""
        slot = get_or_404(kind.find(scope, slot_id))
        need_id = None
        if request.form.get("need"):
            need_id = get_or_404(as_id(request.form["need"]))
            get_or_404(schedule.need_of(slot.id, need_id))
        try:
            place = schedule.join(slot.id, current_user.person, now=clock.now(), need_id=need_id)
        except schedule.Refused as refused:
            if only(refused.reasons, Code.ALREADY_IN):  # pressed twice
                flash(_("You are in this already. Nothing was changed."), "info")
                return redirect(kind.to(slot), 303)
            return kind.page(scope, slot_id, refused.reasons), 422
        flash(*_joined(place.state))
        return redirect(kind.to(slot), 303)

    @kind.bp.get(f"{slot_at}/leave")
    @needs(Can.TAKE_PART)
    def ask_leave(scope: Scope, slot_id: int) -> Any:
        """What leaving means now, before somebody does."""
        slot = get_or_404(kind.find(scope, slot_id))
        place = finding.live_place(slot.id, current_user.person.id)
        if place is None:
            return _not_in_it(kind, slot)
        return render_template(
            "schedule/leave.html",
            slot=slot,
            place=place,
            freely=leaves_freely(place, slot, clock.now()),
            free_until=free_until(slot),
        )

    @kind.bp.post(f"{slot_at}/leave")
    @needs(Can.TAKE_PART)
    def leave(scope: Scope, slot_id: int) -> Any:
        """Give up a place, the waiting or a request; late, ask for cover."""
        slot = get_or_404(kind.find(scope, slot_id))
        place = finding.live_place(slot.id, current_user.person.id)
        if place is None:
            return _not_in_it(kind, slot)
        was = place.state
        try:
            schedule.leave(place, now=clock.now(), why=reason_given(request.form))
        except schedule.Refused as refused:
            return kind.page(scope, slot_id, refused.reasons), 422
        flash(left(was, place.state), "info")
        # A slot outside the reader's sections is not theirs to see any more.
        seen = kind.find(scope, slot_id) is not None
        return redirect(kind.to(slot) if seen else kind.list(), 303)

    @kind.bp.post(f"{slot_at}/answer")
    @needs(Can.TAKE_PART)
    def answer(scope: Scope, slot_id: int) -> Any:
        """Accept or decline the place that was offered."""
        slot = get_or_404(kind.find(scope, slot_id))
        accept = said(request.form)
        if accept is None:
            return kind.page(scope, slot_id, []), 422
        place = finding.live_place(slot.id, current_user.person.id)
        if place is None or place.state is not State.OFFERED:
            return _no_question(kind, slot)
        try:
            schedule.answer(place, accept, now=clock.now())
        except schedule.Refused as refused:
            if only(refused.reasons, Code.NO_PLACE):  # answered at the same moment, or too late
                return _no_question(kind, slot)
            return kind.page(scope, slot_id, refused.reasons), 422
        flash(answered(accept), "success")
        return redirect(kind.to(slot), 303)

    @kind.bp.post(f"{slot_at}/cover")
    @needs(Can.TAKE_PART)
    def step_in(scope: Scope, slot_id: int) -> Any:
        """Take over a place whose holder cannot come, or say no."""
        slot = get_or_404(kind.find(scope, slot_id))
        accept = said(request.form)
        if accept is None:
            return kind.page(scope, slot_id, []), 422
        ask = finding.my_ask(slot.id, current_user.person.id)
        if ask is None:
            return _no_question(kind, slot)
        try:
            cover.answer_ask(ask, accept, now=clock.now())
        except schedule.Refused as refused:
            if only(refused.reasons, Code.NO_PLACE):  # taken at the same moment
                return _no_question(kind, slot)
            return kind.page(scope, slot_id, refused.reasons), 422
        flash(answered(accept), "success")
        return redirect(kind.to(slot), 303)

    @kind.bp.post(f"{slot_at}/come")
    @needs(Can.TAKE_PART)
    def come_after_all(scope: Scope, slot_id: int) -> Any:
        """Take back that one cannot come."""
        slot = get_or_404(kind.find(scope, slot_id))
        place = finding.live_place(slot.id, current_user.person.id)
        if place is None:
            return _not_in_it(kind, slot)
        try:
            cover.come_after_all(place, now=clock.now())
        except schedule.Refused:
            return _no_question(kind, slot)
        flash(back_again(), "success")
        return redirect(kind.to(slot), 303)


def answered(accept: bool) -> str:
    """What an answer led to."""
    if accept:
        return str(_("You have a place."))
    return str(_("You have said no. Thank you for answering."))


def back_again() -> str:
    """What coming after all led to."""
    return str(_("Good that you can come. Nobody is asked any more."))


def reason_given(form: Mapping[str, str]) -> str:
    """What somebody said of why they leave; cut where it is longer than the field allows."""
    return form.get("why", "").replace("\x00", "").strip()[:LONGEST]


def _joined(state: State) -> tuple[str, str]:
    if state is State.WAITLISTED:
        return _("You are on the waiting list. We write to you when a place is yours."), "info"
    if state is State.REQUESTED:
        return _("You have asked for a place. We write to you when it is decided."), "info"
    return _("You have a place."), "success"


def left(was: State, state: State) -> str:
    """What leaving led to: the place, the waiting or a request is given up, or cover is sought."""
    if state is State.SEEKING_COVER:
        return str(_("We ask people who fit to take your place. It is yours until one does."))
    if state is State.DECLINED:
        return answered(accept=False)
    if was is State.WAITLISTED:
        return str(_("You have left the waiting list."))
    if was is State.REQUESTED:
        return str(_("You have taken your request back."))
    return str(_("You gave your place up. Thank you for telling us in time."))


def _not_in_it(kind: Kind, slot: Slot) -> Any:
    flash(_("You are not in this. Nothing was changed."), "info")
    return redirect(kind.to(slot), 303)


def _no_question(kind: Kind, slot: Slot) -> Any:
    flash(_("There is no open question to you here any more. Nothing was changed."), "info")
    return redirect(kind.to(slot), 303)
