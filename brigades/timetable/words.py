"""What the schedule says of its days, in the reader's language."""

from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from brigades.clock import Wall, zone_to_show
from brigades.texts import (
    day_words,
    month_words,
    offset_words,
    short_day,
    time_words,
    weekday_short,
)
from brigades.timetable.asked import Rows, Which
from brigades.timetable.board import Gap
from brigades.timetable.rules import Span, View


def span_words(span: Span, whole_month: bool, today: date) -> str:
    """The days of a page: one, from one to another, or a month. This year goes without saying."""
    first, last = span.days[0].day, span.days[-1].day
    if whole_month:
        return month_words(first)
    if first == last:
        return day_words(first)
    said = short_day if first.year == last.year == today.year else day_words
    return str(_("%(first)s to %(last)s", first=said(first), last=said(last)))


def short_words(gaps: list[Gap], cut: bool) -> str:
    """How much is short in all, such as "10 places short in 9 shifts"."""
    slots = {gap.slot.id: gap.slot.type for gap in gaps}
    places = sum(gap.short for gap in gaps)
    short = ngettext("%(num)s place short", "%(num)s places short", places)
    if "session" not in slots.values():
        among = ngettext("%(num)s shift", "%(num)s shifts", len(slots))
    elif "shift" not in slots.values():
        among = ngettext("%(num)s training", "%(num)s trainings", len(slots))
    else:
        among = _("%(num)s shifts and trainings", num=len(slots))
    if cut:
        return str(_("More than %(places)s in %(slots)s", places=short, slots=among))
    return str(_("%(places)s in %(slots)s", places=short, slots=among))


def view_words() -> list[tuple[View, str]]:
    """The views in order, each with its name."""
    return [
        (View.DAY, _("Day")),
        (View.WEEK, _("Week")),
        (View.MONTH, _("Month")),
        (View.TIMELINE, _("Timeline")),
    ]


def step_words(view: View, long: bool) -> tuple[str, str]:
    """What going back and going on is called."""
    if view is View.DAY:
        return _("A day earlier"), _("A day later")
    if view is View.WEEK:
        return _("A week earlier"), _("A week later")
    if view is View.MONTH or long:
        return _("A month earlier"), _("A month later")
    return _("Two weeks earlier"), _("Two weeks later")


def which_words(staff: bool) -> tuple[tuple[str, str], ...]:
    """The states to filter by."""
    known = [
        (Which.GAPS, _("Only gaps")),
        (Which.OPEN, _("Places free")),
        (Which.FULL, _("Full")),
    ]
    if staff:
        known.append((Which.DRAFT, _("Drafts")))
    return tuple((which.value, text) for which, text in known)


def rows_words() -> list[tuple[str, str]]:
    """What a timeline is grouped by."""
    return [(Rows.PLACE.value, _("Place")), (Rows.SKILL.value, _("Skill"))]


def at_words(wall: Wall, day: date | None) -> str:
    """A time on the wall; with its day where that is not ``day``, by its weekday where near."""
    on = wall.local.date()
    if on == day:
        return time_words(wall)
    near = day is not None and abs((on - day).days) < 6
    said = weekday_short(on) if near else short_day(on)
    # NOTE: a day and a time, such as "Fri 22:00" or "Fri 28 Mar 22:00"
    return str(_("%(day)s %(time)s", day=said, time=time_words(wall)))


def other_clock(name: str, page_zone: str, starts_at: datetime, ends_at: datetime) -> str:
    """The offset of a zone whose clocks show another time than the page's, such as "UTC+3"."""
    if name == page_zone:
        return ""
    there, here = zone_to_show(name), zone_to_show(page_zone)
    moments = (starts_at, ends_at)
    if all(
        one.astimezone(there).utcoffset() == one.astimezone(here).utcoffset() for one in moments
    ):
        return ""
    return offset_words(name, starts_at)
