"""Refusals said aloud: what was judged, and what would remove it. Every sentence is translated."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from brigades.people.languages import language_name
from brigades.people.skills import label
from brigades.people.words import level_words
from brigades.schedule.rules import Code, Commitment, Refusal
from brigades.texts import day_words, moment_words, number_words


@dataclass(frozen=True)
class Said:
    """A refusal in words. ``remedy`` is empty where nothing would help."""

    code: str
    blocks: bool
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.what} {self.remedy}".strip()


def say(refusal: Refusal) -> Said:
    """The refusal as sentences in the reader's language."""
    what, remedy = _WORDS[refusal.code](refusal)
    return Said(refusal.code.value, refusal.blocks, what, remedy)


def _at(instant: datetime, other: Commitment) -> str:
    return moment_words(instant, other.zone)


def _other(refusal: Refusal) -> dict[str, str]:
    other = refusal.other
    assert other is not None
    return {
        "title": other.title,
        "start": _at(other.starts_at, other),
        "end": _at(other.ends_at, other),
    }


def _skill(refusal: Refusal) -> tuple[str, str]:
    return (
        _("This place asks for %(skill)s.", skill=label(refusal.skill)),
        _("It opens once the skill stands in the profile."),
    )


def _language(refusal: Refusal) -> tuple[str, str]:
    name = language_name(refusal.language)
    if refusal.level is None:
        return (
            _("This place asks for %(language)s.", language=name),
            _("It opens once the language stands in the profile."),
        )
    return (
        _(
            "This place asks for %(language)s at %(level)s.",
            language=name,
            level=level_words(refusal.level),
        ),
        _("It opens once the language stands in the profile."),
    )


def _level(refusal: Refusal) -> tuple[str, str]:
    return (
        _(
            "%(language)s is %(has)s in the profile, this place asks for %(level)s.",
            language=language_name(refusal.language),
            has=level_words(refusal.has),
            level=level_words(refusal.level),
        ),
        _("A coordinator can correct the level."),
    )


def _expires(refusal: Refusal) -> tuple[str, str]:
    if refusal.months:
        return _past_end(refusal)
    return (
        _(
            "%(kind)s is valid until %(on)s, this ends on %(until)s.",
            kind=refusal.kind,
            **_in_time(refusal),
        ),
        _("A renewed certificate removes this."),
    )


def _in_time(refusal: Refusal) -> dict[str, str]:
    """How long a paper is valid, until when the slot goes, and how much longer it must hold."""
    assert refusal.on is not None and refusal.until is not None
    return {"on": day_words(refusal.on), "until": day_words(refusal.until)}


def _past_end(refusal: Refusal) -> tuple[str, str]:
    return (
        ngettext(
            "%(kind)s is valid until %(on)s; it must hold %(num)s month longer than this, "
            "which ends on %(until)s.",
            "%(kind)s is valid until %(on)s; it must hold %(num)s months longer than this, "
            "which ends on %(until)s.",
            refusal.months,
            kind=refusal.kind,
            **_in_time(refusal),
        ),
        _("A renewed certificate removes this."),
    )


def _age(refusal: Refusal) -> dict[str, str]:
    assert refusal.on is not None
    return {"age": number_words(refusal.age), "day": day_words(refusal.on)}


def _day_of(refusal: Refusal) -> str:
    assert refusal.on is not None
    return day_words(refusal.on)


def _hours(value: float) -> str:
    """Down, never up: a minute short must not read as all of what the rule asks."""
    return number_words(math.floor(value * 10) / 10)


def _more_hours(value: float) -> str:
    """Up, never down: a minute too many must not read as what the rule allows."""
    return number_words(math.ceil(value * 10) / 10)


def _signup_closed(refusal: Refusal) -> tuple[str, str]:
    assert refusal.on is not None
    return (
        _("Sign-up closed on %(day)s.", day=day_words(refusal.on)),
        _("Your coordinator can still add you."),
    )


