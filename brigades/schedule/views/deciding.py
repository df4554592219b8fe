"""What a coordinator does with a place that somebody has or asked for.

The same for every kind of slot; each kind adds these pages to its blueprint.
"""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template
from flask_babel import gettext as _

from brigades import clock
from brigades.access import Scope, acting
from brigades.schedule import by_hand, finding, requests
from brigades.schedule import service as schedule
from brigades.schedule.judging import judge
from brigades.schedule.models import Participation, Slot
from brigades.schedule.reason_forms import OverrideForm, ReasonForm
from brigades.schedule.rules import Code, Refusal
from brigades.schedule.states import LIVE, State
from brigades.schedule.views.blueprint import Kind, only
from brigades.schedule.words import say
from brigades.web import get_or_404, needs


def add_to(kind: Kind) -> None:
    """Give a kind of slot these pages."""
    place_at = f"{kind.address}/<int:slot_id>/places/<int:place_id>"

    def found(scope: Scope, slot_id: int, place_id: int) -> tuple[Slot, Participation]:
        slot = get_or_404(kind.find_to_run(scope, slot_id))
        return slot, get_or_404(finding.place_in(slot.id, place_id))

    @kind.bp.post(f"{place_at}/confirm")
    @needs(kind.run)
    def confirm(scope: Scope, slot_id: int, place_id: int) -> Any:
        """Accept an offer on somebody's behalf."""
        slot, place = found(scope, slot_id, place_id)
        done = _("%(name)s has the place and gets a mail now.", name=place.person.name)
        return _by_hand(kind, by_hand.confirm, scope, slot, place, done)

    @kind.bp.post(f"{place_at}/promote")
    @needs(kind.run)
    def promote(scope: Scope, slot_id: int, place_id: int) -> Any:
        """Offer a free place to somebody who waits."""
        slot, place = found(scope, slot_id, place_id)
        if slot.starts_at <= clock.now():
            done = _("%(name)s has the place and gets a mail now.", name=place.person.name)
        else:
            done = _("Offered to %(name)s, who gets a mail now.", name=place.person.name)
        return _by_hand(kind, by_hand.promote, scope, slot, place, done)

    @kind.bp.get(f"{place_at}/remove")
    @needs(kind.run)
    def ask_remove(scope: Scope, slot_id: int, place_id: int) -> Any:
        """Whether somebody is really to be taken off, and what they are told."""
        slot, place = found(scope, slot_id, place_id)
        if place.state not in LIVE:
            return _gone(kind, slot, place)
        if place.state is State.ATTENDED:
            return _stays(kind, slot, place, [Refusal(Code.CAME)])
        return _removing(kind, slot, place, ReasonForm())

    @kind.bp.post(f"{place_at}/remove")
    @needs(kind.run, form=True)
    def remove(scope: Scope, slot_id: int, place_id: int) -> Any:
        """Take somebody off; they are told why, and the place goes on."""
        slot, place = found(scope, slot_id, place_id)
        if place.state not in LIVE:
            return _gone(kind, slot, place)
        form = ReasonForm()
        if not form.validate_on_submit():
            return _removing(kind, slot, place, form), 422
        try:
            schedule.remove(place, by=scope.person_id, now=clock.now(), why=form.said)
        except schedule.Refused as refused:
            if only(refused.reasons, Code.NO_PLACE):
                return _gone(kind, slot, place)
            return _stays(kind, slot, place, refused.reasons)
        flash(_("%(name)s no longer has a place here.", name=place.person.name), "success")
        return redirect(kind.people(slot, place.need_id), 303)

    @kind.bp.get(f"{place_at}/request")
    @needs(kind.run)
    def look_at_request(scope: Scope, slot_id: int, place_id: int) -> Any:
        """Somebody's request, what stands against it, and both answers."""
        slot, place = found(scope, slot_id, place_id)
        if place.state is not State.REQUESTED:
            return _decided(kind, slot, place)
        return _asking(kind, slot, place)

    @kind.bp.post(f"{place_at}/grant")
    @needs(kind.run, form=True)
    def grant(scope: Scope, slot_id: int, place_id: int) -> Any:
        """Give the place that was asked for; over a warning with a reason."""
        slot, place = found(scope, slot_id, place_id)
        form = OverrideForm()
        if not form.validate_on_submit():
            return _asking(kind, slot, place, override=form), 422
        try:
            requests.grant(place, by=acting(scope), now=clock.now(), override=form.said)
        except schedule.Refused as refused:
            if only(refused.reasons, Code.NO_PLACE):
                return _decided(kind, slot, place)
            slot, place = found(scope, slot_id, place_id)  # the lock read it anew, bare
            return _asking(kind, slot, place, refused.reasons, override=form), 422
        if place.state is State.WAITLISTED:
            flash(
                _(
                    "All places are taken. %(name)s is on the waiting list.",
                    name=place.person.name,
                ),
                "warning",
            )
        else:
            name = place.person.name
            flash(_("%(name)s has the place and gets a mail now.", name=name), "success")
        return redirect(kind.people(slot, place.need_id), 303)

    @kind.bp.post(f"{place_at}/decline")
    @needs(kind.run, form=True)
    def decline(scope: Scope, slot_id: int, place_id: int) -> Any:
        """Say no to a request, with a reason that the person is told."""
        slot, place = found(scope, slot_id, place_id)
        form = ReasonForm()
        if not form.validate_on_submit():
            return _asking(kind, slot, place, decline=form), 422
        try:
            requests.decline(place, by=acting(scope), now=clock.now(), why=form.said)
        except schedule.Refused:
            return _decided(kind, slot, place)
        flash(_("Declined. %(name)s gets a mail now.", name=place.person.name), "success")
        return redirect(kind.people(slot, place.need_id), 303)


