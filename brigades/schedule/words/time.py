"""Refusals said aloud: what else takes somebody's time, and how much rest it leaves."""

import math

from flask_babel import gettext as _

from brigades.schedule.rules import Code, Refusal
from brigades.schedule.words.parts import Words, day_of
from brigades.texts import moment_words, number_words


def _other(refusal: Refusal) -> dict[str, str]:
    other = refusal.other
    assert other is not None
    return {
        "title": other.title,
        "start": moment_words(other.starts_at, other.zone),
        "end": moment_words(other.ends_at, other.zone),
    }


def _hours(value: float) -> str:
    """Down, never up: a minute short must not read as all of what the rule asks."""
    return number_words(math.floor(value * 10) / 10)


def _more_hours(value: float) -> str:
    """Up, never down: a minute too many must not read as what the rule allows."""
    return number_words(math.ceil(value * 10) / 10)


WORDS: Words = {
    Code.UNAVAILABLE: lambda r: (
        _("%(day)s is outside the days that the profile says are possible.", day=day_of(r)),
        _("Changing the days in the profile removes this."),
    ),
    Code.OVERLAP: lambda r: (
        _("Overlaps %(title)s, %(start)s to %(end)s.", **_other(r)),
        _("Leaving that one removes this."),
    ),
    Code.REST: lambda r: (
        _(
            "Only %(hours)s h of rest beside %(title)s, %(start)s to %(end)s; "
            "the rule asks for %(limit)s h.",
            hours=_hours(r.hours),
            limit=number_words(r.limit),
            **_other(r),
        ),
        _("Leaving that one removes this."),
    ),
    Code.STRETCH: lambda r: (
        _(
            "Together with %(title)s, %(start)s to %(end)s, %(hours)s h of duty without a break; "
            "the rule allows %(limit)s h, so that a rest fits into the day.",
            hours=_more_hours(r.hours),
            limit=number_words(r.limit),
            **_other(r),
        ),
        _("Leaving that one removes this."),
    ),
    Code.WEEK: lambda r: (
        _(
            "%(hours)s h of duty in the seven days from %(day)s on, with %(title)s among them; "
            "the rule allows %(limit)s h.",
            hours=_more_hours(r.hours),
            limit=number_words(r.limit),
            day=day_of(r),
            title=_other(r)["title"],
        ),
        _("Leaving another one in these days removes this."),
    ),
    Code.WEEKLY_REST: lambda r: (
        _(
            "From %(title)s on, %(start)s, the longest rest is %(hours)s h; "
            "once in seven days the rule asks for %(limit)s h.",
            hours=_hours(r.hours),
            limit=number_words(r.limit),
            title=_other(r)["title"],
            start=_other(r)["start"],
        ),
        _("Leaving another one in these days removes this."),
    ),
}
