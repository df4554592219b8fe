"""Asking once more where a slot's dates are rarely meant: publishing it, and saving a draft."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import flash, render_template, request

from brigades.schedule import slots
from brigades.schedule.models import Slot, Status
from brigades.schedule.moves import Refused
from brigades.schedule.rules import Code, Refusal
from brigades.schedule.rules.series import Placed
from brigades.schedule.terms_form import doubt_words


def times(slot: Slot | Placed) -> tuple[datetime, datetime]:
    """Start and end, to be compared with later ones."""
    return slot.starts_at, slot.ends_at


def warn(slot: Slot | Placed, now: datetime) -> None:
    """Say after saving a draft what makes one doubt its dates; only its staff sees it yet."""
    for sentence in doubt_words(slot.starts_at, slot.ends_at, now):
        flash(sentence, "warning")


def publish_or_ask(slot: Slot, address: str, *, by: int, now: datetime) -> Any:
    """Publish a draft: None where that is done, else the page that asks whether dates are meant.

    Or, where its start is past, the one that says why it cannot be published.
    """
    unsure = doubt_words(slot.starts_at, slot.ends_at, now)
    if slot.status is Status.DRAFT and unsure and not request.form.get("sure"):
        return _asking(slot, address, now, unsure=unsure)
    try:
        slots.publish(slot.id, by=by, now=now)
    except Refused as refused:
        return _asking(slot, address, now, reasons=refused.reasons)
    return None


def _asking(
    slot: Slot,
    address: str,
    now: datetime,
    *,
    unsure: Sequence[str] = (),
    reasons: Sequence[Refusal] = (),
) -> Any:
    if not reasons and slot.starts_at <= now:
        reasons = [Refusal(Code.PAST)]
    page = render_template(
        "schedule/publish.html", slot=slot, unsure=unsure, reasons=reasons, address=address
    )
    return page, 422