_WORDS: dict[Code, Callable[[Refusal], tuple[str, str]]] = {
    Code.NOT_OPEN: lambda r: (
        _("This is still a draft."),
        _("It opens once it is published."),
    ),
    Code.CANCELLED: lambda r: (_("This was cancelled."), ""),
    Code.ASSIGNED_ONLY: lambda r: (
        _("Places here are given by the coordinator."),
        _("Write to your coordinator if you would like to come."),
    ),
    Code.SIGNUP_CLOSED: _signup_closed,
    Code.OVER: lambda r: (_("This is over."), ""),
    Code.STARTED: lambda r: (
        _("This has already started."),
        _("Your coordinator can still add you."),
    ),
    Code.PAST: lambda r: (
        _("Its start is in the past, so nobody could take part any more."),
        _("Change the dates, then it can be published."),
    ),
    Code.TOO_EARLY: lambda r: (_("This has not started yet."), _("Come back when it starts.")),
    Code.NO_PLACE: lambda r: (
        _("This was answered or given up before, nothing was changed."),
        _("The page shows how it stands now."),
    ),
    Code.CAME: lambda r: (
        _("It is written down that they came."),
        _("Take that back in the attendance first, then they can be taken off."),
    ),
    Code.UNDER_WAY: lambda r: (
        _("This has already started, so no place is given up here any more."),
        _("Tell whoever leads it, or your coordinator."),
    ),
    Code.NOT_ACTIVE: lambda r: (
        _("The membership is not active."),
        _("The section coordinator can make it active again."),
    ),
    Code.ALREADY_IN: lambda r: (_("Already in this one."), ""),
    Code.FULL: lambda r: (
        _("All places are taken and there is no waiting list."),
        _("It opens again when somebody leaves."),
    ),
    Code.SKILL_MISSING: _skill,
    Code.LANGUAGE_MISSING: _language,
    Code.LEVEL_TOO_LOW: _level,
    Code.QUALIFICATION_MISSING: lambda r: (
        _("This place asks for: %(kind)s.", kind=r.kind),
        _("A training that grants it, or a certificate in the profile, removes this."),
    ),
    Code.QUALIFICATION_UNVERIFIED: lambda r: (
        _("%(kind)s has not been checked by anybody yet.", kind=r.kind),
        _("The section coordinator checks it."),
    ),
    Code.QUALIFICATION_EXPIRES: _expires,
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
            day=_day_of(r),
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
    Code.ON_LEAVE: lambda r: (
        _("The membership is on leave."),
        _("The section coordinator can make it active again."),
    ),
    Code.SAFEGUARDING_MISSING: lambda r: (
        _("Work with children asks for a safeguarding check, and none is known."),
        _("The section coordinator records the check once they have seen it."),
    ),
    Code.SAFEGUARDING_UNVERIFIED: lambda r: (
        _("The safeguarding check has not been looked at by anybody yet."),
        _("The section coordinator checks it."),
    ),
    Code.SAFEGUARDING_EXPIRES: lambda r: (
        _(
            "The safeguarding check is valid until %(on)s, this ends on %(until)s.",
            **_in_time(r),
        ),
        _("A new check removes this."),
    ),
    Code.AGE_UNKNOWN: lambda r: (
        _(
            "This asks for an age of %(least)s, and no date of birth is known.",
            least=number_words(r.least_age),
        ),
        _("It opens once the date of birth stands in the profile."),
    ),
    Code.TOO_YOUNG: lambda r: (
        _(
            "Aged %(age)s on %(day)s; this asks for an age of %(least)s.",
            least=number_words(r.least_age),
            **_age(r),
        ),
        "",
    ),
    Code.GUARDIAN: lambda r: (
        _("Aged %(age)s on %(day)s, and no guardian has agreed yet.", **_age(r)),
        _("The section coordinator records the guardian's consent."),
    ),
    Code.UNAVAILABLE: lambda r: (
        _("%(day)s is outside the days that the profile says are possible.", day=_day_of(r)),
        _("Changing the days in the profile removes this."),
    ),
}
