"""Changing or cancelling only one slot of a series, or those that follow too, as was chosen."""

from collections.abc import Callable, Iterable
from datetime import datetime

from brigades.schedule import following, series, slots
from brigades.schedule.forms import SlotForm
from brigades.schedule.likewise import Hindered, Why
from brigades.schedule.models import Slot
from brigades.schedule.series_forms import ReachForm
from brigades.schedule.series_words import hindered


def form_for(slot: Slot | None) -> ReachForm | None:
    """The fields that ask which ones are meant; None for a slot that is in no series."""
    return ReachForm() if slot is not None and slot.series_id is not None else None


def change(
    slot: Slot,
    write: Callable[[], object],
    *,
    keep_over: bool,
    sure: bool,
    also: Iterable[int] = (),
    by: int,
    now: datetime,
) -> bool:
    """Run ``write`` on the slot, and do the same to those that follow where that was chosen.

    Returns whether anything changed. Raises what ``write`` raises, and Hindered. ``sure``: it was
    ticked that dates are meant which rarely are. ``also``: people whom ``write`` locks besides.
    """
    form = form_for(slot)
    if form is None or not form.follows:
        return bool(write())
    done = False

    def first() -> None:
        nonlocal done
        done = bool(write())

    followed = following.together(
        slot,
        first,
        shift_odd=bool(form.odd.data),
        keep_over=keep_over,
        sure=sure,
        also=also,
        by=by,
        now=now,
    )
    return done or followed > 0


def say(form: SlotForm, stop: Hindered) -> None:
    """Say in the form of the slot why nothing was changed, and offer the tick where one helps."""
    if stop.why is Why.DOUBTFUL:
        form.ask([hindered(stop)])
    else:
        form.form_errors.append(hindered(stop))


def cancel(slot: Slot, *, by: int, now: datetime, why: str) -> None:
    """Cancel the slot, and those that follow where that was chosen; everyone concerned is told."""
    form = form_for(slot)
    if form is not None and form.follows:
        series.cancel_from(slot, by=by, now=now, why=why)
    else:
        slots.cancel(slot.id, by=by, now=now, why=why)
