"""Series said aloud: how often, until when, what is odd about a day, why a later one hinders."""

from datetime import date, timedelta

from babel.dates import get_day_names
from babel.lists import format_list
from flask_babel import gettext as _
from flask_babel import ngettext

from brigades.clock import Trouble
from brigades.reader import language
from brigades.schedule.in_series import InSeries
from brigades.schedule.likewise import Hindered, Why
from brigades.schedule.rules.series import Every, Pattern, Placed
from brigades.texts import day_words, time_words


def weekday_names(locale: str) -> dict[int, str]:
    """Weekdays by ISO number, Monday first, in a language."""
    names = get_day_names("wide", context="stand-alone", locale=locale)
    return {number + 1: names[number] for number in range(7)}


def rhythm(pattern: Pattern) -> str:
    """How often, such as "every Monday" or "every 2 weeks on Monday and Thursday"."""
    text: str
    if pattern.every is Every.DAY:
        text = ngettext("every day", "every %(num)s days", pattern.step)
        return text
    names = weekday_names(language())
    chosen = [names[number] for number in sorted(pattern.weekdays)]
    if len(chosen) == 1 and pattern.step == 1:
        text = _("every %(weekday)s", weekday=chosen[0])
        return text
    listed = format_list(chosen, locale=language())
    text = ngettext(
        "every week on %(weekdays)s",
        "every %(num)s weeks on %(weekdays)s",
        pattern.step,
        weekdays=listed,
    )
    return text


def in_series(one: InSeries) -> str:
    """Where a slot stands, such as "2 of 4, every Monday until Mon, 2 Nov 2026"."""
    text: str = _(
        "%(number)s of %(total)s, %(rhythm)s until %(day)s",
        number=one.number,
        total=one.of,
        rhythm=rhythm(one.pattern),
        day=day_words(one.last),
    )
    return text


def oddities(at: Placed) -> list[str]:
    """What is odd about wall times, and what they become; one sentence each."""
    said: list[str] = []
    for trouble, wanted, became in zip(at.troubles, at.wanted, (at.starts, at.ends), strict=True):
        given = {"wanted": time_words(wanted), "time": time_words(became)}
        if trouble is Trouble.SKIPPED:
            said.append(
                _(
                    "The clocks go forward and %(wanted)s does not exist. If you keep this day, "
                    "it becomes %(time)s.",
                    **given,
                )
            )
        elif trouble is Trouble.TWICE:
            said.append(
                _(
                    "The clocks go back and show %(wanted)s twice. If you keep this day, it is "
                    "the first of the two.",
                    **given,
                )
            )
    if not at.possible:
        said.append(_("It would end before it starts, so it is left out."))
    return said


def hindered(stop: Hindered) -> str:
    """Why nothing was changed: which later slot hinders, and what would help."""
    given = {
        "title": stop.title,
        "day": day_words(stop.day),
        "time": time_words(stop.wall) if stop.wall else "",
    }
    text: str
    if stop.why is Why.SKIPPED:
        text = _(
            "Nothing was changed. %(title)s on %(day)s would get %(time)s, which the clocks skip "
            "that night. Tick below that the next time is taken, or change only this one.",
            **given,
        )
    elif stop.why is Why.TWICE:
        text = _(
            "Nothing was changed. %(title)s on %(day)s would get %(time)s, which the clocks show "
            "twice that night. Tick below that the first is taken, or change only this one.",
            **given,
        )
    elif stop.why is Why.STILL_USED:
        text = _(
            "Nothing was changed. At %(title)s on %(day)s people have signed up for a place that "
            "you removed. Set its most to 0 instead.",
            **given,
        )
    elif stop.why is Why.TOO_FEW:
        text = _(
            "Nothing was changed. At %(title)s on %(day)s more people hold a place than there "
            "would be. Take somebody off there first.",
            **given,
        )
    elif stop.why is Why.NO_ZONE:
        text = _(
            "Nothing was changed. %(title)s on %(day)s has no time zone. Give it one first.",
            **given,
        )
    elif stop.why is Why.DOUBTFUL:
        text = _(
            "Nothing was changed. %(title)s would be on %(day)s, in the past, or last more than "
            "14 days.",
            **given,
        )
    else:
        text = _(
            "Nothing was changed. %(title)s on %(day)s would end before it starts.",
            **given,
        )
    return text


def week_words(first: date) -> str:
    """A week from its Monday to its Sunday."""
    text: str = _(
        "%(first)s to %(last)s",
        first=day_words(first),
        last=day_words(first + timedelta(days=6)),
    )
    return text