def _by_hand(
    kind: Kind,
    act: Callable[..., Any],
    scope: Scope,
    slot: Slot,
    place: Participation,
    done: str,
) -> Any:
    try:
        act(place, by=scope.person_id, now=clock.now())
    except schedule.Refused as refused:
        return _stays(kind, slot, place, refused.reasons)
    flash(done, "success")
    return redirect(kind.people(slot, place.need_id), 303)


def _removing(kind: Kind, slot: Slot, place: Participation, form: ReasonForm) -> str:
    return render_template(
        "schedule/remove.html",
        slot=slot,
        place=place,
        form=form,
        back=kind.people(slot, place.need_id),
    )


def _asking(
    kind: Kind,
    slot: Slot,
    place: Participation,
    reasons: list[Refusal] | None = None,
    override: OverrideForm | None = None,
    decline: ReasonForm | None = None,
) -> str:
    """The request as it stands; judged without a lock, granting judges again under it."""
    judged = judge(slot, place.person)
    need = judged.need(place.need_id)
    if reasons is None:
        reasons = judged.against(need, clock.now(), by_self=False)
    return render_template(
        "schedule/request.html",
        slot=slot,
        place=place,
        need=need,
        reasons=reasons,
        blocked=any(reason.blocks for reason in reasons),
        override=override or OverrideForm(),
        form=decline or ReasonForm(),
        back=kind.people(slot, place.need_id),
        own=kind,
    )


def _stays(kind: Kind, slot: Slot, place: Participation, reasons: list[Refusal]) -> Any:
    """Nothing was changed, and why."""
    for reason in reasons:
        flash(f"{place.person.name}: {say(reason)}", "error")
    return redirect(kind.people(slot, place.need_id), 303)


def _gone(kind: Kind, slot: Slot, place: Participation) -> Any:
    flash(_("%(name)s has no place here any more.", name=place.person.name), "info")
    return redirect(kind.people(slot, place.need_id), 303)


def _decided(kind: Kind, slot: Slot, place: Participation) -> Any:
    name = place.person.name
    flash(_("The request of %(name)s is decided already. Nothing was changed.", name=name), "info")
    return redirect(kind.people(slot, place.need_id), 303)
