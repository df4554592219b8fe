"""How long until something, said in the reader's language."""

from datetime import date, datetime, timedelta

from babel.dates import format_date, format_timedelta
from babel.lists import format_list
from flask_babel import get_locale
from flask_babel import gettext as _

from brigades.clock import DAY, HOUR, local_day
from brigades.home.coverage import Covered
from brigades.schedule.models import Slot
from brigades.texts import long_day

# Babel moves to the next larger unit from this many on; never, so that 7 days stay 7 days.
NEVER = 10**9


def until(instant: datetime, zone: str, now: datetime) -> str:
    """The way to an instant, such as "in 2 days": whole days on the calendar of its place.

    On the same day, and over a night of less than 12 hours, in hours; within the hour in minutes.
    """
    days = (local_day(instant, zone) - local_day(now, zone)).days
    if days == 1 and instant - now >= 12 * HOUR:
        return str(_("tomorrow"))
    if days > 1:
        return _spelled(timedelta(days=days), "day", direction=True)
    left = max(instant - now, timedelta(minutes=1))
    return _spelled(left, "hour" if left >= HOUR else "minute", direction=True)


def left(instant: datetime, now: datetime) -> str:
    """How much time is left, such as "2 days"; rounded down, so that nobody is late by it."""
    rest = max(instant - now, timedelta(minutes=1))
    if rest >= 2 * DAY:
        return _spelled(timedelta(days=rest // DAY), "day")
    if rest >= HOUR:
        return _spelled(timedelta(hours=rest // HOUR), "hour")
    return _spelled(rest, "minute")


def next_title(slot: Slot, now: datetime) -> str:
    """The head over somebody's next slot."""
    training = slot.type == "session"
    if slot.starts_at <= now:
        return str(_("Your training now") if training else _("Your shift now"))
    when = until(slot.starts_at, slot.zone, now)
    if training:
        return str(_("Your next training, %(when)s", when=when))
    return str(_("Your next shift, %(when)s", when=when))


def weekday_letter(day: date) -> str:
    """The shortest name of a weekday, for under a bar."""
    return format_date(day, "EEEEE", locale=_locale())


def coverage_words(days: list[Covered]) -> str:
    """What the chart of coverage shows, as a sentence for those who do not see it."""
    short = [
        _("%(day)s (%(number)s)", day=long_day(day.day), number=day.short)
        for day in days
        if day.short
    ]
    if not short:
        return str(_("Enough on every day."))
    return str(_("Short on %(days)s.", days=format_list(short, locale=_locale())))


def _spelled(span: timedelta, unit: str, direction: bool = False) -> str:
    return format_timedelta(
        span,
        granularity=unit,  # type: ignore[arg-type]
        threshold=NEVER,
        add_direction=direction,
        locale=_locale(),
    )


def _locale() -> str:
    return str(get_locale() or "en")
