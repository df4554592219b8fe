"""Asking once more where a slot's dates are rarely meant: publishing it, and saving a draft."""

from datetime import datetime
from typing import Any

from flask import flash, render_template, request

from brigades.schedule.models import Slot, Status
from brigades.schedule.rules.series import Placed
from brigades.schedule.terms_form import doubt_words


def times(slot: Slot | Placed) -> tuple[datetime, datetime]:
    """Start and end, to be compared with later ones."""
    return slot.starts_at, slot.ends_at


def warn(slot: Slot | Placed, now: datetime) -> None:
    """Say after saving a draft what makes one doubt its dates; only its staff sees it yet."""
    for sentence in doubt_words(slot.starts_at, slot.ends_at, now):
        flash(sentence, "warning")


def ask_to_publish(slot: Slot, address: str, now: datetime) -> Any:
    """The page that asks whether the dates are meant; None where they are, or it was ticked."""
    unsure = doubt_words(slot.starts_at, slot.ends_at, now)
    if not unsure or slot.status is not Status.DRAFT or request.form.get("sure"):
        return None
    page = render_template("schedule/publish.html", slot=slot, unsure=unsure, address=address)
    return page, 422
